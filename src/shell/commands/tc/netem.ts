import type { EgressDiscipline } from '../../../link/port.ts'
import type { Random } from '../../../sim/random.ts'

/** What `netem` was told. */
export interface NetemSettings {
  readonly delayNs: number
  readonly jitterNs: number
  /** Of 100. */
  readonly lossPercent: number
}

/** Words that real netem knows and that are not simulated. */
const UNMODELLED = ['limit', 'distribution', 'corrupt', 'duplicate', 'reorder', 'rate', 'slot', 'ecn', 'gap']

/** Reads the words after `netem`; a text says what is wrong or not modelled. */
export function parseNetem(words: readonly string[]): NetemSettings | string {
  let settings: NetemSettings = { delayNs: 0, jitterNs: 0, lossPercent: 0 }
  for (let at = 0; at < words.length; ) {
    const word = words[at]!
    if (word === 'delay' || word === 'latency') {
      const delayNs = parseTimeNs(words[at + 1])
      if (delayNs === undefined) return 'Illegal "latency"'
      const jitterNs = parseTimeNs(words[at + 2])
      settings = { ...settings, delayNs, jitterNs: jitterNs ?? 0 }
      at += jitterNs === undefined ? 2 : 3
    } else if (word === 'loss' || word === 'drop') {
      const percentAt = words[at + 1] === 'random' ? at + 2 : at + 1
      const lossPercent = parsePercent(words[percentAt])
      if (lossPercent === undefined) return 'Illegal "loss percent"'
      settings = { ...settings, lossPercent }
      at = percentAt + 1
    } else if (UNMODELLED.includes(word) || /%$/.test(word)) return `tc: "netem … ${word}" is not modelled by drylab`
    else return `What is "${word}"?`
  }
  return settings
}

/** A time of tc: `10ms`, `1s`, `500us`; a bare number is microseconds. */
function parseTimeNs(word: string | undefined): number | undefined {
  const match = /^(\d+(?:\.\d+)?)(s|sec|secs|ms|msec|msecs|us|usec|usecs|ns)?$/.exec(word ?? '')
  if (match === null) return undefined
  const unit = match[2] ?? 'us'
  const scale = unit.startsWith('s') ? 1e9 : unit.startsWith('ms') ? 1e6 : unit.startsWith('us') ? 1e3 : 1
  return Math.round(Number(match[1]) * scale)
}

function parsePercent(word: string | undefined): number | undefined {
  const match = /^(\d+(?:\.\d+)?)%?$/.exec(word ?? '')
  return match === null || Number(match[1]) > 100 ? undefined : Number(match[1])
}

/**
 * The network emulator on a port's way out: a fixed delay, uniform jitter around it, independent losses (sch_netem).
 * Frames may overtake each other when the jitter says so, as in Linux.
 */
export class Netem implements EgressDiscipline {
  readonly settings: NetemSettings
  readonly #random: Random

  constructor(settings: NetemSettings, random: Random) {
    this.settings = settings
    this.#random = random
  }

  decide(): { readonly drop: string } | { readonly delayNs: number } {
    const { delayNs, jitterNs, lossPercent } = this.settings
    if (lossPercent > 0 && this.#random.float() * 100 < lossPercent) return { drop: 'netem loss' }
    const shiftNs = jitterNs === 0 ? 0 : Math.floor((this.#random.float() * 2 - 1) * jitterNs)
    return { delayNs: Math.max(0, delayNs + shiftNs) }
  }

  describe(): string {
    const { delayNs, jitterNs, lossPercent } = this.settings
    const delay = delayNs === 0 && jitterNs === 0 ? '' : ` delay ${timeText(delayNs)}`
    const jitter = jitterNs === 0 ? '' : `  ${timeText(jitterNs)}`
    return `netem limit 1000${delay}${jitter}${lossPercent === 0 ? '' : ` loss ${Number(lossPercent.toPrecision(6))}%`}`
  }
}

/** sprint_time of tc: three significant digits in the largest unit that fits. */
function timeText(timeNs: number): string {
  const [scale, unit] =
    timeNs >= 1e9 ? [1e9, 's'] : timeNs >= 1e6 ? [1e6, 'ms'] : timeNs >= 1e3 ? [1e3, 'us'] : [1, 'ns']
  return `${Number((timeNs / (scale as number)).toPrecision(3))}${unit}`
}
