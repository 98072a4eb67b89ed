/**
 * Milliseconds since the epoch as RFC 3339 text in UTC with one-second resolution: `2025-07-03T14:00:00Z`. Computed by
 * hand, since nothing below the command line uses Date.
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
  return ((dayNumber(year, month, day) * 24 + hour) * 60 + minute) * 60_000 + second * 1000 + fraction
}

/** Days since 1970-01-01 of a date of the Gregorian calendar (H. Hinnant, "chrono-compatible low-level date algorithms"). */
function dayNumber(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year
  const era = Math.floor(y / 400)
  const yearOfEra = y - era * 400
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1
  return era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719_468
}

/** The inverse of `dayNumber` as `YYYY-MM-DD`. */
function formatDay(days: number): string {
  const shifted = days + 719_468
  const era = Math.floor(shifted / 146_097)
  const dayOfEra = shifted - era * 146_097
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  )
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const monthIndex = Math.floor((5 * dayOfYear + 2) / 153)
  const month = monthIndex < 10 ? monthIndex + 3 : monthIndex - 9
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  return `${year}-${pad(month)}-${pad(dayOfYear - Math.floor((153 * monthIndex + 2) / 5) + 1)}`
}

function pad(value: number): string {
  return String(value).padStart(2, '0')
}
