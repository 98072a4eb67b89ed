import { internetChecksum } from '../../wire/checksum.ts'

/** What a checksum field should hold. @param found the field @param computed the sum over everything, 0 when it is right */
export function shouldBe(found: number, computed: number): number {
  const sum = found + computed
  return (sum % 0x10000) + Math.floor(sum / 0x10000)
}

/** The sum over the bytes with the field in it: 0 when the checksum is right. */
export function verify(bytes: Uint8Array, initial = 0): number {
  return internetChecksum(bytes, initial)
}

/** Four digits with 0x. */
export function hex4(value: number): string {
  return `0x${value.toString(16).padStart(4, '0')}`
}
