/*
 * How many columns of a terminal a text takes. Sources: Unicode 16 East Asian Width (UAX 11), grapheme clusters (UAX 29,
 * by Intl.Segmenter). Characters of ambiguous width count one column, as terminals draw them outside of East Asia.
 */

const PRINTABLE_ASCII = /^[\u0020-\u007e]*$/
/** Characters of one column each that the program itself draws: Latin 1, punctuation, arrows, boxes, shapes, Braille. */
const SINGLE =
  /^[\u0020-\u007e\u00a1-\u00ac\u00ae-\u02ff\u2010-\u2027\u2030-\u2043\u2190-\u2199\u2500-\u25fc\u2713-\u2718\u2800-\u28ff]*$/
const NO_WIDTH = /^[\p{Mn}\p{Me}\p{Cf}\p{Cc}]+$/u
const EMOJI = /\p{Emoji_Presentation}|\p{Emoji}\ufe0f/u

/** First and last code points of what takes two columns (East Asian Width W and F). */
const WIDE: readonly (readonly [first: number, last: number])[] = [
  [0x1100, 0x115f],
  [0x2e80, 0x303e],
  [0x3041, 0x33ff],
  [0x3400, 0x4dbf],
  [0x4e00, 0x9fff],
  [0xa000, 0xa4cf],
  [0xa960, 0xa97f],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff01, 0xff60],
  [0xffe0, 0xffe6],
  [0x17000, 0x18cff],
  [0x1b000, 0x1b2ff],
  [0x1f200, 0x1f2ff],
  [0x20000, 0x3fffd],
]

let segmenter: Intl.Segmenter | undefined

/** What a reader takes for one character, one after the other. */
export function graphemes(text: string): readonly string[] {
  if (SINGLE.test(text)) return text.split('')
  segmenter ??= new Intl.Segmenter('en', { granularity: 'grapheme' })
  return [...segmenter.segment(text)].map(({ segment }) => segment)
}

/** Columns that the text takes: 0 for combining marks alone, 2 for wide characters and emoji. */
export function displayWidth(text: string): number {
  if (SINGLE.test(text)) return text.length
  return graphemes(text).reduce((width, grapheme) => width + graphemeWidth(grapheme), 0)
}

/** The longest start of the text that fits into `width` columns; what is cut is told by `ellipsis` when it fits. */
export function clipText(text: string, width: number, ellipsis = '…'): string {
  if (displayWidth(text) <= width) return text
  const room = width - displayWidth(ellipsis)
  if (room < 0) return ''
  let used = 0
  let clipped = ''
  for (const grapheme of graphemes(text)) {
    used += graphemeWidth(grapheme)
    if (used > room) break
    clipped += grapheme
  }
  return clipped + ellipsis
}

/** As `clipText`, with the start and the end of the text. */
export function clipMiddle(text: string, width: number, ellipsis = '…'): string {
  if (displayWidth(text) <= width) return text
  const room = width - displayWidth(ellipsis)
  if (room < 2) return clipText(text, width, ellipsis)
  const head = clipText(text, Math.floor(room / 2), '')
  const tail = clipText(graphemes(text).toReversed().join(''), room - displayWidth(head), '')
  return head + ellipsis + graphemes(tail).toReversed().join('')
}

/** The text with blanks to `width` columns; longer texts are clipped. */
export function fitText(text: string, width: number, align: 'left' | 'right' = 'left', ellipsis = '…'): string {
  const clipped = clipText(text, width, ellipsis)
  const blanks = ' '.repeat(Math.max(0, width - displayWidth(clipped)))
  return align === 'left' ? clipped + blanks : blanks + clipped
}

/** The text without what would move a terminal's cursor; tabs become blanks. */
export function printableText(text: string): string {
  if (PRINTABLE_ASCII.test(text)) return text
  return text.replaceAll('\t', '    ').replace(/[\u0000-\u001f\u007f-\u009f]/g, '')
}

function graphemeWidth(grapheme: string): number {
  if (NO_WIDTH.test(grapheme)) return 0
  if (EMOJI.test(grapheme)) return 2
  const codePoint = grapheme.codePointAt(0)!
  return WIDE.some(([first, last]) => codePoint >= first && codePoint <= last) ? 2 : 1
}
