/** Bytes that are not what they should be. The only error that decoders throw. */
export class DecodeError extends Error {
  override readonly name: string = 'DecodeError'
  /** Offset of the first byte that is wrong, counted from the start of what was given to the decoder. */
  readonly offset: number

  constructor(message: string, offset: number) {
    super(message)
    this.offset = offset
  }
}
