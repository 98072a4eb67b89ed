import type { Dissection } from './dissection.ts'
import { printArp } from './print-arp.ts'
import { printIpv4 } from './print-ipv4.ts'
import { printIpv6 } from './print-ipv6.ts'

/** Prints the payload of an EtherType; false when nobody knows it. Source: ethertype_print of tcpdump's print-ether.c. */
export function printEtherType(sheet: Dissection, type: number, at: number, length: number): boolean {
  switch (type) {
    case 0x0800:
      printIpv4(sheet, at, length)
      return true
    case 0x0806:
    case 0x8035:
      printArp(sheet, at, length)
      return true
    case 0x86dd:
      printIpv6(sheet, at, length)
      return true
    default:
      return false
  }
}
