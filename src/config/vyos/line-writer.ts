import type { SourceRef } from '../../model/source.ts'
import type { Diagnostic } from '../diagnostic.ts'
import type { ConfigNode } from './tree.ts'

export interface GeneratedLine {
  readonly text: string
  readonly source: SourceRef
}

/** Gathers the FRR lines that VyOS would generate, each with the node it came from, and the errors of its commit. */
export class LineWriter {
  readonly lines: GeneratedLine[] = []
  readonly diagnostics: Diagnostic[] = []
  readonly file: string

  constructor(file: string) {
    this.file = file
  }

  /** Writes a line. */
  add(text: string, node: ConfigNode): void {
    this.lines.push({ text: text.replaceAll(/\s+/g, ' '), source: this.sourceOf(node) })
  }

  /** Writes a line when the node is there. */
  addIf(node: ConfigNode | undefined, text: string): void {
    if (node !== undefined) this.add(text, node)
  }

  /** What the commit of VyOS would refuse. */
  refuse(message: string, node: ConfigNode): void {
    this.diagnostics.push({ code: 'vyos/commit', severity: 'error', message, source: this.sourceOf(node) })
  }

  warn(message: string, node: ConfigNode): void {
    this.diagnostics.push({ code: 'vyos/warning', severity: 'warning', message, source: this.sourceOf(node) })
  }

  /** What VyOS does and the simulation does not. */
  unmodelled(what: string, node: ConfigNode): void {
    const message = `${what} is not modelled`
    this.diagnostics.push({ code: 'vyos/not-modelled', severity: 'unmodelled', message, source: this.sourceOf(node) })
  }

  sourceOf({ line, column }: { readonly line: number; readonly column: number }): SourceRef {
    return { file: this.file, line, column }
  }
}
