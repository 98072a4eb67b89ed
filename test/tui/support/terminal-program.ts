import { join } from 'node:path'
import * as pty from '@lydell/node-pty'
import headless from '@xterm/headless'
import { ROOT } from '../../support/open-settled-lab.ts'

export interface ProgramOptions {
  readonly columns?: number
  readonly rows?: number
  readonly environment?: Readonly<Record<string, string>>
  /** Words instead of `drylab …`. */
  readonly command?: readonly string[]
}

/** Text that stands on the screen before the program starts. */
export const BEFORE = 'what was there before'

/** A program in a real pseudo-terminal, with the screen that a terminal would show. */
export class TerminalProgram {
  readonly screen: headless.Terminal
  /** Everything it wrote. */
  written = ''
  exitCode: number | undefined
  readonly #process: pty.IPty

  constructor(args: readonly string[], options: ProgramOptions = {}) {
    const { columns = 80, rows = 24, environment = {} } = options
    const [file = '', ...words] = options.command ?? [process.execPath, join(ROOT, 'dist/cli/main.js'), ...args]
    this.screen = new headless.Terminal({ cols: columns, rows, allowProposedApi: true })
    this.screen.write(`${BEFORE}\r\n`)
    const { NO_COLOR: _, FORCE_COLOR: __, ...rest } = process.env as Record<string, string>
    this.#process = pty.spawn(file, words, {
      name: 'xterm-256color',
      cols: columns,
      rows,
      cwd: ROOT,
      env: { ...rest, TERM: 'xterm-256color', LC_ALL: 'C.UTF-8', ...environment },
    })
    this.#process.onData(text => {
      this.written += text
      this.screen.write(text)
    })
    this.#process.onExit(({ exitCode }) => {
      this.exitCode = exitCode
    })
  }

  /** Lines of the screen without blanks at their ends. */
  lines(): readonly string[] {
    const { buffer, rows } = this.screen
    return Array.from(
      { length: rows },
      (_, row) =>
        buffer.active.getLine(buffer.active.viewportY + row)?.translateToString(true, 0, this.screen.cols) ?? '',
    )
  }

  text(): string {
    return this.lines().join('\n')
  }

  get isOnAlternateScreen(): boolean {
    return this.screen.buffer.active.type === 'alternate'
  }

  press(...keys: readonly string[]): void {
    for (const key of keys) this.#process.write(KEYS[key] ?? key)
  }

  kill(signal: string): void {
    this.#process.kill(signal)
  }

  resize(columns: number, rows: number): void {
    this.screen.resize(columns, rows)
    this.#process.resize(columns, rows)
  }

  /** Waits until the screen has the text; throws with the screen when it never comes. */
  async shows(text: string | RegExp, limitMs = 15_000): Promise<void> {
    const isThere = (): boolean => (typeof text === 'string' ? this.text().includes(text) : text.test(this.text()))
    await this.#until(isThere, limitMs, () => `the screen never showed ${text}:\n${this.text()}`)
  }

  async ends(limitMs = 10_000): Promise<number> {
    await this.#until(
      () => this.exitCode !== undefined,
      limitMs,
      () => `it never ended:\n${this.text()}`,
    )
    // what it wrote last may still be on its way here, and then to the screen
    await new Promise(done => setTimeout(done, 50))
    await new Promise<void>(done => this.screen.write('', done))
    return this.exitCode!
  }

  close(): void {
    if (this.exitCode === undefined) this.#process.kill('SIGKILL')
    this.screen.dispose()
  }

  async #until(isTrue: () => boolean, limitMs: number, complaint: () => string): Promise<void> {
    const end = performance.now() + limitMs
    while (!isTrue()) {
      if (performance.now() > end) throw new Error(complaint())
      await new Promise(done => setTimeout(done, 20))
    }
  }
}

const KEYS: Readonly<Record<string, string>> = {
  enter: '\r',
  escape: '\u001b',
  tab: '\t',
  up: '\u001b[A',
  down: '\u001b[B',
  right: '\u001b[C',
  left: '\u001b[D',
  pagedown: '\u001b[6~',
  home: '\u001b[H',
  end: '\u001b[F',
  backspace: '\u007f',
  'ctrl-c': '\u0003',
  'ctrl-w': '\u0017',
}
