import type { LoadedLab } from '../api/loaded-lab.ts'
import type { LabNode } from '../lab/node.ts'
import type { BackgroundCommand } from '../shell/terminal.ts'

/** Sends a notification to whoever drives the server. */
export type Notify = (method: string, params: Readonly<Record<string, unknown>>) => void

/** A capture that runs. */
export interface RunningCapture {
  readonly id: string
  readonly node: LabNode
  /** Whether tcpdump writes a file in place of lines. */
  readonly isFile: boolean
  readonly command: BackgroundCommand
  /** Characters of its output that have been notified. */
  told: number
}

/** One lab of a session, with what watches it. */
export class ServedLab {
  readonly id: string
  readonly loaded: LoadedLab
  readonly captures = new Map<string, RunningCapture>()
  readonly #kinds: readonly string[]
  readonly #notify: Notify
  #nextEntry = 0
  #nextCapture = 1

  /** @param kinds of journal entries to notify: `bgp.session`, or `bgp` for all that begin so; `*` for all */
  constructor(id: string, loaded: LoadedLab, kinds: readonly string[], notify: Notify) {
    this.id = id
    this.loaded = loaded
    this.#kinds = kinds
    this.#notify = notify
  }

  /** An identifier that no capture had. */
  nextCapture(): string {
    return `capture-${this.#nextCapture++}`
  }

  /** Notifies what has happened since it was called last. */
  tell(): void {
    this.#tellEvents()
    for (const capture of this.captures.values()) this.#tellPackets(capture)
  }

  #tellEvents(): void {
    const { entries, dropped } = this.loaded.lab.simulator.journal
    const next = Math.max(0, this.#nextEntry - dropped)
    if (this.#kinds.length > 0) {
      for (let at = next; at < entries.length; at++) {
        const { atNs, node, kind, detail } = entries[at]!
        if (this.#wants(kind)) this.#notify('lab.event', { lab: this.id, atNs, node, kind, detail })
      }
    }
    this.#nextEntry = dropped + entries.length
  }

  #wants(kind: string): boolean {
    return this.#kinds.some(one => one === '*' || kind === one || kind.startsWith(`${one}.`))
  }

  /** Whole lines only: one packet may have several, the further ones begin with white space. */
  #tellPackets(capture: RunningCapture): void {
    const text = capture.command.output().stdout
    const end = text.lastIndexOf('\n') + 1
    for (const line of text.slice(capture.told, end).split('\n')) {
      if (line !== '') this.#notify('capture.line', { lab: this.id, capture: capture.id, line })
    }
    capture.told = end
  }
}

/** What one connection has opened. */
export class Session {
  readonly labs = new Map<string, ServedLab>()
  readonly notify: Notify
  readonly breathe: () => Promise<void>
  #nextLab = 1

  /** @param breathe lets the program hear its driver while time passes */
  constructor(notify: Notify, breathe: () => Promise<void>) {
    this.notify = notify
    this.breathe = breathe
  }

  add(loaded: LoadedLab, kinds: readonly string[]): ServedLab {
    const served = new ServedLab(`lab-${this.#nextLab++}`, loaded, kinds, this.notify)
    this.labs.set(served.id, served)
    return served
  }

  /** Notifies what has happened in every lab. */
  tell(): void {
    for (const served of this.labs.values()) served.tell()
  }
}
