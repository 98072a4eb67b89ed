import type { JournalEntry } from '../sim/journal.ts'
import type { MarkKind } from './mark.ts'

/** What a line of the journal says on the time bar. */
interface JournalMark {
  readonly kind: MarkKind
  readonly text: string
}

/** Kinds of the journal that are marks as they stand. Neighbours are looked at by `NeighborMarks`. */
const MARKS: Readonly<Record<string, (detail: JournalEntry['detail']) => JournalMark>> = {
  'bgp.session': ({ peer, state, reason }) => ({
    kind: 'session',
    text: `BGP ${peer} ${state}${reason === undefined || reason === '' ? '' : `: ${reason}`}`,
  }),
  'bfd.session': ({ peer, state }) => ({ kind: 'session', text: `BFD ${peer} ${state}` }),
  'interface.state': ({ interface: device, state }) => ({ kind: 'carrier', text: `${device} ${state}` }),
  'link.up': () => ({ kind: 'carrier', text: 'link mended' }),
  'link.down': () => ({ kind: 'carrier', text: 'link broken' }),
  'link.impaired': ({ interface: device, settings }) => ({ kind: 'carrier', text: `${device}: ${settings}` }),
  'route.flush': ({ interface: device, routes }) => ({ kind: 'routing', text: `- ${routes} by ${device}` }),
  'node.down': () => ({ kind: 'node', text: 'died' }),
  'node.up': () => ({ kind: 'node', text: 'started' }),
  'daemon.down': ({ daemon }) => ({ kind: 'node', text: `${daemon} killed` }),
  'daemon.up': ({ daemon }) => ({ kind: 'node', text: `${daemon} started` }),
  'router.start': ({ dialect, version }) => ({ kind: 'node', text: `${dialect} ${versionText(version)} started` }),
  'gobgp.start': ({ asn }) => ({ kind: 'node', text: `gobgpd started, AS ${asn}` }),
  'apiserver.unreachable': () => ({ kind: 'node', text: 'parted from the API server' }),
  'apiserver.reachable': () => ({ kind: 'node', text: 'reaches the API server again' }),
  'kubernetes.node-silent': () => ({ kind: 'node', text: 'not heard of: NotReady' }),
  'kubernetes.pod-started': ({ pod, address }) => ({ kind: 'pod', text: `${pod} started, ${address}` }),
  'kubernetes.pod-stopped': ({ pod }) => ({ kind: 'pod', text: `${pod} stopped` }),
  'kubernetes.container-failed': ({ pod, error }) => ({ kind: 'pod', text: `${pod} failed: ${error}` }),
}

/** 804 is 8.4. */
function versionText(version: string | number | boolean | undefined): string {
  return typeof version === 'number' ? `${Math.floor(version / 100)}.${version % 100}` : String(version)
}

/** Undefined for lines that are no news for the time bar. */
export function journalMark({ kind, detail }: JournalEntry): JournalMark | undefined {
  return MARKS[kind]?.(detail)
}

/** Tells which changes of neighbour entries are news: an address resolved, moved to another MAC, failed or removed. */
export class NeighborMarks {
  /** MAC by node, device and address. */
  readonly #known = new Map<string, string>()

  /** Undefined when the entry only aged or was confirmed. */
  markOf({ node, detail: { interface: device, address, state, mac } }: JournalEntry): string | undefined {
    const key = `${node} ${device} ${address}`
    const before = this.#known.get(key)
    const now = String(mac ?? '')
    if (state === 'FAILED' || state === 'removed') {
      this.#known.delete(key)
      if (before === undefined && state === 'removed') return undefined
      return `${address} ${device} ${state === 'FAILED' ? 'does not answer' : 'forgotten'}`
    }
    if (now === '' || now === before) return undefined
    this.#known.set(key, now)
    return before === undefined
      ? `${address} ${device} is at ${now}`
      : `${address} ${device} moved from ${before} to ${now}`
  }
}
