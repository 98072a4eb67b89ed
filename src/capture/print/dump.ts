/** Whether a byte is a visible ASCII character. */
function isGraphic(byte: number): boolean {
  return byte > 0x20 && byte < 0x7f
}

/** Lines of 16 bytes as -x prints them, each behind `indent`. */
export function hexDump(bytes: Uint8Array, indent: string): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += 16)
    text += `${indent}${offsetText(at)} ${hexGroups(bytes.subarray(at, at + 16))}`
  return text
}

/** Lines of 16 bytes as -X prints them: padded, with the characters behind. */
export function hexAndAsciiDump(bytes: Uint8Array, indent: string): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += 16) {
    const line = bytes.subarray(at, at + 16)
    const characters = [...line].map(byte => (isGraphic(byte) ? String.fromCharCode(byte) : '.')).join('')
    text += `${indent}${offsetText(at)} ${hexGroups(line).padEnd(40)}  ${characters}`
  }
  return text
}

/** The bytes as -A prints them: what is visible, blanks, tabs and line ends; carriage returns vanish before line ends. */
export function asciiDump(bytes: Uint8Array): string {
  let text = '\n'
  for (const [index, byte] of bytes.entries()) {
    if (byte === 0x0d) {
      if (index + 2 < bytes.length && bytes[index + 1] !== 0x0a) text += '.'
    } else text += isGraphic(byte) || byte === 0x20 || byte === 0x09 || byte === 0x0a ? String.fromCharCode(byte) : '.'
  }
  return text
}

function offsetText(at: number): string {
  return `0x${at.toString(16).padStart(4, '0')}:`
}

function hexGroups(line: Uint8Array): string {
  let text = ''
  for (const [index, byte] of line.entries())
    text += `${index % 2 === 0 ? ' ' : ''}${byte.toString(16).padStart(2, '0')}`
  return text
}
