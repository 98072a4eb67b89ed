import type { SourceRef } from '../../model/source.ts'
import type { Diagnostic } from '../diagnostic.ts'

interface Entry {
  readonly code: string
  readonly severity: Diagnostic['severity']
  readonly message: string
  readonly source: SourceRef
  readonly furtherLines: number[]
  blockLines: number
}

const FURTHER_LINES_SHOWN = 6

/** Gathers what a reader has to say; things that are not modelled are said once, with the other lines named. */
export class DiagnosticCollector {
  readonly #entries: Entry[] = []
  readonly #unmodelled = new Map<string, Entry>()

  report(code: string, severity: Diagnostic['severity'], message: string, source: SourceRef): void {
    this.#entries.push({ code, severity, message, source, furtherLines: [], blockLines: 0 })
  }

  /** `what` reads well before "is not modelled". */
  unmodelled(code: string, what: string, source: SourceRef): void {
    const known = this.#unmodelled.get(what)
    if (known !== undefined) {
      if (known.source.line !== source.line) known.furtherLines.push(source.line)
      return
    }
    this.#addUnmodelled(code, what, source)
  }

  /** A block whose lines have no effect. Returns what counts a line of it. */
  unmodelledBlock(code: string, what: string, source: SourceRef): () => void {
    const entry = this.#addUnmodelled(code, what, source)
    return () => {
      entry.blockLines++
    }
  }

  #addUnmodelled(code: string, what: string, source: SourceRef): Entry {
    const message = `${what} is not modelled`
    const entry: Entry = { code, severity: 'unmodelled', message, source, furtherLines: [], blockLines: 0 }
    this.#entries.push(entry)
    this.#unmodelled.set(what, entry)
    return entry
  }

  diagnostics(): readonly Diagnostic[] {
    return this.#entries.map(entry => ({
      code: entry.code,
      severity: entry.severity,
      message: entry.message + suffix(entry),
      source: entry.source,
    }))
  }
}

function suffix(entry: Entry): string {
  if (entry.blockLines > 0) return `: its ${entry.blockLines} lines have no effect`
  const lines = entry.furtherLines
  if (lines.length === 0) return ''
  const more = lines.length - FURTHER_LINES_SHOWN
  const shown = lines.slice(0, FURTHER_LINES_SHOWN).join(', ')
  return ` (also line ${shown}${more > 0 ? ` and ${more} more` : ''})`
}
