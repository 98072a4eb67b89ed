import type { LintContext } from './context.ts'
import { counterpartOf } from './counterpart.ts'
import type { PeerView } from './speaker-view.ts'

/** Sessions that both ends know of, each once per end. */
export function* knownSessions(context: LintContext): Iterable<{ readonly own: PeerView; readonly other: PeerView }> {
  for (const { peers } of context.speakers) {
    for (const own of peers) {
      const found = counterpartOf(context, own)
      if (found.kind === 'peer' && !own.model.shutdown && !found.peer.model.shutdown) yield { own, other: found.peer }
    }
  }
}
