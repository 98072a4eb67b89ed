import type { Line, Role } from './line.ts'

/** The drawing characters of a terminal. */
export interface Symbols {
  readonly horizontal: string
  readonly vertical: string
  readonly topLeft: string
  readonly topRight: string
  readonly bottomLeft: string
  readonly bottomRight: string
  readonly ellipsis: string
  readonly crumb: string
  readonly play: string
  readonly pause: string
  readonly busy: string
  readonly cursor: string
  readonly hidden: string
  readonly good: string
  readonly bad: string
  readonly up: string
  readonly down: string
  readonly arrow: string
  readonly bar: string
  readonly barDone: string
  readonly scroll: string
}

const UNICODE: Symbols = {
  horizontal: '─',
  vertical: '│',
  topLeft: '┌',
  topRight: '┐',
  bottomLeft: '└',
  bottomRight: '┘',
  ellipsis: '…',
  crumb: '›',
  play: '▶',
  pause: '‖',
  busy: '◌',
  cursor: '▸',
  hidden: '◂',
  good: '✓',
  bad: '✗',
  up: '▴',
  down: '▾',
  arrow: '→',
  bar: '┄',
  barDone: '━',
  scroll: '┃',
}

const ASCII: Symbols = {
  horizontal: '-',
  vertical: '|',
  topLeft: '+',
  topRight: '+',
  bottomLeft: '+',
  bottomRight: '+',
  ellipsis: '~',
  crumb: '>',
  play: '>',
  pause: '=',
  busy: '*',
  cursor: '>',
  hidden: '<',
  good: '+',
  bad: 'x',
  up: '^',
  down: 'v',
  arrow: '->',
  bar: '.',
  barDone: '=',
  scroll: '#',
}

/** SGR parameters by role. The sixteen colours only, so that the terminal's own palette holds. */
const COLOURS: Readonly<Record<Role, string>> = {
  plain: '',
  dim: '2',
  bold: '1',
  good: '32',
  bad: '31;1',
  warn: '33',
  accent: '36',
  title: '1;36',
  key: '1;34',
}

/** With NO_COLOR: weight only. */
const WEIGHTS: Readonly<Record<Role, string>> = {
  plain: '',
  dim: '2',
  bold: '1',
  good: '',
  bad: '1',
  warn: '1',
  accent: '',
  title: '1',
  key: '1',
}

/** How the program looks on this terminal. */
export interface Theme {
  readonly symbols: Symbols
  /** The line as a terminal takes it, with SGR sequences (ECMA-48 8.3.117). */
  paint(line: Line): string
}

export interface ThemeOptions {
  readonly hasColour: boolean
  readonly hasUnicode: boolean
}

export function makeTheme({ hasColour, hasUnicode }: ThemeOptions): Theme {
  const sgr = hasColour ? COLOURS : WEIGHTS
  return {
    symbols: hasUnicode ? UNICODE : ASCII,
    paint(line) {
      let painted = ''
      for (const { text, role = 'plain', isSelected = line.isSelected } of line.spans) {
        // a selected line is in reverse as a whole: dim text would not be readable there
        const parameters = isSelected
          ? role === 'dim'
            ? '7'
            : `7${sgr[role] === '' ? '' : `;${sgr[role]}`}`
          : sgr[role]
        painted += parameters === '' ? text : `\u001b[${parameters}m${text}\u001b[0m`
      }
      return painted
    },
  }
}
