import { civilDate, dayNumber } from '../../text/civil-date.ts'

/**
 * Milliseconds since the epoch as RFC 3339 text in UTC with one-second resolution: `2025-07-03T14:00:00Z`.
 */
export function formatTimestamp(wallMs: number): string {
  const seconds = Math.floor(wallMs / 1000)
  const clock = ((seconds % 86_400) + 86_400) % 86_400
  const hours = Math.floor(clock / 3600)
  const minutes = Math.floor(clock / 60) % 60
  return `${formatDay(Math.floor(seconds / 86_400))}T${pad(hours)}:${pad(minutes)}:${pad(clock % 60)}Z`
}

/** The same with microseconds, as Lease times have: `2025-07-03T14:00:00.000000Z`. */
export function formatMicroTime(wallMs: number): string {
  const microseconds = Math.floor((wallMs - Math.floor(wallMs / 1000) * 1000) * 1000)
  return `${formatTimestamp(wallMs).slice(0, -1)}.${String(microseconds).padStart(6, '0')}Z`
}

/** RFC 3339 text in UTC to milliseconds since the epoch; NaN when it is not such text. */
export function parseTimestamp(text: string): number {
  const match = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(\.\d+)?Z$/.exec(text)
  if (match === null) return Number.NaN
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  const fraction = match[7] === undefined ? 0 : Number(match[7]) * 1000
  return ((dayNumber({ year, month, day }) * 24 + hour) * 60 + minute) * 60_000 + second * 1000 + fraction
}

/** `YYYY-MM-DD` of a number of days since 1970-01-01. */
function formatDay(days: number): string {
  const { year, month, day } = civilDate(days)
  return `${year}-${pad(month)}-${pad(day)}`
}

function pad(value: number): string {
  return String(value).padStart(2, '0')
}
