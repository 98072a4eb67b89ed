import { ICMP_UNREACHABLE, type IcmpError } from '../../wire/icmp.ts'

/** icmp_err_convert, net/ipv4/icmp.c, as reasons. */
export function icmpErrorReason(error: IcmpError): 'host-unreachable' | 'network-unreachable' | 'refused' {
  if (error.type !== 3) return 'host-unreachable'
  switch (error.code) {
    case ICMP_UNREACHABLE.network:
    case 6:
    case 9:
    case 11:
      return 'network-unreachable'
    case ICMP_UNREACHABLE.protocol:
    case ICMP_UNREACHABLE.port:
      return 'refused'
    default:
      return 'host-unreachable'
  }
}
