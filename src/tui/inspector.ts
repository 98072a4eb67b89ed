import type { Act, ActOutcome } from '../inspect/act.ts'
import type { LiveCapture } from '../inspect/live-capture.ts'
import { Pace } from '../inspect/pace.ts'
import type { RunLimits } from '../inspect/run-along.ts'
import type { Stop, TimeMachine } from '../inspect/time-machine.ts'
import type { LabNode } from '../lab/node.ts'
import type { StateRow } from '../state/table.ts'
import { ACTIONS } from './actions.ts'
import { Freshness } from './freshness.ts'
import { actionOf } from './keymap.ts'
import type { Line, Role } from './line.ts'
import { MarkIndex } from './mark-index.ts'
import { editPrompt, type Prompt, type PromptKind, promptText } from './prompt.ts'
import { PROMPTS } from './prompts.ts'
import { renderScreen } from './screen.ts'
import { screenOf } from './screen-of.ts'
import { newPlace, newScreenState, type Place, type ScreenState } from './screen-state.ts'
import { type SortOrder, sortTable } from './sort-table.ts'
import { type CellTable, cellTable, filterTable } from './table-layout.ts'
import type { Symbols } from './theme.ts'
import { type Picture, topologyPicture } from './topology/topology-picture.ts'
import { type RowTarget, rowKey, type View } from './view.ts'
import { TOPOLOGY, VIEWS } from './views/table.ts'

/** What the program has of the machine it runs on. */
export interface InspectorOptions {
  readonly machine: TimeMachine
  /** First crumb. */
  readonly labName: string
  readonly symbols: Symbols
  readonly hasUnicode: boolean
  readonly columns: number
  readonly rows: number
  /** View at the start. */
  readonly view?: string
  /** A steady clock, milliseconds. */
  readonly wallMs: () => number
  /** Names in a folder of the real machine, folders with a slash; for completion. */
  readonly listFolder: (path: string) => readonly string[]
  /** Absolute path of a path as typed. */
  readonly resolvePath: (path: string) => string
  /** A text with the paths in it as the user would write them. */
  readonly shorten: (text: string) => string
  /** Writes a file of the real machine; throws when it cannot. False: there is one, which must not be replaced. */
  readonly writeFile: (path: string, text: string, mayReplace: boolean) => boolean
  /** Ends the program. */
  readonly leave: () => void
}

/** Most events of one tick while playing at full speed. Ours: about a frame's time. */
const EVENTS_PER_TICK = 4000
const HISTORY_LENGTH = 500
/** So long after a key no copy of the lab is begun: that takes up to a second, in which keys would not be heard. */
const PAUSE_MS = 2000
/** Keys pressed while something takes long; more are dropped, so that a key held down does not go on for minutes. */
const MOST_WAITING = 16

/**
 * The program without its terminal: keys in, screens out. It owns the time machine; what is on the screen besides the lab is
 * one immutable state.
 */
export class Inspector {
  readonly machine: TimeMachine
  readonly options: InspectorOptions
  readonly pace: Pace
  readonly histories = new Map<PromptKind, string[]>()
  /** Paths of the scenarios that were written. */
  readonly saved = new Set<string>()
  capture: LiveCapture | undefined
  /** The capture's filter as it is now. */
  captureFilter = ''
  state: ScreenState
  columns: number
  rows: number
  #version = 0
  #abort: AbortController | undefined
  #turn: Promise<unknown> = Promise.resolve()
  #waiting = 0
  /** How often work was interrupted: what waited then does not come. */
  #interruptions = 0
  #isTicking = false
  #pressedAtMs: number
  #rows: { view: string; node: string | undefined; table: CellTable } | undefined
  readonly #rowsAge: Freshness
  #arranged: { of: CellTable; filter: string; sort: SortOrder | undefined; table: CellTable } | undefined
  #picture: Picture | undefined
  readonly #pictureAge: Freshness
  readonly #marks = new MarkIndex()
  readonly #listeners = new Set<() => void>()

  constructor(options: InspectorOptions) {
    this.options = options
    this.machine = options.machine
    this.pace = new Pace(options.wallMs)
    this.#rowsAge = new Freshness(options.wallMs)
    this.#pictureAge = new Freshness(options.wallMs)
    this.#pressedAtMs = options.wallMs()
    this.columns = options.columns
    this.rows = options.rows
    this.state = newScreenState(options.view ?? 'nodes')
  }

