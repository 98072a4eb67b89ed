import type { Dissection } from './dissection.ts'
import { hexDump } from './dump.ts'

/** Dumps bytes for which there is no decoder into the line, each row of 16 behind `indent`. */
export function printUnknownData(sheet: Dissection, at: number, length: number, indent: string): void {
  sheet.print(hexDump(sheet.bytes.subarray(at, Math.min(at + length, sheet.end)), indent))
}
