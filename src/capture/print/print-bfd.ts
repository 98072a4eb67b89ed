import type { Dissection } from './dissection.ts'
import { bitsText, tokenText } from './tokens.ts'
import { printUnknownData } from './unknown-data.ts'

const FLAGS = [
  [0x20, 'Poll'],
  [0x10, 'Final'],
  [0x08, 'Control Plane Independent'],
  [0x04, 'Authentication Present'],
  [0x02, 'Demand'],
  [0x01, 'Multipoint'],
] as const
const STATES = ['AdminDown', 'Down', 'Init', 'Up'] as const
const DIAGNOSTICS = {
  0: 'No Diagnostic',
  1: 'Control Detection Time Expired',
  2: 'Echo Function Failed',
  3: 'Neighbor Signaled Session Down',
  4: 'Forwarding Plane Reset',
  5: 'Path Down',
  6: 'Concatenated Path Down',
  7: 'Administratively Down',
  8: 'Reverse Concatenated Path Down',
}
const PORTS = { 3784: 'Control', 4784: 'Multihop', 6784: 'Lag' }

/** Prints a BFD control packet of version 1. Source: bfd_print of print-bfd.c. */
export function printBfd(sheet: Dissection, at: number, length: number, port: number): void {
  sheet.protocol = 'bfd'
  if (!sheet.has(at, 24)) {
    sheet.printTruncated()
    return
  }
  const first = sheet.uint8(at)
  const flags = sheet.uint8(at + 1)
  const { verbosity } = sheet.options
  if (first >> 5 !== 1) {
    sheet.print(`BFDv${first >> 5}, Control, length: ${length}`)
    if (verbosity > 0) printUnknownData(sheet, at, length, '\n\t')
    return
  }
  const state = `${tokenText(PORTS, port, `unknown (${port})`)}, State ${STATES[flags >> 6]}, Flags: [${bitsText(FLAGS, flags & 0x3f, ', ')}]`
  if (verbosity === 0) {
    sheet.print(`BFDv1, ${state}, length: ${length}`)
    return
  }
  const diagnostic = first & 0x1f
  const hex = (value: number, width: number): string => value.toString(16).padStart(width, '0')
  const milliseconds = (offset: number): number => Math.floor(sheet.uint32(at + offset) / 1000)
  const multiplier = sheet.uint8(at + 2)
  const detectionMs = Math.floor(((multiplier * sheet.uint32(at + 12)) >>> 0) / 1000)
  sheet.print(`BFDv1, length: ${length}\n\t${state}`)
  sheet.print(`, Diagnostic: ${tokenText(DIAGNOSTICS, diagnostic, 'unknown')} (0x${hex(diagnostic, 2)})`)
  sheet.print(
    `\n\tDetection Timer Multiplier: ${multiplier} (${detectionMs} ms Detection time), BFD Length: ${sheet.uint8(at + 3)}`,
  )
  sheet.print(
    `\n\tMy Discriminator: 0x${hex(sheet.uint32(at + 4), 8)}, Your Discriminator: 0x${hex(sheet.uint32(at + 8), 8)}`,
  )
  sheet.print(`\n\t  Desired min Tx Interval:    ${String(milliseconds(12)).padStart(4)} ms`)
  sheet.print(`\n\t  Required min Rx Interval:   ${String(milliseconds(16)).padStart(4)} ms`)
  sheet.print(`\n\t  Required min Echo Interval: ${String(milliseconds(20)).padStart(4)} ms`)
}
