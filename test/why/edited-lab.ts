import { join } from 'node:path'
import { realFiles } from '../../src/cli/real-files.ts'
import type { Lab } from '../../src/lab/lab.ts'
import type { SourceRef } from '../../src/model/source.ts'
import { openLab } from '../../src/shell/open-lab.ts'
import type { Answer, Step } from '../../src/why/answer.ts'
import { whyReach } from '../../src/why/reach.ts'
import { whyRoute } from '../../src/why/route.ts'
import { ROOT } from '../support/open-settled-lab.ts'

/** A text in a file of a lab, and what it is replaced by, everywhere in the file. */
export type Edit = readonly [file: string, from: string, to: string]

/** `route leaf1 10.0.0.0/24`, `reach host1 host3`, `reach host1 host3 1500` (bytes). */
export type QuestionText = string

/** The folder of a lab in the repository, with some of its files changed. */
export class EditedLab {
  readonly #folder: string
  readonly #texts = new Map<string, string>()

  readonly #entry: string

  constructor(folder: string, edits: readonly Edit[], entry = 'lab.clab.yml') {
    this.#folder = join(ROOT, folder)
    this.#entry = entry
    for (const [file, from, to] of edits) {
      const text = this.text(file)
      if (!text.includes(from)) throw new Error(`${folder}/${file} has no ${from}`)
      this.#texts.set(
        join(this.#folder, file),
        text.replaceAll(from, () => to),
      )
    }
  }

  text(file: string): string {
    const path = join(this.#folder, file)
    return this.#texts.get(path) ?? realFiles.readText(path)!
  }

  /** `file:line` of the first line with a text. */
  place(file: string, line: string): string {
    const index = this.text(file)
      .split('\n')
      .findIndex(text => text.includes(line))
    if (index < 0) throw new Error(`${file} has no ${line}`)
    return `${file}:${index + 1}`
  }

  /** `file:line` relative to the lab's folder. */
  placeOf({ file, line }: SourceRef): string {
    return `${file.replace(`${this.#folder}/`, '')}:${line}`
  }

  async ask(question: QuestionText): Promise<Answer> {
    return ask(await this.open(), question)
  }

  async open(): Promise<Lab> {
    const files = { ...realFiles, readText: (path: string) => this.#texts.get(path) ?? realFiles.readText(path) }
    const { lab, setup } = await openLab({ path: join(this.#folder, this.#entry), files, seed: 1 })
    if (setup.exitCode !== 0) throw new Error(setup.stderr)
    lab.simulator.runUntilQuiet(lab.simulator.nowNs + 900e9)
    lab.simulator.runUntil(lab.simulator.nowNs + 300e9)
    return lab
  }
}

export function ask(lab: Lab, question: QuestionText): Answer {
  const [kind, from = '', to = '', size] = question.split(' ')
  const answer =
    kind === 'route'
      ? whyRoute(lab, lab.node(from)!, to)!
      : whyReach(lab, from, to, size === undefined ? {} : { sizeBytes: Number(size) })
  if ('mistake' in answer) throw new Error(answer.mistake)
  return answer
}

/** The place of the first reason that names one: what the answer blames. */
export function blamed(steps: readonly Step[]): SourceRef | undefined {
  for (const step of steps) {
    if (step.outcome !== 'fail') continue
    const found = step.source ?? blamed(step.steps ?? [])
    if (found !== undefined) return found
  }
  return undefined
}
