const UNIT_NS: ReadonlyMap<string, number> = new Map([
  ['ns', 1],
  ['us', 1e3],
  ['µs', 1e3],
  ['ms', 1e6],
  ['s', 1e9],
  ['m', 60e9],
  ['h', 3600e9],
  ['d', 86400e9],
])

/**
 * Parses a span as Go and systemd write it: `1m30s`, `120s`, `100ms`, `1.5h`. A bare number is seconds.
 * @returns integer nanoseconds ≥ 0; undefined when the text is not a span
 */
export function parseDurationNs(text: string): number | undefined {
  if (/^\d+(\.\d+)?$/.test(text)) return Math.round(Number(text) * 1e9)
  if (!/^(\d+(\.\d+)?(ns|us|µs|ms|s|m|h|d))+$/.test(text)) return undefined
  let totalNs = 0
  for (const part of text.matchAll(/(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h|d)/g)) {
    totalNs += Number(part[1]) * UNIT_NS.get(part[2]!)!
  }
  return Math.round(totalNs)
}

/**
 * Writes a span the short way, exactly: `1m30s`, `2s`, `1.5s`, `100ms`, `20us`, `0s`. `parseDurationNs` gives it back.
 * @param durationNs integer nanoseconds ≥ 0
 */
export function formatDuration(durationNs: number): string {
  if (durationNs === 0) return '0s'
  if (durationNs < 1e3) return `${durationNs}ns`
  if (durationNs < 1e6) return `${durationNs / 1e3}us`
  if (durationNs < 1e9) return `${durationNs / 1e6}ms`
  const minutes = Math.floor(durationNs / 60e9)
  const seconds = (durationNs - minutes * 60e9) / 1e9
  const hours = Math.floor(minutes / 60)
  const parts = [
    hours > 0 ? `${hours}h` : '',
    minutes % 60 > 0 ? `${minutes % 60}m` : '',
    seconds > 0 ? `${seconds}s` : '',
  ]
  return parts.join('')
}
