import { DecodeError } from '../../wire/decode-error.ts'
import { ADDRESS_FAMILIES, SUBSEQUENT_FAMILIES } from './bgp-names.ts'
import type { Dissection } from './dissection.ts'
import { hexDump } from './dump.ts'
import { printBgpOpen } from './print-bgp-open.ts'
import { printBgpUpdate } from './print-bgp-update.ts'
import { printable } from './print-tcp.ts'
import { tokenText } from './tokens.ts'
import { printUnknownData } from './unknown-data.ts'

const TYPES = { 1: 'Open', 2: 'Update', 3: 'Notification', 4: 'Keepalive', 5: 'Route Refresh' }
const HEADER_BYTES = 19

/** Prints the messages of a segment, found by their markers. Without -v only the protocol's name. Source: print-bgp.c. */
export function printBgp(sheet: Dissection, start: number): void {
  sheet.protocol = 'bgp'
  sheet.print(': BGP')
  if (sheet.options.verbosity === 0) return
  let expected = start
  for (let at = start; at < sheet.end; ) {
    if (sheet.uint8(at) !== 0xff) {
      at += 1
      continue
    }
    if (!sheet.has(at, 16)) return
    if (sheet.bytes.subarray(at, at + 16).some(byte => byte !== 0xff)) {
      at += 1
      continue
    }
    if (!sheet.has(at, HEADER_BYTES)) {
      sheet.printTruncated()
      return
    }
    if (expected !== at) sheet.printTruncated()
    const length = sheet.uint16(at + 16)
    const type = sheet.uint8(at + 18)
    if (length < HEADER_BYTES) {
      sheet.print(`\nmessage length ${length} < ${HEADER_BYTES} (invalid)`)
      return
    }
    if (!sheet.has(at, length)) {
      sheet.print(`\n[|BGP ${tokenText(TYPES, type, 'Unknown Message Type')}]`)
      return
    }
    sheet.print(`\n\t${tokenText(TYPES, type, 'Unknown')} Message (${type}), length: ${length}`)
    printBody(sheet, type, at, length)
    at += length
    expected = at
  }
}

function printBody(sheet: Dissection, type: number, at: number, length: number): void {
  switch (type) {
    case 1:
      printBgpOpen(sheet, at, length)
      break
    case 2:
      printBgpUpdate(sheet, at + HEADER_BYTES, length - HEADER_BYTES)
      break
    case 3:
      printNotification(sheet, at, length)
      break
    case 4:
      break
    case 5:
      printRouteRefresh(sheet, at, length)
      break
    default:
      sheet.print(`\n\t  no Message ${type} decoder`)
      printUnknownData(sheet, at, length, '\n\t  ')
  }
}

const CODES = {
  1: 'Message Header Error',
  2: 'OPEN Message Error',
  3: 'UPDATE Message Error',
  4: 'Hold Timer Expired',
  5: 'Finite State Machine Error',
  6: 'Cease',
  7: 'Capability Message Error',
}

const SUBCODES: Readonly<Record<number, Readonly<Record<number, string>>>> = {
  1: { 1: 'Connection Not Synchronized', 2: 'Bad Message Length', 3: 'Bad Message Type' },
  2: {
    1: 'Unsupported Version Number',
    2: 'Bad Peer AS',
    3: 'Bad BGP Identifier',
    4: 'Unsupported Optional Parameter',
    5: 'Authentication Failure',
    6: 'Unacceptable Hold Time',
    7: 'Capability Message Error',
  },
  3: {
    1: 'Malformed Attribute List',
    2: 'Unrecognized Well-known Attribute',
    3: 'Missing Well-known Attribute',
    4: 'Attribute Flags Error',
    5: 'Attribute Length Error',
    6: 'Invalid ORIGIN Attribute',
    7: 'AS Routing Loop',
    8: 'Invalid NEXT_HOP Attribute',
    9: 'Optional Attribute Error',
    10: 'Invalid Network Field',
    11: 'Malformed AS_PATH',
  },
  5: { 0: 'Unspecified Error', 1: 'In OpenSent State', 2: 'In OpenConfirm State', 3: 'In Established State' },
  6: {
    1: 'Maximum Number of Prefixes Reached',
    2: 'Administrative Shutdown',
    3: 'Peer Unconfigured',
    4: 'Administrative Reset',
    5: 'Connection Rejected',
    6: 'Other Configuration Change',
    7: 'Connection Collision Resolution',
  },
  7: {
    1: 'Invalid Action Value',
    2: 'Invalid Capability Length',
    3: 'Malformed Capability Value',
    4: 'Unsupported Capability Code',
  },
}

function printNotification(sheet: Dissection, at: number, length: number): void {
  if (length < 21) return
  const code = sheet.uint8(at + 19)
  const subcode = sheet.uint8(at + 20)
  sheet.print(`, ${tokenText(CODES, code, 'Unknown Error')} (${code})`)
  const subcodes = SUBCODES[code]
  if (subcodes === undefined) return
  // these two lack the comma in tcpdump
  const comma = code === 5 || code === 7 ? '' : ','
  sheet.print(`${comma} subcode ${tokenText(subcodes, subcode, 'Unknown')} (${subcode})`)
  if (code !== 6) return
  const data = at + 21
  if (subcode === 1 && length >= 28) {
    const afi = sheet.uint16(data)
    const safi = sheet.uint8(data + 2)
    sheet.print(
      `, AFI ${tokenText(ADDRESS_FAMILIES, afi, 'Unknown')} (${afi}), SAFI ${tokenText(SUBSEQUENT_FAMILIES, safi, 'Unknown')} (${safi})`,
    )
    sheet.print(`, Max Prefixes: ${sheet.uint32(data + 3)}`)
  }
  if ((subcode === 2 || subcode === 4) && length >= 22) printCommunication(sheet, data, length - 21)
}

/** The text of RFC 9003. */
function printCommunication(sheet: Dissection, at: number, available: number): void {
  const length = sheet.uint8(at)
  let taken = 0
  if (length > available - 1) sheet.print(', invalid Shutdown Communication length')
  else if (length === 0) {
    sheet.print(', empty Shutdown Communication')
    taken = 1
  } else {
    const text = [...sheet.bytes.subarray(at + 1, at + 1 + length)].map(printable).join('')
    sheet.print(`, Shutdown Communication (length: ${length}): "${text}"`)
    taken = length + 1
  }
  const rest = available - taken
  if (rest === 0) return
  sheet.print(`, Data: (length: ${rest})`)
  if (!sheet.has(at + taken, rest)) throw new DecodeError('message is cut off', at)
  sheet.print(hexDump(sheet.bytes.subarray(at + taken, at + taken + rest), '\n\t\t'))
}

function printRouteRefresh(sheet: Dissection, at: number, length: number): void {
  if (length < 23) return
  const afi = sheet.uint16(at + 19)
  const safi = sheet.uint8(at + 22)
  sheet.print(`\n\t  AFI ${tokenText(ADDRESS_FAMILIES, afi, 'Unknown')} (${afi})`)
  sheet.print(`, SAFI ${tokenText(SUBSEQUENT_FAMILIES, safi, 'Unknown')} (${safi})`)
  if (sheet.options.verbosity > 1) printUnknownData(sheet, at, length, '\n\t  ')
}
