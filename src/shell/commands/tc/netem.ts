import type { NetemSettings } from '../../../link/netem.ts'

/** Words that real netem knows and that are not simulated. */
const UNMODELLED = ['limit', 'distribution', 'rate', 'slot', 'ecn', 'seed']

/** Words with one chance behind them, and tc's name for a wrong one. */
const CHANCES = {
  loss: ['lossPercent', 'loss percent'],
  drop: ['lossPercent', 'loss percent'],
  duplicate: ['duplicatePercent', 'duplicate'],
  reorder: ['reorderPercent', 'reorder'],
  corrupt: ['corruptPercent', 'corrupt'],
} as const

/**
 * Reads the words after `netem`; a text says what is wrong or not modelled. What is not named is left out.
 * Source: iproute2 tc/q_netem.c (netem_parse_opt).
 */
export function parseNetem(words: readonly string[]): Partial<NetemSettings> | string {
  const settings: { -readonly [Key in keyof NetemSettings]?: number } = {}
  for (let at = 0; at < words.length; ) {
    const word = words[at]!
    if (word === 'delay' || word === 'latency') {
      const delayNs = parseTimeNs(words[at + 1])
      if (delayNs === undefined) return 'Illegal "latency"'
      const jitterNs = parseTimeNs(words[at + 2])
      Object.assign(settings, { delayNs, jitterNs: jitterNs ?? 0 })
      at += jitterNs === undefined ? 2 : 3
    } else if (word in CHANCES) {
      const [key, name] = CHANCES[word as keyof typeof CHANCES]
      const percentAt = key === 'lossPercent' && words[at + 1] === 'random' ? at + 2 : at + 1
      const percent = parsePercent(words[percentAt])
      if (percent === undefined) return `Illegal "${name}"`
      settings[key] = percent
      at = percentAt + 1
    } else if (word === 'gap') {
      const gap = Number(words[at + 1])
      if (!Number.isInteger(gap) || gap < 0) return 'Illegal "gap"'
      settings.gap = gap
      at += 2
    } else if (UNMODELLED.includes(word) || /%$/.test(word)) return `tc: "netem … ${word}" is not modelled by drylab`
    else return `What is "${word}"?`
  }
  if (settings.reorderPercent !== undefined && settings.gap === undefined) settings.gap = 1
  if (settings.reorderPercent !== undefined && !settings.delayNs)
    return 'reordering not possible without specifying some delay'
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
