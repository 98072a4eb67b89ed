import { styleText } from 'node:util'
import { NO_PAINT, type Paint } from '../scenario/reporters/spec.ts'

/** Colours for a stream: on terminals only, never with NO_COLOR, always with FORCE_COLOR. */
export function paintFor(stream: { isTTY?: boolean }): Paint {
  const { NO_COLOR, FORCE_COLOR } = process.env
  const isColoured = FORCE_COLOR !== undefined && FORCE_COLOR !== '0' ? true : !NO_COLOR && stream.isTTY === true
  if (!isColoured) return NO_PAINT
  return {
    good: text => styleText('green', text),
    bad: text => styleText('red', text),
    dim: text => styleText('dim', text),
    bold: text => styleText('bold', text),
  }
}
