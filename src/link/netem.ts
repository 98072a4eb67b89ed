import type { Random } from '../sim/random.ts'
import type { EgressDecision, EgressDiscipline } from './port.ts'

/** What the network emulator was told. Times in nanoseconds, chances of 100. */
export interface NetemSettings {
  readonly delayNs: number
  readonly jitterNs: number
  readonly lossPercent: number
  readonly duplicatePercent: number
  /** Chance of leaving at once while the others wait for their delay. */
  readonly reorderPercent: number
  /** With reordering: only every so many frames may leave at once. */
  readonly gap: number
  readonly corruptPercent: number
}

export const NO_IMPAIRMENT: NetemSettings = {
  delayNs: 0,
  jitterNs: 0,
  lossPercent: 0,
  duplicatePercent: 0,
  reorderPercent: 0,
  gap: 0,
  corruptPercent: 0,
}

/**
 * The network emulator on a port's way out: duplicates, losses, corruption, a fixed delay with uniform jitter around it, and
 * frames that leave at once while others wait. All independent. Frames may overtake each other when jitter or reordering
 * says so. Source: Linux net/sched/sch_netem.c (netem_enqueue).
 * Differs from Linux: a corrupted frame has not one wrong bit at a random place; it always fails a checksum at the receiver.
 */
export class Netem implements EgressDiscipline {
  readonly settings: NetemSettings
  readonly #random: Random
  #delayedInRow = 0

  constructor(settings: NetemSettings, random: Random) {
    this.settings = settings
    this.#random = random
  }

  decide(): EgressDecision {
    const { lossPercent, duplicatePercent, corruptPercent } = this.settings
    const isDuplicated = this.#happens(duplicatePercent)
    const isLost = this.#happens(lossPercent)
    if (isLost && !isDuplicated) return { drop: 'netem loss' }
    const isCorrupted = this.#happens(corruptPercent)
    const delayNs = this.#delay()
    const copy = isDuplicated && !isLost ? { duplicateDelayNs: this.#delay() } : {}
    return { delayNs, ...(isCorrupted ? { isCorrupted } : {}), ...copy }
  }

  /** Source: iproute2 tc/q_netem.c (netem_print_opt). */
  describe(): string {
    const { delayNs, jitterNs, lossPercent, duplicatePercent, reorderPercent, corruptPercent, gap } = this.settings
    const percent = (name: string, value: number): string =>
      value === 0 ? '' : ` ${name} ${Number(value.toPrecision(6))}%`
    const delay = delayNs === 0 ? '' : ` delay ${timeText(delayNs)}`
    const jitter = jitterNs === 0 ? '' : `  ${timeText(jitterNs)}`
    const end = reorderPercent === 0 ? '' : ` gap ${gap}`
    return `netem limit 1000${delay}${jitter}${percent('loss', lossPercent)}${percent('duplicate', duplicatePercent)}${percent('reorder', reorderPercent)}${percent('corrupt', corruptPercent)}${end}`
  }

  #delay(): number {
    const { delayNs, jitterNs, reorderPercent, gap } = this.settings
    const waits = reorderPercent === 0 || this.#delayedInRow < gap - 1 || !this.#happens(reorderPercent)
    this.#delayedInRow = waits ? this.#delayedInRow + 1 : 0
    if (!waits) return 0
    const shiftNs = jitterNs === 0 ? 0 : Math.floor((this.#random.float() * 2 - 1) * jitterNs)
    return Math.max(0, delayNs + shiftNs)
  }

  #happens(percent: number): boolean {
    return percent > 0 && this.#random.float() * 100 < percent
  }
}

/** sprint_time of tc: three significant digits in the largest unit that fits. */
function timeText(timeNs: number): string {
  const [scale, unit] =
    timeNs >= 1e9 ? [1e9, 's'] : timeNs >= 1e6 ? [1e6, 'ms'] : timeNs >= 1e3 ? [1e3, 'us'] : [1, 'ns']
  return `${Number((timeNs / (scale as number)).toPrecision(3))}${unit}`
}