  /** Grows with every change of what is drawn. */
  get version(): number {
    return this.#version
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Says that the lab has changed. */
  changed(): undefined {
    this.#version += 1
    for (const listener of this.#listeners) listener()
  }

  set(patch: Partial<ScreenState>): undefined {
    this.state = { ...this.state, ...patch }
    this.changed()
  }

  say(text: string, role: Role = 'plain'): undefined {
    this.set({ message: { text, role } })
  }

  /** Takes the size of the terminal, before a frame is drawn. */
  fit(columns: number, rows: number): void {
    this.columns = columns
    this.rows = rows
  }

  /** The screen as it is now: exactly `rows` lines of `columns` columns. */
  frame(): readonly Line[] {
    return renderScreen(screenOf(this))
  }

  get place(): Place {
    return this.state.trail.at(-1)!
  }

  setPlace(patch: Partial<Place>): undefined {
    this.set({ trail: [...this.state.trail.slice(0, -1), { ...this.place, ...patch }] })
  }

  /** Shows a view; Esc comes back. */
  show(name: string, node?: string): undefined {
    const { trail } = this.state
    const at = trail.findIndex(({ view }) => view === name)
    const kept = at < 0 ? trail : trail.slice(0, at)
    const place = at < 0 ? newPlace(name) : trail[at]!
    this.set({
      trail: [...kept, place],
      overlay: undefined,
      focus: 'main',
      ...(node === undefined ? {} : { node }),
    })
  }

  /** Undefined: the topology. */
  get view(): View | undefined {
    return VIEWS.find(({ name }) => name === this.place.view)
  }

  get isTopology(): boolean {
    return this.place.view === TOPOLOGY.name
  }

  /** The node whose rows are shown: the chosen one, else the first router. */
  get labNode(): LabNode | undefined {
    const { lab } = this.machine
    const chosen = this.state.node === undefined ? undefined : lab.node(this.state.node)
    return chosen ?? lab.nodes().find(({ router }) => router !== undefined) ?? lab.nodes()[0]
  }

  /** Rows of the view, filtered and in order. Computed once for each revision of the lab. */
  table(): CellTable {
    const { view } = this
    if (view === undefined) return { columns: [], rows: [], cells: [], widths: [] }
    const node = this.labNode
    const { revision, lab } = this.machine
    const name = view.scope === 'node' ? node?.containerName : undefined
    const isOther = this.#rows?.view !== view.name || this.#rows.node !== name
    if (this.#rows === undefined || isOther || this.#rowsAge.isOver(revision, this.pace.isPlaying)) {
      const table = this.#rowsAge.measure(revision, () =>
        cellTable(view.columns, view.scope === 'node' && node === undefined ? [] : view.rows(lab, node)),
      )
      this.#rows = { view: view.name, node: name, table }
    }
    const { table } = this.#rows
    const { filter, sort } = this.place
    const arranged = this.#arranged
    if (arranged?.of === table && arranged.filter === filter && arranged.sort === sort) return arranged.table
    this.#arranged = { of: table, filter, sort, table: sortTable(filterTable(table, filter), sort) }
    return this.#arranged.table
  }

  /** Position of the row with the cursor. */
  cursor(): number {
    const { rows } = this.table()
    const { cursor, cursorKey } = this.place
    const { view } = this
    if (view === undefined || rows.length === 0) return 0
    const isThere = (index: number): boolean => rows[index] !== undefined && rowKey(view, rows[index]) === cursorKey
    if (cursorKey === undefined || isThere(cursor)) return Math.min(cursor, rows.length - 1)
    const found = rows.findIndex((_, index) => isThere(index))
    return found < 0 ? Math.min(cursor, rows.length - 1) : found
  }

  row(): StateRow | undefined {
    return this.table().rows[this.cursor()]
  }

  /** For the time bar. */
  markIndex(): MarkIndex {
    return this.#marks.update(this.machine.marks)
  }

  picture(): Picture {
    const { revision, lab } = this.machine
    if (this.#picture === undefined || this.#pictureAge.isOver(revision, this.pace.isPlaying))
      this.#picture = this.#pictureAge.measure(revision, () => topologyPicture(lab))
    return this.#picture
  }

  /** Name in the topology of the node with the cursor there. */
  selectedNode(): string | undefined {
    const { nodes } = this.picture()
    const { selected } = this.state
    if (nodes.some(({ name }) => name === selected)) return selected
    return nodes.find(({ stateName }) => stateName === this.state.node)?.name ?? nodes[0]?.name
  }

  /** What keys act on: of the row with the cursor, or the node of the topology. */
  target(): RowTarget {
    if (this.isTopology) {
      const node = this.picture().nodes.find(({ name }) => name === this.selectedNode())
      return node === undefined ? {} : { node: node.stateName }
    }
    const row = this.row()
    const own = row === undefined ? {} : (this.view?.target?.(row) ?? {})
    const node = own.node ?? (this.view?.scope === 'node' ? this.state.node : undefined)
    return node === undefined ? own : { ...own, node }
  }

  /** Does what a key asks for. Resolves when it is done, which may take long; the screen changes meanwhile. */
  async press(key: string): Promise<void> {
    this.#pressedAtMs = this.options.wallMs()
    if (this.state.prompt !== undefined) return this.#type(this.state.prompt, key)
    const action = actionOf(key)
    if (this.state.message !== undefined) this.set({ message: undefined })
    if (action === undefined) return this.say(`${key} does nothing; ? lists the keys`, 'dim')
    await ACTIONS[action](this, key)
  }

  async #type(prompt: Prompt, key: string): Promise<void> {
    const { submit, candidates, onChange } = PROMPTS[prompt.kind]
    if (key === 'escape' || key === 'ctrl-c') {
      onChange?.(this, prompt.initial)
      return this.set({ prompt: undefined, message: undefined })
    }
    const text = promptText(prompt)
    if (key === 'enter') {
      this.set({ prompt: undefined, message: undefined })
      this.#remember(prompt.kind, text)
      return submit(this, text.trim())
    }
    const edited = editPrompt(prompt, key, this.histories.get(prompt.kind) ?? [], candidates(this, text))
    if (edited === undefined) return
    this.set({ prompt: edited })
    onChange?.(this, promptText(edited))
  }

  #remember(kind: PromptKind, text: string): undefined {
    if (text.trim() === '') return
    const history = this.histories.get(kind) ?? []
    this.histories.set(kind, [...history.filter(one => one !== text), text].slice(-HISTORY_LENGTH))
  }

