import type { Dissection } from './dissection.ts'
import { tokenText } from './tokens.ts'

/** Bytes of the shim. */
const SHIM_BYTES = 4
const DIRECTIONS = { 1: 'unused', 2: 'egress', 3: 'ingress' }
const PACKET_TYPES = { 4: 'undecided', 5: 'ipv4', 6: 'ipv6', 7: 'ethernet' }
const PACKET_SUBTYPES = { 1: 'single VLAN tag', 2: 'double VLAN tag', 3: 'untagged' }

/**
 * What tcpdump makes of every datagram from port 49152 to a port it does not know better, those of bfdd's first session
 * among them: a shim of Broadcom's lawful interception. Source: print-bcm-li.c. Differs from tcpdump: with -v the packet behind a shim that claims one is not
 * decoded, and drylab says so.
 */
export function printBcmLi(sheet: Dissection, at: number, length: number): void {
  sheet.protocol = 'bcm_li'
  if (length < SHIM_BYTES) {
    sheet.print(` (length ${length} < ${SHIM_BYTES}) (invalid)`)
    return
  }
  if (!sheet.has(at, SHIM_BYTES)) {
    sheet.printTruncated()
    return
  }
  const isVerbose = sheet.options.verbosity > 0
  const shim = sheet.uint32(at)
  const type = (shim >>> 25) & 0xf
  const parts = [
    `direction ${tokenText(DIRECTIONS, shim >>> 29, 'unknown')}`,
    `pkt-type ${tokenText(PACKET_TYPES, type, 'unknown')}`,
    `pkt-subtype ${tokenText(PACKET_SUBTYPES, (shim >>> 22) & 7, 'unknown')}`,
    `li-id ${shim & 0x3fffff}`,
  ]
  sheet.print(`${isVerbose ? '\n    ' : ''}BCM-LI-SHIM: ${parts.join(', ')}${isVerbose ? '\n    ' : ''}`)
  if (!isVerbose) {
    if (!sheet.has(at, length)) sheet.printTruncated()
  } else sheet.print(type in PACKET_TYPES ? '(not decoded by drylab)' : ' (invalid)')
}
