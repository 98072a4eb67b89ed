import type { Dissection } from './dissection.ts'
import { printEthernet } from './print-ethernet.ts'

/** Prints a VXLAN packet; port 8472 is OTV's for tcpdump before 4.99.6. Sources: print-vxlan.c, print-otv.c. */
export function printVxlan(sheet: Dissection, at: number, length: number, kind: 'VXLAN' | 'OTV'): void {
  sheet.protocol = kind.toLowerCase()
  sheet.print(kind)
  if (length < 8) {
    sheet.print(kind === 'OTV' ? `, [length ${length} < 8] (invalid)` : ' (invalid)')
    return
  }
  const flags = sheet.uint8(at)
  const word = flags & 8 ? 'I' : kind === 'OTV' ? '.' : 'invalid'
  sheet.print(`, flags [${word}] (0x${flags.toString(16).padStart(2, '0')}), `)
  const first = sheet.uint24(at + 1)
  const network = sheet.uint24(at + 4)
  sheet.print(kind === 'OTV' ? `overlay ${first}, instance ${network}\n` : `vni ${network}\n`)
  printEthernet(sheet, at + 8, length - 8)
}
