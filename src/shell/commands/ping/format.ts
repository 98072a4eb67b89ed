import type { IcmpErrorReport } from '../../../host/icmp.ts'
import { formatIpv4 } from '../../../wire/address.ts'

/** A round trip of whole microseconds as ping writes it: three significant decimals at first, none above 100 ms. */
export function roundTripText(microseconds: number): string {
  const t = microseconds
  if (t >= 100_000 - 50) return String(Math.floor((t + 500) / 1000))
  if (t >= 10_000 - 5) return `${Math.floor((t + 50) / 1000)}.${Math.floor(((t + 50) % 1000) / 100)}`
  if (t >= 1000) return `${Math.floor((t + 5) / 1000)}.${String(Math.floor(((t + 5) % 1000) / 10)).padStart(2, '0')}`
  return `${Math.floor(t / 1000)}.${String(t % 1000).padStart(3, '0')}`
}

/** The words for an ICMP error behind `From A icmp_seq=N ` (pr_icmph, ping.c). */
export function icmpErrorText(report: IcmpErrorReport): string {
  const { message } = report
  if (message.type === 5) {
    const kind = message.code === 0 ? 'Network' : 'Host'
    return `Redirect ${kind}(New nexthop: ${formatIpv4(message.gateway)})`
  }
  if (message.type === 11) return message.code === 0 ? 'Time to live exceeded' : 'Frag reassembly time exceeded'
  if (message.type === 12) return 'Parameter problem: pointer = 0'
  if (message.code === 4) return `Frag needed and DF set (mtu = ${message.nextHopMtuBytes ?? 0})`
  return UNREACHABLE_TEXTS[message.code] ?? `Dest Unreachable, Bad Code: ${message.code}`
}

const UNREACHABLE_TEXTS: Readonly<Record<number, string>> = {
  0: 'Destination Net Unreachable',
  1: 'Destination Host Unreachable',
  2: 'Destination Protocol Unreachable',
  3: 'Destination Port Unreachable',
  5: 'Source Route Failed',
  6: 'Destination Net Unknown',
  7: 'Destination Host Unknown',
  8: 'Source Host Isolated',
  9: 'Destination Net Prohibited',
  10: 'Destination Host Prohibited',
  11: 'Destination Net Unreachable for Type of Service',
  12: 'Destination Host Unreachable for Type of Service',
  13: 'Packet filtered',
  14: 'Precedence Violation',
  15: 'Precedence Cutoff',
}

/** What the statistics count. Times in whole microseconds. */
export interface PingStatistics {
  transmitted: number
  received: number
  duplicates: number
  errors: number
  sum: number
  sumOfSquares: number
  minimum: number
  maximum: number
  /** Most requests that were under way at once. */
  pipe: number
}

/** The lines behind the empty one, `--- x ping statistics ---` first (finish, ping_common.c). */
export function statisticsText(title: string, statistics: PingStatistics, elapsedNs: number, isTimed: boolean): string {
  const { transmitted, received, duplicates, errors } = statistics
  const counts = [
    `${transmitted} packets transmitted`,
    `${received} received`,
    ...(duplicates > 0 ? [`+${duplicates} duplicates`] : []),
    ...(errors > 0 ? [`+${errors} errors`] : []),
    ...(transmitted > 0
      ? [`${lossText(transmitted, received)}% packet loss`, `time ${Math.floor((elapsedNs + 500_000) / 1e6)}ms`]
      : []),
  ]
  const pipe = statistics.pipe > 1 ? `pipe ${statistics.pipe}` : ''
  const times = received > 0 && isTimed ? `rtt min/avg/max/mdev = ${timesText(statistics)} ms` : ''
  const last = [times, pipe].filter(text => text !== '').join(', ')
  return `\n--- ${title} ping statistics ---\n${counts.join(', ')}\n${last}\n`
}

/** `%g` of a float. */
function lossText(transmitted: number, received: number): string {
  return String(Number(Math.fround(((transmitted - received) * 100) / transmitted).toPrecision(6)))
}

function timesText(statistics: PingStatistics): string {
  const { sum, sumOfSquares, minimum, maximum } = statistics
  const total = statistics.received + statistics.duplicates
  const average = Math.floor(sum / total)
  const variance = Math.trunc((sumOfSquares - Math.trunc((sum * sum) / total)) / total)
  const deviation = Math.floor(Math.sqrt(Math.max(0, variance)))
  return [minimum, average, maximum, deviation].map(milliseconds).join('/')
}

function milliseconds(microseconds: number): string {
  return `${Math.floor(microseconds / 1000)}.${String(microseconds % 1000).padStart(3, '0')}`
}
