import { verify } from './checksum-text.ts'
import type { Dissection } from './dissection.ts'
import type { Ipv4Header } from './print-ipv4.ts'

/** Sum over pseudo header and segment, 0 when the checksum is right. A source route changes the destination that counts. */
export function transportSum(sheet: Dissection, at: number, length: number, header: Ipv4Header): number {
  const destination = finalDestination(sheet, header)
  const words = (where: number): number => sheet.uint16(where) + sheet.uint16(where + 2)
  const pseudo = words(header.at + 12) + words(destination) + header.protocol + (length & 0xffff)
  return verify(sheet.bytes.subarray(at, at + length), pseudo)
}

/** Where the last address stands: in a source route option, or in the header. */
function finalDestination(sheet: Dissection, header: Ipv4Header): number {
  const inHeader = header.at + 16
  const end = header.at + header.headerBytes
  for (let at = header.at + 20; at < end; ) {
    const type = sheet.uint8(at)
    if (type === 0) return inHeader
    const length = type === 1 ? 1 : at + 1 < end ? sheet.uint8(at + 1) : 0
    if (length < 1 || (type !== 1 && length < 2) || at + length > end) return inHeader
    if ((type === 131 || type === 137) && length >= 7) return at + length - 4
    at += length
  }
  return inHeader
}
