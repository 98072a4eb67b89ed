import type { SourceRef } from '../model/source.ts'
import type { Answer, Step } from './answer.ts'

/** How an answer is drawn. */
export interface AnswerStyle {
  /** ✓ ✗ · or plain ASCII: + x -. */
  readonly marks: 'unicode' | 'ascii'
  /** Columns a line may have before it is broken. */
  readonly width: number
  readonly good?: (text: string) => string
  readonly bad?: (text: string) => string
  readonly dim?: (text: string) => string
  /** Taken away from the beginning of file names: the working folder, with its slash. */
  readonly folder?: string
}

const MARKS = {
  unicode: { pass: '✓', fail: '✗', info: '·' },
  ascii: { pass: '+', fail: 'x', info: '-' },
} as const

const PLAIN_STYLE: AnswerStyle = { marks: 'unicode', width: 80 }

/** Lines for a terminal: the verdict first, then the steps, each below the one that it explains. No line end at the end. */
export function renderAnswer(answer: Answer, style: AnswerStyle = PLAIN_STYLE): string {
  const { verdict, isPositive, steps } = answer
  const lines = [...drawn(verdict, isPositive ? 'pass' : 'fail', '', style)]
  for (const [index, step] of steps.entries()) {
    // a verdict that ends with its reason is not followed by the same words
    const isSaid = index === 0 && verdict.endsWith(step.text)
    lines.push(...(isSaid ? saidLines(step, style) : stepLines(step, '  ', style)))
  }
  return lines.join('\n')
}

/** `file:line`, as editors take it. */
function sourceText({ file, line }: SourceRef): string {
  return `${file}:${line}`
}

/** Of a step whose text stands in the verdict: its place and what it rests on. */
function saidLines({ source, steps = [] }: Step, style: AnswerStyle): readonly string[] {
  const place =
    source === undefined ? [] : [`  ${(style.dim ?? plain)(sourceText(withoutFolder(source, style.folder)))}`]
  return [...place, ...steps.flatMap(step => stepLines(step, '  ', style))]
}

function withoutFolder(source: SourceRef, folder = ''): SourceRef {
  return source.file.startsWith(folder) ? { ...source, file: source.file.slice(folder.length) } : source
}

function stepLines(step: Step, indent: string, style: AnswerStyle): readonly string[] {
  const { text, outcome, source, steps = [] } = step
  const dim = style.dim ?? plain
  const lines = [...drawn(text, outcome, indent, style)]
  if (source !== undefined) {
    const place = sourceText(withoutFolder(source, style.folder))
    const last = lines.at(-1)!
    // one line when it fits, else the place stands alone below: it must stay whole to be clicked on
    if (text.length + indent.length + place.length + 6 <= style.width)
      lines[lines.length - 1] = `${last}  ${dim(place)}`
    else lines.push(`${indent}  ${dim(place)}`)
  }
  for (const inner of steps) lines.push(...stepLines(inner, `${indent}  `, style))
  return lines
}

function drawn(text: string, outcome: Step['outcome'], indent: string, style: AnswerStyle): readonly string[] {
  const paint = { pass: style.good ?? plain, fail: style.bad ?? plain, info: style.dim ?? plain }[outcome]
  const mark = MARKS[style.marks][outcome]
  const [first = '', ...rest] = wrapped(printable(text), style.width - indent.length - 2)
  return [`${indent}${paint(mark)} ${first}`, ...rest.map(line => `${indent}  ${line}`)]
}

/** Broken at blanks; a word longer than the width stays whole. */
function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line]
}

/** Control characters of other people's files must not reach a terminal. */
function printable(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f]/g, ' ')
}

function plain(text: string): string {
  return text
}
