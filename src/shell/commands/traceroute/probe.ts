import type { IcmpErrorReport } from '../../../host/icmp.ts'
import type { Ipv4Address } from '../../../wire/address.ts'

/** One packet of traceroute and what came of it. */
export interface Probe {
  sentAtNs: number | undefined
  /** Answered, or given up. */
  isDone: boolean
  /** The answer ends the trace: anything but "time exceeded". */
  isFinal: boolean
  receivedAtNs: number | undefined
  from: Ipv4Address | undefined
  /** `!H` */
  mark: string
}

export function newProbe(): Probe {
  return { sentAtNs: undefined, isDone: false, isFinal: false, receivedAtNs: undefined, from: undefined, mark: '' }
}

/** What an ICMP error says about a probe (parse_icmp_res of traceroute.c). */
export function markOf(report: IcmpErrorReport): { readonly isFinal: boolean; readonly mark: string } | undefined {
  const { message } = report
  if (message.type === 11) return { isFinal: false, mark: '' }
  if (message.type !== 3) return undefined
  if (message.code === 4) return { isFinal: true, mark: `!F-${message.nextHopMtuBytes ?? 0}` }
  return { isFinal: true, mark: UNREACHABLE_MARKS[message.code] ?? `!<${message.code}>` }
}

const UNREACHABLE_MARKS: Readonly<Record<number, string>> = {
  0: '!N',
  1: '!H',
  2: '!P',
  3: '',
  5: '!S',
  6: '!N',
  7: '!H',
  8: '!N',
  9: '!X',
  10: '!X',
  11: '!N',
  12: '!H',
  13: '!X',
  14: '!V',
  15: '!C',
}