  get isBusy(): boolean {
    return this.#waiting > 0
  }

  /** Ends what takes long, and what waits for it. False when there is nothing. */
  interrupt(): boolean {
    if (this.#abort === undefined) return false
    this.#interruptions += 1
    this.#abort.abort()
    return true
  }

  /**
   * Runs one thing that takes long; playing stops. What is asked for meanwhile waits for its turn. Undefined when it was
   * interrupted before, or when too much is waiting.
   */
  async operate<Result>(text: string, run: (limits: RunLimits) => Promise<Result>): Promise<Result | undefined> {
    if (this.#waiting >= MOST_WAITING) return undefined
    this.pace.pause()
    const { state } = this
    const interruptions = this.#interruptions
    const before = this.#turn
    this.#waiting += 1
    if (state.busy === undefined) this.set({ busy: text })
    const turn = before.then(async () => {
      if (interruptions !== this.#interruptions) return undefined
      this.#abort = new AbortController()
      this.set({ busy: text })
      return run({ signal: this.#abort.signal })
    })
    this.#turn = turn.catch(() => undefined)
    try {
      return await turn
    } finally {
      this.#waiting -= 1
      if (this.#waiting === 0) {
        this.#abort = undefined
        this.set({ busy: undefined })
      }
    }
  }

  /** Does an act and tells what became of it. */
  async act(act: Act): Promise<ActOutcome | undefined> {
    const outcome = await this.operate('acting', () => this.machine.act(act))
    if (outcome === undefined) return undefined
    if (outcome.ok) this.say([outcome.dated.text, ...outcome.notes].join('; '), 'good')
    else this.say(outcome.message, 'bad')
    return outcome
  }

  /** To be called some thirty times a second: lets time pass while playing, and prepares the way back while not. */
  async tick(): Promise<void> {
    if (this.#isTicking || this.isBusy) return
    this.#isTicking = true
    try {
      if (!this.pace.isPlaying) {
        await this.machine.idle(EVENTS_PER_TICK, this.options.wallMs() - this.#pressedAtMs >= PAUSE_MS)
        return
      }
      const stop: Stop = await this.machine.runTo(this.pace.dueNs(this.machine.nowNs), { maxEvents: EVENTS_PER_TICK })
      if (stop === 'quiet') {
        this.pace.pause()
        this.say('nothing more will happen in the lab', 'dim')
      }
      this.changed()
    } finally {
      this.#isTicking = false
    }
  }
}
