import { EMPTY_LINE, type Line, type Role, type Span } from '../line.ts'

/** Dots of a Braille character by column and row (Unicode 2800 to 28FF, ISO/TR 11548-1). */
const DOTS: readonly (readonly number[])[] = [
  [0x01, 0x02, 0x04, 0x40],
  [0x08, 0x10, 0x20, 0x80],
]
const DOT_COLUMNS = 2
const DOT_ROWS = 4

/** How a line is drawn. Later lines win where two cross. */
export interface Stroke {
  readonly role: Role
  /** Every how many dots one is left out; 0: none. */
  readonly gapEvery: number
}

interface Cell {
  dots: number
  text: string
  role: Role
  isSelected: boolean
}

/** A drawing of straight lines and texts in character cells: lines as Braille dots, or as `| / \ -` in ASCII. */
export class Canvas {
  readonly width: number
  readonly height: number
  readonly #hasUnicode: boolean
  readonly #cells: Cell[]

  constructor(width: number, height: number, hasUnicode: boolean) {
    this.width = width
    this.height = height
    this.#hasUnicode = hasUnicode
    this.#cells = Array.from({ length: width * height }, () => ({
      dots: 0,
      text: '',
      role: 'plain',
      isSelected: false,
    }))
  }

  /** A line between the middles of two columns; rows may be broken: 2.0 is the upper edge of row 2, 3.0 its lower one. */
  stroke(
    from: readonly [column: number, row: number],
    to: readonly [column: number, row: number],
    stroke: Stroke,
  ): void {
    const [x1, y1] = this.#dotOf(from)
    const [x2, y2] = this.#dotOf(to)
    const steps = Math.max(Math.abs(x2 - x1), Math.abs(y2 - y1), 1)
    const sign = this.#signOf(x2 - x1, y2 - y1)
    for (let step = 0; step <= steps; step += 1) {
      if (stroke.gapEvery > 0 && step % stroke.gapEvery === 0) continue
      this.#dot(
        Math.round(x1 + ((x2 - x1) * step) / steps),
        Math.round(y1 + ((y2 - y1) * step) / steps),
        sign,
        stroke.role,
      )
    }
  }

  /** A text from a cell on; it covers lines. ASCII and box characters only: one column each. */
  write(column: number, row: number, text: string, role: Role, isSelected = false): void {
    for (const [index, letter] of [...text].entries()) {
      const cell = this.#cell(column + index, row)
      if (cell === undefined) continue
      cell.text = letter
      cell.role = role
      cell.isSelected = isSelected
    }
  }

  lines(): readonly Line[] {
    return Array.from({ length: this.height }, (_, row) => this.#line(row))
  }

  #line(row: number): Line {
    const spans: Span[] = []
    for (let column = 0; column < this.width; column += 1) {
      const { dots, text, role, isSelected } = this.#cell(column, row)!
      const letter =
        text !== '' ? text : dots === 0 ? ' ' : this.#hasUnicode ? String.fromCodePoint(0x2800 + dots) : ASCII[dots]!
      const last = spans.at(-1)
      if (last !== undefined && last.role === role && last.isSelected === isSelected)
        spans[spans.length - 1] = { ...last, text: last.text + letter }
      else spans.push({ text: letter, role, isSelected })
    }
    return spans.length === 0 ? EMPTY_LINE : { spans }
  }

  #dotOf([column, row]: readonly [number, number]): readonly [number, number] {
    return this.#hasUnicode ? [column * DOT_COLUMNS, Math.round(row * DOT_ROWS)] : [column, Math.floor(row)]
  }

  #dot(x: number, y: number, sign: number, role: Role): void {
    const cell = this.#hasUnicode ? this.#cell(Math.floor(x / DOT_COLUMNS), Math.floor(y / DOT_ROWS)) : this.#cell(x, y)
    if (cell === undefined || cell.text !== '') return
    cell.dots = this.#hasUnicode ? cell.dots | DOTS[x % DOT_COLUMNS]![y % DOT_ROWS]! : sign
    cell.role = role
  }

  /** In ASCII a line is drawn with one character, by its slope. */
  #signOf(width: number, height: number): number {
    if (Math.abs(width) < Math.abs(height) / 2) return 1
    if (Math.abs(height) * 4 < Math.abs(width)) return 2
    return width > 0 === height > 0 ? 3 : 4
  }

  #cell(column: number, row: number): Cell | undefined {
    if (column < 0 || row < 0 || column >= this.width || row >= this.height) return undefined
    return this.#cells[row * this.width + column]
  }
}

const ASCII: readonly string[] = [' ', '|', '-', '\\', '/']
