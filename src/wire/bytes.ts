import { DecodeError } from './decode-error.ts'

/** Writes network byte order into a buffer that grows. */
export class ByteWriter {
  #buffer: Uint8Array
  #length = 0

  /** @param sizeBytes first size of the buffer; a good guess saves copies */
  constructor(sizeBytes = 64) {
    this.#buffer = new Uint8Array(sizeBytes)
  }

  get length(): number {
    return this.#length
  }

  uint8(value: number): void {
    this.#reserve(1)
    this.#buffer[this.#length++] = value
  }

  uint16(value: number): void {
    this.uint8(value >>> 8)
    this.uint8(value)
  }

  uint24(value: number): void {
    this.uint8(value >>> 16)
    this.uint16(value)
  }

  uint32(value: number): void {
    this.uint16(value >>> 16)
    this.uint16(value)
  }

  bytes(values: ArrayLike<number>): void {
    this.#reserve(values.length)
    this.#buffer.set(values, this.#length)
    this.#length += values.length
  }

  /** Overwrites two bytes written earlier: a length that is known only afterwards. */
  patchUint16(offset: number, value: number): void {
    this.#buffer[offset] = value >>> 8
    this.#buffer[offset + 1] = value
  }

  /** The bytes so far, as a copy. */
  finish(): Uint8Array {
    return this.#buffer.slice(0, this.#length)
  }

  #reserve(count: number): void {
    if (this.#length + count <= this.#buffer.length) return
    const larger = new Uint8Array(Math.max(2 * this.#buffer.length, this.#length + count))
    larger.set(this.#buffer.subarray(0, this.#length))
    this.#buffer = larger
  }
}

/** Reads network byte order from a part of an array. Every read beyond the end throws `DecodeError`. */
export class ByteReader {
  readonly #bytes: Uint8Array
  readonly #end: number
  #offset: number

  constructor(bytes: Uint8Array, start = 0, end = bytes.length) {
    this.#bytes = bytes
    this.#offset = start
    this.#end = end
  }

  /** Offset of the next byte in the whole array. */
  get offset(): number {
    return this.#offset
  }

  get remaining(): number {
    return this.#end - this.#offset
  }

  uint8(): number {
    if (this.#offset >= this.#end) throw new DecodeError('unexpected end', this.#offset)
    return this.#bytes[this.#offset++]!
  }

  uint16(): number {
    return this.uint8() * 0x100 + this.uint8()
  }

  uint24(): number {
    return this.uint8() * 0x10000 + this.uint16()
  }

  uint32(): number {
    return this.uint16() * 0x10000 + this.uint16()
  }

  /** The next `count` bytes, not copied. */
  bytes(count: number): Uint8Array {
    if (count > this.remaining) throw new DecodeError('unexpected end', this.#offset)
    const part = this.#bytes.subarray(this.#offset, this.#offset + count)
    this.#offset += count
    return part
  }

  /** A reader of the next `count` bytes only; this one goes on behind them. */
  sub(count: number): ByteReader {
    if (count > this.remaining) throw new DecodeError('unexpected end', this.#offset)
    const reader = new ByteReader(this.#bytes, this.#offset, this.#offset + count)
    this.#offset += count
    return reader
  }
}
