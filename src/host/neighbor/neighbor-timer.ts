import type { Neighbor } from './neighbor.ts'
import { EVENT, STATE } from './neighbor-transitions.ts'

/** Which event the timer of an entry means, by its state and instants (neigh_timer_handler, net/core/neighbour.c). */
export function timerEvent(entry: Neighbor, nowNs: number, reachableTimeNs: number): number {
  const settings = entry.interface.neighborSettings
  const delayNs = 1e9 * settings.delay_first_probe_time
  switch (entry.state) {
    case STATE.reachable:
      if (nowNs < entry.confirmedAtNs + reachableTimeNs) return EVENT.timerFindsConfirmed
      return nowNs <= entry.usedAtNs + delayNs ? EVENT.timerFindsUsed : EVENT.timerFindsIdle
    case STATE.delay:
      // A confirmation at the very instant at which DELAY began is not one that came within it.
      return nowNs < entry.confirmedAtNs + delayNs ? EVENT.timerFindsConfirmed : EVENT.timerFindsUnconfirmed
    default: {
      const broadcasts = entry.state === STATE.probe ? settings.mcast_resolicit : settings.mcast_solicit
      return entry.probes >= settings.ucast_solicit + broadcasts ? EVENT.timerGivesUp : EVENT.timerRetransmits
    }
  }
}
