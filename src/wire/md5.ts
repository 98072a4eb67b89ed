/** Rotations of the four rounds, RFC 1321 §3.4. */
const ROTATIONS = [
  [7, 12, 17, 22],
  [5, 9, 14, 20],
  [4, 11, 16, 23],
  [6, 10, 15, 21],
] as const

const SINES: readonly number[] = Array.from({ length: 64 }, (_, index) =>
  Math.floor(Math.abs(Math.sin(index + 1)) * 2 ** 32),
)

/** The MD5 digest of the bytes, 16 bytes, RFC 1321. For the TCP signatures of RFC 2385 in captures only. */
export function md5(bytes: Uint8Array): Uint8Array {
  const padded = new Uint8Array((Math.floor((bytes.length + 8) / 64) + 1) * 64)
  padded.set(bytes)
  padded[bytes.length] = 0x80
  const view = new DataView(padded.buffer)
  view.setUint32(padded.length - 8, (bytes.length * 8) >>> 0, true)
  view.setUint32(padded.length - 4, Math.floor(bytes.length / 2 ** 29), true)
  const state = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476]
  for (let at = 0; at < padded.length; at += 64) mixBlock(state, view, at)
  const digest = new DataView(new ArrayBuffer(16))
  for (const [index, word] of state.entries()) digest.setUint32(4 * index, word >>> 0, true)
  return new Uint8Array(digest.buffer)
}

function mixBlock(state: number[], view: DataView, at: number): void {
  let [a, b, c, d] = state as [number, number, number, number]
  for (let step = 0; step < 64; step += 1) {
    const round = step >> 4
    const { mixed, word } = mix(round, step, b, c, d)
    const sum = (a + mixed + SINES[step]! + view.getUint32(at + 4 * word, true)) | 0
    const rotation = ROTATIONS[round]![step & 3]!
    ;[a, d, c, b] = [d, c, b, (b + ((sum << rotation) | (sum >>> (32 - rotation)))) | 0]
  }
  for (const [index, value] of [a, b, c, d].entries()) state[index] = (state[index]! + value) | 0
}

/** The round's function of three words, and which word of the block the step takes. */
function mix(round: number, step: number, b: number, c: number, d: number): { mixed: number; word: number } {
  if (round === 0) return { mixed: (b & c) | (~b & d), word: step }
  if (round === 1) return { mixed: (d & b) | (~d & c), word: (5 * step + 1) & 15 }
  if (round === 2) return { mixed: b ^ c ^ d, word: (3 * step + 5) & 15 }
  return { mixed: c ^ (b | ~d), word: (7 * step) & 15 }
}
