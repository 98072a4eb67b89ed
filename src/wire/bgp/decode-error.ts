import { DecodeError } from '../decode-error.ts'

/** A message that ends the session: what the NOTIFICATION says (RFC 4271 §6). */
export class BgpDecodeError extends DecodeError {
  override readonly name = 'BgpDecodeError'
  readonly code: number
  readonly subcode: number
  readonly data: readonly number[]

  constructor(message: string, offset: number, code: number, subcode: number, data: readonly number[] = []) {
    super(message, offset)
    this.code = code
    this.subcode = subcode
    this.data = data
  }
}

/** A mistake in an UPDATE that does not end the session, RFC 7606 §2. */
export interface UpdateMistake {
  readonly action: 'treat-as-withdraw' | 'attribute-discard'
  /** Attribute type; 0 for the list of attributes itself. */
  readonly attribute: number
  readonly reason: string
}
