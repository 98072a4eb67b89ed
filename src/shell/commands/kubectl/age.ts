import { parseTimestamp } from '../../../kubernetes/api/timestamp.ts'
import { parseDurationNs } from '../../../text/duration.ts'

/**
 * A span as kubectl's AGE column shows it: `104s`, `5m3s`, `42m`, `3h5m`, `46h`, `2d22h`, `12d`.
 * Source: k8s.io/apimachinery pkg/util/duration/duration.go `HumanDuration`.
 */
export function formatHumanDuration(spanMs: number): string {
  const seconds = Math.trunc(spanMs / 1000)
  if (seconds < -1) return '<invalid>'
  if (seconds < 0) return '0s'
  if (seconds < 120) return `${seconds}s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 10) return pair(minutes, 'm', seconds % 60, 's')
  if (minutes < 180) return `${minutes}m`
  const hours = Math.floor(minutes / 60)
  if (hours < 8) return pair(hours, 'h', minutes % 60, 'm')
  if (hours < 48) return `${hours}h`
  const days = Math.floor(hours / 24)
  if (hours < 192) return pair(days, 'd', hours % 24, 'h')
  if (hours < 24 * 365 * 2) return `${days}d`
  const years = Math.floor(days / 365)
  return hours < 24 * 365 * 8 ? pair(years, 'y', days % 365, 'd') : `${years}y`
}

/** Age of an object; `<unknown>` without a time. */
export function formatAge(timestamp: string | undefined, wallMs: number): string {
  return timestamp === undefined ? '<unknown>' : formatHumanDuration(wallMs - parseTimestamp(timestamp))
}

function pair(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large}${largeUnit}` : `${large}${largeUnit}${small}${smallUnit}`
}

/** Parses Go's duration text (`90s`, `1m30s`, `500ms`, `1h`); nanoseconds, undefined when it is not one. */
export function parseGoDuration(text: string): number | undefined {
  if (text === '0') return 0
  const body = text.replace(/^[+-]/, '')
  // days and bare numbers are not Go's
  const spanNs = /^[\d.]*$|d/.test(body) ? undefined : parseDurationNs(body)
  return spanNs === undefined || !text.startsWith('-') ? spanNs : -spanNs
}
