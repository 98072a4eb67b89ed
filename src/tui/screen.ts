/*
 * The whole screen as lines, from plain data: nothing here knows the lab, ink or a terminal. From the top: where one is and
 * when, the main pane, a second pane when one is open, the time bar, and the last line: prompt, message or keys.
 */
import { BOX_BORDER, box } from './box.ts'
import { displayWidth } from './display-width.ts'
import { KEYMAP } from './keymap.ts'
import { EMPTY_LINE, fitLine, type Line, line, lineWidth, type Role, type Span, span, spread } from './line.ts'
import type { EditedLine } from './line-editor.ts'
import type { MarkIndex } from './mark-index.ts'
import { type CellTable, tableLines } from './table-layout.ts'
import type { Symbols } from './theme.ts'
import { timeBar } from './time-bar.ts'
import { type DrawnPath, drawTopology } from './topology/draw-topology.ts'
import type { Picture } from './topology/topology-picture.ts'

/** Lines of which some are seen; `lineAt` is called for those only. */
export interface LineList {
  readonly count: number
  readonly lineAt: (index: number) => Line
}

export type MainPane =
  | {
      readonly kind: 'table'
      readonly title: string
      readonly note: string
      readonly table: CellTable
      readonly cursor: number
      readonly top: number
      readonly shift: number
      /** Told when there is no row. */
      readonly nothing: string
    }
  | {
      readonly kind: 'topology'
      readonly title: string
      readonly note: string
      readonly picture: Picture
      readonly selected: string | undefined
      readonly paths: readonly DrawnPath[]
    }
  /** Text to read: help, an answer, a row in full. */
  | {
      readonly kind: 'text'
      readonly title: string
      readonly note: string
      readonly lines: LineList
      readonly top: number
    }
  | {
      readonly kind: 'menu'
      readonly title: string
      readonly note: string
      readonly lines: LineList
      readonly cursor: number
      readonly top: number
    }

export interface BottomPane {
  readonly title: string
  readonly note: string
  readonly lines: LineList
  readonly cursor: number
  readonly top: number
  readonly nothing: string
}

export interface PromptLine {
  readonly label: string
  readonly line: EditedLine
  /** What Tab offers. */
  readonly candidates: readonly string[]
}

export interface Clock {
  readonly nowNs: number
  /** What of the run the time bar shows. */
  readonly fromNs: number
  readonly toNs: number
  readonly isPlaying: boolean
  readonly speed: number
  /** `settled`, `not settled`, or what is being done. */
  readonly state: string
  readonly isBusy: boolean
  readonly marks: Pick<MarkIndex, 'has'>
}

export interface Screen {
  readonly columns: number
  readonly rows: number
  readonly symbols: Symbols
  readonly hasUnicode: boolean
  /** Lab, node, view. */
  readonly crumbs: readonly string[]
  readonly clock: Clock
  readonly main: MainPane
  readonly bottom: BottomPane | undefined
  readonly focus: 'main' | 'bottom'
  readonly prompt: PromptLine | undefined
  readonly message: { readonly text: string; readonly role: Role } | undefined
}

/** Smallest screen that is drawn. */
export const SMALLEST = { columns: 40, rows: 10 } as const

/** Header, time bar and last line. */
const FIXED_ROWS = 3
const BOTTOM_SHARE = 0.4
const BOTTOM_ROWS_MIN = 5

/** Rows of the two panes, borders included. */
export function paneRows(rows: number, hasBottom: boolean): { readonly main: number; readonly bottom: number } {
  const room = Math.max(0, rows - FIXED_ROWS)
  if (!hasBottom) return { main: room, bottom: 0 }
  const bottom = Math.min(room, Math.max(BOTTOM_ROWS_MIN, Math.floor(room * BOTTOM_SHARE)))
  return { main: room - bottom, bottom }
}

/** Rows of a table or list that are seen in a pane of this many rows. */
export function rowsInside(kind: MainPane['kind'] | 'list', rows: number): number {
  return Math.max(1, rows - BOX_BORDER - (kind === 'table' ? 1 : 0))
}

/** Exactly `rows` lines of exactly `columns` columns. */
export function renderScreen(screen: Screen): readonly Line[] {
  const { columns, rows, symbols } = screen
  if (columns < SMALLEST.columns || rows < SMALLEST.rows) return tooSmall(columns, rows)
  const panes = paneRows(rows, screen.bottom !== undefined)
  const { nowNs, fromNs, toNs, marks } = screen.clock
  return [
    header(screen),
    ...mainLines(screen, panes.main),
    ...bottomLines(screen, panes.bottom),
    timeBar({ nowNs, fromNs, toNs, marks, width: columns, symbols }),
    fitLine(foot(screen), columns, symbols.ellipsis),
  ].map(one => fitLine(one, columns, symbols.ellipsis))
}

function tooSmall(columns: number, rows: number): readonly Line[] {
  const text = line(`make me ${SMALLEST.columns}x${SMALLEST.rows}`)
  return Array.from({ length: rows }, (_, index) => fitLine(index === 0 ? text : EMPTY_LINE, columns))
}

function header({ crumbs, clock, columns, symbols }: Screen): Line {
  const path: Span[] = [span(' drylab', 'title')]
  for (const [index, crumb] of crumbs.entries())
    path.push(span(` ${symbols.crumb} `, 'dim'), span(crumb, index === crumbs.length - 1 ? 'bold' : 'plain'))
  return spread({ spans: path }, clockLine(clock, symbols), columns, symbols.ellipsis)
}

