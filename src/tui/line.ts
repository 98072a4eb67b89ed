import { clipText, displayWidth } from './display-width.ts'

/** What a piece of text means; the theme says how that looks. */
export type Role = 'plain' | 'dim' | 'bold' | 'good' | 'bad' | 'warn' | 'accent' | 'title' | 'key'

/** A piece of one line in one look. */
export interface Span {
  readonly text: string
  readonly role?: Role | undefined
  /** The cursor is on it: drawn in reverse. */
  readonly isSelected?: boolean
}

/** One line of the screen. */
export interface Line {
  readonly spans: readonly Span[]
  /** The cursor is on it: drawn in reverse. */
  readonly isSelected?: boolean
}

export const EMPTY_LINE: Line = { spans: [] }

/** A line of one look, or of spans and plain texts one after the other. */
export function line(...parts: readonly (string | Span)[]): Line {
  return { spans: parts.map(part => (typeof part === 'string' ? { text: part } : part)) }
}

export function span(text: string, role?: Role): Span {
  return { text, role }
}

/** The line as plain text. */
export function textOf({ spans }: Line): string {
  return spans.map(({ text }) => text).join('')
}

/** Columns that the line takes. */
export function lineWidth({ spans }: Line): number {
  return spans.reduce((width, { text }) => width + displayWidth(text), 0)
}

/** The line in exactly `width` columns: cut with `ellipsis`, or filled with blanks. */
export function fitLine(fitted: Line, width: number, ellipsis = '…'): Line {
  const spans: Span[] = []
  let left = width
  const total = lineWidth(fitted)
  for (const one of fitted.spans) {
    if (left <= 0) break
    const own = displayWidth(one.text)
    const isCut = own > left || (own === left && total > width)
    const text = isCut ? clipText(own > left ? one.text : `${one.text} `, left, ellipsis) : one.text
    spans.push(text === one.text ? one : { ...one, text })
    left -= displayWidth(text)
  }
  if (left > 0) spans.push({ text: ' '.repeat(left) })
  return { ...fitted, spans }
}

/** `left` and `right` at the two ends of `width` columns; `right` goes first when there is too little room. */
export function spread(left: Line, right: Line, width: number, ellipsis = '…'): Line {
  const room = width - lineWidth(right)
  if (room < Math.min(lineWidth(left), 8)) return fitLine(left, width, ellipsis)
  return { spans: [...fitLine(left, room, ellipsis).spans, ...right.spans] }
}
