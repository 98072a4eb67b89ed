import { civilDate } from '../../../text/civil-date.ts'

const MINUTE = 60
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const WEEK = 7 * DAY
const YEAR = 365 * DAY

/** A span as FRR prints it (`frrtime_to_interval`, lib/frr_pthread.h): `00:01:02`, `1d02h03m`, `01w0d02h`. */
export function formatSpan(spanNs: number): string {
  const seconds = Math.floor(spanNs / 1e9)
  if (seconds < DAY) {
    return [Math.floor(seconds / HOUR), Math.floor(seconds / MINUTE) % 60, seconds % 60].map(two).join(':')
  }
  const days = Math.floor(seconds / DAY)
  const hours = Math.floor(seconds / HOUR) % 24
  if (seconds < WEEK) return `${days}d${two(hours)}h${two(Math.floor(seconds / MINUTE) % 60)}m`
  return `${two(Math.floor(days / 7))}w${days % 7}d${two(hours)}h`
}

/** The same for BGP peers, which know years (`peer_uptime`, bgpd/bgpd.c). */
export function formatPeerSpan(spanNs: number): string {
  const seconds = Math.floor(spanNs / 1e9)
  if (seconds < YEAR) return formatSpan(spanNs)
  const days = Math.floor(seconds / DAY) % 365
  return `${two(Math.floor(seconds / YEAR))}y${two(Math.floor(days / 7))}w${days % 7}d`
}

const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** ctime(3) without its newline, in UTC: `Mon Nov 23 01:36:15 2026`. */
export function formatClock(wallMs: number): string {
  const days = Math.floor(wallMs / 86_400_000)
  const { year, month, day } = civilDate(days)
  const seconds = Math.floor((wallMs - days * 86_400_000) / 1000)
  const clock = [Math.floor(seconds / HOUR), Math.floor(seconds / MINUTE) % 60, seconds % 60].map(two).join(':')
  return `${WEEKDAYS[(((days + 4) % 7) + 7) % 7]} ${MONTHS[month - 1]} ${String(day).padStart(2)} ${clock} ${year}`
}

function two(value: number): string {
  return String(value).padStart(2, '0')
}
