import { displayWidth } from './display-width.ts'
import { EMPTY_LINE, fitLine, type Line, type Role, type Span, span } from './line.ts'
import type { Symbols } from './theme.ts'

export interface BoxFrame {
  readonly title: string
  /** At the right end of the upper border. */
  readonly note?: string
  readonly width: number
  readonly height: number
  readonly hasFocus: boolean
  readonly symbols: Symbols
  /** Where in a longer text the lines are: drawn on the right border. */
  readonly scroll?: { readonly top: number; readonly count: number }
}

/** Lines in a frame of exactly `height` lines of `width` columns; too long lines are cut, missing ones are empty. */
export function box(lines: readonly Line[], frame: BoxFrame): readonly Line[] {
  const { width, height, symbols, hasFocus } = frame
  const role: Role = hasFocus ? 'accent' : 'dim'
  const inner = Math.max(0, width - 2)
  const rows = Math.max(0, height - 2)
  const thumb = thumbRows(frame, rows)
  const body = Array.from({ length: rows }, (_, index): Line => {
    const content = lines[index] ?? EMPTY_LINE
    const { spans } = fitLine(content, inner, symbols.ellipsis)
    const edge = thumb !== undefined && index >= thumb[0] && index <= thumb[1] ? symbols.scroll : symbols.vertical
    // the frame itself is never in reverse
    return content.isSelected === true
      ? { spans: [span(symbols.vertical, role), ...spans.map(selected), span(edge, role)] }
      : { spans: [span(symbols.vertical, role), ...spans, span(edge, role)] }
  })
  return [topBorder(frame, inner, role), ...body, bottomBorder(symbols, inner, role)].slice(0, height)
}

/** The columns inside a box of this width. */
export const BOX_BORDER = 2

function selected(one: Span): Span {
  return { ...one, isSelected: true }
}

function topBorder({ title, note = '', symbols, hasFocus }: BoxFrame, inner: number, role: Role): Line {
  const { topLeft, topRight, horizontal } = symbols
  const name = span(` ${title} `, hasFocus ? 'title' : 'bold')
  const right = note === '' ? '' : ` ${note} ${horizontal}`
  const head = fitLine(
    { spans: [span(horizontal, role), name] },
    Math.min(inner, displayWidth(title) + 3),
    symbols.ellipsis,
  )
  const used = Math.min(inner, displayWidth(title) + 3)
  const fits = used + displayWidth(right) <= inner
  const rule = horizontal.repeat(Math.max(0, inner - used - (fits ? displayWidth(right) : 0)))
  return {
    spans: [
      span(topLeft, role),
      ...head.spans,
      span(rule, role),
      ...(fits ? [span(right, 'dim')] : []),
      span(topRight, role),
    ],
  }
}

function bottomBorder({ bottomLeft, bottomRight, horizontal }: Symbols, inner: number, role: Role): Line {
  return { spans: [span(`${bottomLeft}${horizontal.repeat(inner)}${bottomRight}`, role)] }
}

function thumbRows({ scroll }: BoxFrame, rows: number): readonly [number, number] | undefined {
  if (scroll === undefined || scroll.count <= rows || rows === 0) return undefined
  const length = Math.max(1, Math.round((rows * rows) / scroll.count))
  const first = Math.round((scroll.top / Math.max(1, scroll.count - rows)) * (rows - length))
  return [first, first + length - 1]
}
