import { ADDRESS_FAMILIES, SUBSEQUENT_FAMILIES } from './bgp-names.ts'
import type { Dissection } from './dissection.ts'
import { tokenText } from './tokens.ts'
import { printUnknownData } from './unknown-data.ts'

const CAPABILITIES = {
  1: 'Multiprotocol Extensions',
  2: 'Route Refresh',
  3: 'Cooperative Route Filtering',
  4: 'Multiple Routes to a Destination',
  5: 'Extended Next Hop Encoding',
  8: 'Multiple Labels',
  64: 'Graceful Restart',
  65: '32-Bit AS Number',
  67: 'Dynamic Capability',
  68: 'Multisession BGP',
  69: 'Multiple Paths',
  70: 'Enhanced Route Refresh',
  71: 'Long-lived Graceful Restart',
  128: 'Route Refresh (Cisco)',
}
const OPTIONS = { 1: 'Authentication Information', 2: 'Capabilities Advertisement' }
const OPEN_BYTES = 29

/** Prints an OPEN from its header on. The longer parameters of RFC 9072 are not known to tcpdump. */
export function printBgpOpen(sheet: Dissection, at: number, length: number): void {
  if (length < OPEN_BYTES) {
    sheet.printTruncated()
    return
  }
  sheet.print(
    `\n\t  Version ${sheet.uint8(at + 19)}, my AS ${sheet.uint16(at + 20)}, Holdtime ${sheet.uint16(at + 22)}s, `,
  )
  const optionsBytes = sheet.uint8(at + 28)
  sheet.print(`ID ${sheet.address(at + 24)}\n\t  Optional parameters, length: ${optionsBytes}`)
  const start = at + OPEN_BYTES
  for (let offset = 0; offset < optionsBytes; ) {
    if (!sheet.has(start + offset, 2) || length < OPEN_BYTES + 2 + offset) {
      sheet.printTruncated()
      return
    }
    const type = sheet.uint8(start + offset)
    const bytes = sheet.uint8(start + offset + 1)
    if (2 + offset + bytes > optionsBytes) {
      sheet.print(`\n\t     Option ${type}, length: ${bytes}, goes past the end of the options`)
      return
    }
    sheet.print(`\n\t    Option ${tokenText(OPTIONS, type, 'Unknown')} (${type}), length: ${bytes}`)
    if (type === 2) printCapabilities(sheet, start + offset + 2, bytes)
    else sheet.print(`\n\t      no decoder for option ${type}`)
    offset += 2 + bytes
  }
}

function printCapabilities(sheet: Dissection, start: number, length: number): void {
  for (let at = start; at < start + length; ) {
    if (!sheet.has(at, 2)) {
      sheet.printTruncated()
      return
    }
    const code = sheet.uint8(at)
    const bytes = sheet.uint8(at + 1)
    sheet.print(`\n\t      ${tokenText(CAPABILITIES, code, 'Unknown')} (${code}), length: ${bytes}`)
    if (!sheet.has(at + 2, bytes)) {
      sheet.printTruncated()
      return
    }
    if (!printValue(sheet, code, at + 2, bytes)) return
    if (sheet.options.verbosity > 1 && bytes !== 0) printUnknownData(sheet, at + 2, bytes, '\n\t\t')
    at += 2 + bytes
  }
}

/** False when the value is too short to go on. */
function printValue(sheet: Dissection, code: number, at: number, length: number): boolean {
  const least = code === 1 || code === 65 ? 4 : code === 64 ? 2 : 0
  if (length < least) {
    sheet.print(` (too short, < ${least})`)
    return false
  }
  switch (code) {
    case 1:
      sheet.print(`\n\t\t${familyText(sheet.uint16(at), sheet.uint8(at + 3))}`)
      break
    case 2:
    case 71:
    case 128:
      break
    case 8:
      for (let from = at; from + 4 <= at + length; from += 4) {
        sheet.print(`\n\t\t${familyText(sheet.uint16(from), sheet.uint8(from + 2))}, Count: ${sheet.uint8(from + 3)}`)
      }
      break
    case 64:
      printGracefulRestart(sheet, at, length)
      break
    case 65:
      sheet.print(`\n\t\t 4 Byte AS ${sheet.uint32(at)}`)
      break
    case 69:
      printAddPath(sheet, at, length)
      break
    default:
      sheet.print(`\n\t\tno decoder for Capability ${code}`)
      if (sheet.options.verbosity <= 1) printUnknownData(sheet, at, length, '\n\t\t')
  }
  return true
}

function printGracefulRestart(sheet: Dissection, at: number, length: number): void {
  const restart = sheet.uint16(at)
  sheet.print(`\n\t\tRestart Flags: [${restart & 0x8000 ? 'R' : 'none'}], Restart Time ${restart & 0xfff}s`)
  for (let from = at + 2; from + 4 <= at + length; from += 4) {
    const preserved = sheet.uint8(from + 3) & 0x80 ? 'yes' : 'no'
    sheet.print(
      `\n\t\t  ${familyText(sheet.uint16(from), sheet.uint8(from + 2))}, Forwarding state preserved: ${preserved}`,
    )
  }
}

function printAddPath(sheet: Dissection, at: number, length: number): void {
  if (length === 0) sheet.print(' (bogus)')
  for (let from = at; from < at + length; from += 4) {
    if (from + 4 > at + length) {
      sheet.print(' (invalid)')
      return
    }
    const mode = sheet.uint8(from + 3)
    const unknown = `Bogus (0x${mode.toString(16).padStart(2, '0')})`
    const text = tokenText({ 1: 'Receive', 2: 'Send', 3: 'Both' }, mode, unknown)
    sheet.print(`\n\t\t${familyText(sheet.uint16(from), sheet.uint8(from + 2))}, Send/Receive: ${text}`)
  }
}

function familyText(afi: number, safi: number): string {
  return `AFI ${tokenText(ADDRESS_FAMILIES, afi, 'Unknown')} (${afi}), SAFI ${tokenText(SUBSEQUENT_FAMILIES, safi, 'Unknown')} (${safi})`
}
