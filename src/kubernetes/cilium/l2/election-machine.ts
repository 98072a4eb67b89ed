import { setup } from 'xstate'

/*
 * One candidate's part in an election by lease, as client-go plays it: poll until the lease can be taken, renew it every
 * retry period, give up when a renewal has failed for the renew deadline, release on the way out, begin again.
 *
 *   polling ──attemptSucceeds──▶ leading.renewing ⇄ leading.holding
 *      ▲                              │ deadlineExpires
 *      └──────────── lost ◀───────────┘
 *   any ──cancel──▶ stopped
 *
 * Source: k8s.io/client-go tools/leaderelection/leaderelection.go (Run, acquire, renew, release).
 */

/** What the machine makes its owner do. */
export interface ElectionActions {
  /** Tries to take or renew the lease; answers with `attemptSucceeds` or `attemptFails`, later. */
  attempt(): void
  /** The next attempt to take it, after the retry period and a jitter of up to 1.2 of it. */
  startPollTimer(): void
  /** The next attempt to renew it, after the retry period. */
  startRetryTimer(): void
  /** The renewal must succeed before the renew deadline. */
  startDeadline(): void
  stopDeadline(): void
  /** The candidate leads: it may announce. */
  startLeading(): void
  stopLeading(): void
  /** Empties the lease if it is still this candidate's. */
  release(): void
  /** No attempt may answer any more. */
  stopTimers(): void
  /** What was seen of the lease no longer counts: the next election begins as a stranger. */
  forget(): void
}

type ElectionEvent =
  | { readonly type: 'timerExpires' }
  | { readonly type: 'deadlineExpires' }
  | { readonly type: 'attemptSucceeds' }
  | { readonly type: 'attemptFails' }
  | { readonly type: 'cancel' }

interface ElectionContext {
  readonly owner: ElectionActions
}

type Arguments = { context: ElectionContext }

export const electionMachine = setup({
  types: { context: {} as ElectionContext, events: {} as ElectionEvent, input: {} as ElectionContext },
  actions: {
    attempt: ({ context }: Arguments) => context.owner.attempt(),
    startPollTimer: ({ context }: Arguments) => context.owner.startPollTimer(),
    startRetryTimer: ({ context }: Arguments) => context.owner.startRetryTimer(),
    startDeadline: ({ context }: Arguments) => context.owner.startDeadline(),
    stopDeadline: ({ context }: Arguments) => context.owner.stopDeadline(),
    startLeading: ({ context }: Arguments) => context.owner.startLeading(),
    stopLeading: ({ context }: Arguments) => context.owner.stopLeading(),
    release: ({ context }: Arguments) => context.owner.release(),
    stopTimers: ({ context }: Arguments) => context.owner.stopTimers(),
    forget: ({ context }: Arguments) => context.owner.forget(),
  },
}).createMachine({
  id: 'lease-election',
  context: ({ input }) => input,
  initial: 'polling',
  states: {
    polling: {
      entry: 'attempt',
      on: {
        attemptFails: { actions: 'startPollTimer' },
        timerExpires: { actions: 'attempt' },
        attemptSucceeds: { target: 'leading' },
        cancel: { target: 'stopped', actions: 'stopTimers' },
      },
    },
    leading: {
      entry: 'startLeading',
      initial: 'renewing',
      on: {
        // the lease is emptied before the announcements end
        cancel: { target: 'stopped', actions: ['stopTimers', 'release', 'stopLeading'] },
      },
      states: {
        renewing: {
          entry: ['startDeadline', 'attempt'],
          exit: 'stopDeadline',
          on: {
            attemptSucceeds: { target: 'holding' },
            attemptFails: { actions: 'startRetryTimer' },
            timerExpires: { actions: 'attempt' },
            deadlineExpires: { target: '#lease-election.lost' },
          },
        },
        holding: { entry: 'startRetryTimer', on: { timerExpires: { target: 'renewing' } } },
      },
    },
    lost: { entry: ['stopTimers', 'release', 'stopLeading', 'forget'], always: { target: 'polling' } },
    stopped: { type: 'final' },
  },
})