function clockLine({ nowNs, isPlaying, speed, state, isBusy }: Clock, symbols: Symbols): Line {
  const sign = isBusy ? symbols.busy : isPlaying ? symbols.play : symbols.pause
  return line(
    span(`${sign} `, isBusy || isPlaying ? 'good' : 'warn'),
    span(preciseTime(nowNs), 'bold'),
    span(`  ${speedText(speed)}`, 'dim'),
    span(`  ${state} `, isBusy ? 'warn' : 'dim'),
  )
}

/** `1m01.204312s`, `2h00m02.700908s`: to the microsecond, so that a step of one event is seen. */
export function preciseTime(atNs: number): string {
  const minutes = Math.floor(atNs / 60e9)
  const hours = Math.floor(minutes / 60)
  const seconds = ((atNs - minutes * 60e9) / 1e9).toFixed(6)
  if (minutes === 0) return `${seconds}s`
  const rest = `m${seconds.padStart(9, '0')}s`
  return hours === 0 ? `${minutes}${rest}` : `${hours}h${String(minutes % 60).padStart(2, '0')}${rest}`
}

function speedText(speed: number): string {
  return speed === Number.POSITIVE_INFINITY ? 'max' : `${speed}x`
}

function mainLines(screen: Screen, height: number): readonly Line[] {
  const { main, columns, symbols, focus, hasUnicode } = screen
  const hasFocus = focus === 'main'
  const frame = { title: main.title, note: main.note, width: columns, height, hasFocus, symbols }
  const inner = { width: columns - BOX_BORDER, height: Math.max(0, height - BOX_BORDER) }
  if (main.kind === 'topology') {
    const { picture, selected, paths } = main
    return box(drawTopology(picture, { ...inner, selected, paths, hasUnicode }), frame)
  }
  if (main.kind === 'table') {
    const { table, cursor, top, shift } = main
    const count = table.rows.length
    if (count === 0) return box([EMPTY_LINE, line(span(`  ${main.nothing}`, 'dim'))], frame)
    return box(tableLines(table, { ...inner, cursor, top, shift, symbols, hasFocus }), {
      ...frame,
      scroll: { top, count: count + 1 },
    })
  }
  const cursor = main.kind === 'menu' ? main.cursor : -1
  return box(listLines(main.lines, main.top, inner.height, cursor, hasFocus, symbols), {
    ...frame,
    scroll: { top: main.top, count: main.lines.count },
  })
}

function bottomLines({ bottom, columns, symbols, focus }: Screen, height: number): readonly Line[] {
  if (bottom === undefined) return []
  const { title, note, lines, cursor, top, nothing } = bottom
  const hasFocus = focus === 'bottom'
  const frame = { title, note, width: columns, height, hasFocus, symbols, scroll: { top, count: lines.count } }
  if (lines.count === 0) return box([line(span(`  ${nothing}`, 'dim'))], frame)
  return box(listLines(lines, top, Math.max(0, height - BOX_BORDER), cursor, hasFocus, symbols), frame)
}

function listLines(
  { count, lineAt }: LineList,
  top: number,
  height: number,
  cursor: number,
  hasFocus: boolean,
  symbols: Symbols,
): readonly Line[] {
  const lines: Line[] = []
  for (let index = Math.max(0, top); index < count && lines.length < height; index += 1) {
    const { spans } = lineAt(index)
    const isCursor = index === cursor
    const margin = cursor < 0 ? ' ' : isCursor ? `${symbols.cursor} ` : '  '
    lines.push({ spans: [{ text: margin }, ...spans], isSelected: isCursor && hasFocus })
  }
  return lines
}

function foot({ prompt, message, columns, bottom, clock }: Screen): Line {
  if (prompt !== undefined) return promptLine(prompt, columns)
  if (message !== undefined) return line(span(` ${message.text}`, message.role))
  const hints = KEYMAP.flatMap(({ keys, hint }) => (hint === undefined ? [] : [{ key: keys[0]!, ...hint }]))
  const spans: Span[] = []
  let width = 0
  for (const { key, text } of [...hints].sort((a, b) => a.rank - b.rank)) {
    const label = text === 'play' && clock.isPlaying ? 'pause' : text
    const pair = [span(` ${KEY_NAMES[key] ?? key}`, 'key'), span(` ${label} `, 'dim')]
    width += lineWidth({ spans: pair })
    if (width > columns) break
    spans.push(...pair)
  }
  if (bottom !== undefined && width + 12 <= columns) spans.push(span(' Tab', 'key'), span(' pane', 'dim'))
  return { spans }
}

const KEY_NAMES: Readonly<Record<string, string>> = { space: 'Space', enter: 'Enter', escape: 'Esc' }

/** The end of a long line is seen, with the cursor; then what Tab offers. */
function promptLine({ label, line: edited, candidates }: PromptLine, columns: number): Line {
  const room = Math.max(8, columns - displayWidth(label) - 3)
  const from = Math.max(0, edited.at - room + 1)
  const before = edited.text.slice(from, edited.at).join('')
  const at = edited.text[edited.at] ?? ' '
  const after = edited.text.slice(edited.at + 1).join('')
  const offered = candidates.length === 0 ? '' : `   ${candidates.slice(0, 12).join('  ')}`
  return line(span(` ${label}`, 'key'), before, { text: at, isSelected: true }, after, span(offered, 'dim'))
}
