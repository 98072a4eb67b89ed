/**
 * Ones' complement sum of 16-bit words, RFC 1071; an odd last byte counts as the high half of a word.
 *
 * @param initial sum carried over from a pseudo header
 * @returns the complement, as it stands in IPv4, ICMP, TCP and UDP headers; 0 for data with a right checksum in it
 */
export function internetChecksum(bytes: Uint8Array, initial = 0): number {
  let sum = initial
  for (let index = 0; index < bytes.length; index += 2) sum += bytes[index]! * 0x100 + (bytes[index + 1] ?? 0)
  while (sum > 0xffff) sum = (sum % 0x10000) + Math.floor(sum / 0x10000)
  return 0xffff - sum
}
