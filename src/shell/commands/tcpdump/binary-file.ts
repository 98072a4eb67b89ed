/**
 * Bytes as the text that files here hold: one character for each byte. Only programs that know of it can read such files.
 */
export function bytesToFileText(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += 4096) text += String.fromCharCode(...bytes.subarray(at, at + 4096))
  return text
}

/** The bytes of such a text; undefined for the text of another program's binary file, which is no longer what it was. */
export function fileTextToBytes(text: string): Uint8Array | undefined {
  const bytes = new Uint8Array(text.length)
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code > 0xff) return undefined
    bytes[at] = code
  }
  return bytes
}
