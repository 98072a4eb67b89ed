import { setup } from 'xstate'

/*
 * One leadership in an election by lease, as client-go plays it: renew every retry period, give up when a renewal has failed
 * for the renew deadline, release on the way out. It begins when an attempt to take the lease has succeeded; how a candidate
 * polls until then is no state of its own (see leader-election.ts): most candidates do nothing else for ever.
 *
 *   renewing ⇄ holding
 *      │ deadlineExpires
 *      ▼
 *    lost          any ──cancel──▶ stopped
 *
 * Source: k8s.io/client-go tools/leaderelection/leaderelection.go (Run, renew, release).
 */

/** What the machine makes its owner do. */
export interface LeadershipActions {
  /** Tries to renew the lease; answers with `attemptSucceeds` or `attemptFails`, later. */
  attempt(): void
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
  /** What was seen of the lease no longer counts: the candidate polls as a stranger. */
  beginAnew(): void
}

type LeadershipEvent =
  | { readonly type: 'timerExpires' }
  | { readonly type: 'deadlineExpires' }
  | { readonly type: 'attemptSucceeds' }
  | { readonly type: 'attemptFails' }
  | { readonly type: 'cancel' }

interface LeadershipContext {
  readonly owner: LeadershipActions
}

type Arguments = { context: LeadershipContext }

export const leadershipMachine = setup({
  types: { context: {} as LeadershipContext, events: {} as LeadershipEvent, input: {} as LeadershipContext },
  actions: {
    attempt: ({ context }: Arguments) => context.owner.attempt(),
    startRetryTimer: ({ context }: Arguments) => context.owner.startRetryTimer(),
    startDeadline: ({ context }: Arguments) => context.owner.startDeadline(),
    stopDeadline: ({ context }: Arguments) => context.owner.stopDeadline(),
    startLeading: ({ context }: Arguments) => context.owner.startLeading(),
    stopLeading: ({ context }: Arguments) => context.owner.stopLeading(),
    release: ({ context }: Arguments) => context.owner.release(),
    stopTimers: ({ context }: Arguments) => context.owner.stopTimers(),
    beginAnew: ({ context }: Arguments) => context.owner.beginAnew(),
  },
}).createMachine({
  id: 'leadership',
  context: ({ input }) => input,
  initial: 'leading',
  states: {
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
            deadlineExpires: { target: '#leadership.lost' },
          },
        },
        holding: { entry: 'startRetryTimer', on: { timerExpires: { target: 'renewing' } } },
      },
    },
    lost: { entry: ['stopTimers', 'release', 'stopLeading', 'beginAnew'], type: 'final' },
    stopped: { type: 'final' },
  },
})
