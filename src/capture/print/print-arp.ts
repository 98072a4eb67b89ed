import type { Dissection } from './dissection.ts'
import { hexAndAsciiDump } from './dump.ts'
import { ETHER_TYPES, tokenText } from './tokens.ts'

const HARDWARE = {
  1: 'Ethernet',
  6: 'TokenRing',
  7: 'ArcNet',
  15: 'FrameRelay',
  23: 'Strip',
  24: 'IEEE 1394',
  32: 'InfiniBand',
}
const OPERATIONS = {
  1: 'Request',
  2: 'Reply',
  3: 'Reverse Request',
  4: 'Reverse Reply',
  8: 'Inverse Request',
  9: 'Inverse Reply',
  10: 'NACK Reply',
}

/** Prints an ARP packet; `length` is all that follows the link-layer header. Source: arp_print of print-arp.c. */
export function printArp(sheet: Dissection, at: number, length: number): void {
  sheet.protocol = 'arp'
  if (!sheet.has(at, 8)) {
    sheet.printTruncated()
    return
  }
  const hardware = sheet.uint16(at)
  const protocol = sheet.uint16(at + 2)
  const hardwareBytes = sheet.uint8(at + 4)
  const protocolBytes = sheet.uint8(at + 5)
  const operation = sheet.uint16(at + 6)
  const senderMac = at + 8
  const sender = senderMac + hardwareBytes
  const targetMac = sender + protocolBytes
  const target = targetMac + hardwareBytes
  if (!sheet.has(target, protocolBytes)) {
    sheet.printTruncated()
    return
  }
  const { verbosity, showsLinkHeader } = sheet.options
  if (!showsLinkHeader) sheet.print('ARP, ')
  const isKnown = (protocol === 0x0800 || protocol === 0x1000) && protocolBytes === 4 && hardwareBytes !== 0
  if (!isKnown || verbosity > 0) {
    const kind = tokenText(HARDWARE, hardware, `Unknown Hardware (${hardware})`)
    const unknown = `Unknown Protocol (0x${protocol.toString(16).padStart(4, '0')})`
    const carried = tokenText(ETHER_TYPES, protocol, unknown)
    sheet.print(`${kind} (len ${hardwareBytes}), ${carried} (len ${protocolBytes})`)
    if (verbosity === 0) {
      sheet.print(`, length ${length}`)
      return
    }
    sheet.print(', ')
  }
  sheet.print(`${tokenText(OPERATIONS, operation, `Unknown (${operation})`)} `)
  const ip = (where: number): string =>
    protocol !== 0x0800 && protocol !== 0x1000
      ? '<wrong proto type>'
      : protocolBytes !== 4
        ? '<wrong len>'
        : sheet.address(where)
  const mac = (where: number): string => (hardwareBytes === 0 ? '<empty>' : sheet.mac(where, hardwareBytes))
  const text = operationText(operation, { ip, mac, sender, senderMac, target, targetMac }, () =>
    sheet.bytes.subarray(targetMac, target).some(byte => byte !== 0),
  )
  sheet.print(
    text === undefined ? hexAndAsciiDump(sheet.bytes.subarray(at, sheet.end), '\n\t') : `${text}, length ${length}`,
  )
}

interface Fields {
  readonly ip: (at: number) => string
  readonly mac: (at: number) => string
  readonly sender: number
  readonly senderMac: number
  readonly target: number
  readonly targetMac: number
}

function operationText(operation: number, fields: Fields, hasTargetMac: () => boolean): string | undefined {
  const { ip, mac, sender, senderMac, target, targetMac } = fields
  switch (operation) {
    case 1:
      return `who-has ${ip(target)}${hasTargetMac() ? ` (${mac(targetMac)})` : ''} tell ${ip(sender)}`
    case 2:
      return `${ip(sender)} is-at ${mac(senderMac)}`
    case 3:
    case 8:
      return `who-is ${mac(targetMac)} tell ${mac(senderMac)}`
    case 4:
      return `${mac(targetMac)} at ${ip(target)}`
    case 9:
      return `${mac(senderMac)} at ${ip(sender)}`
    default:
      return undefined
  }
}
