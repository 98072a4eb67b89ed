/* Enter on a row: the answer of `drylab why`, and the row in full. */
import type { Lab } from '../lab/lab.ts'
import type { StateRow } from '../state/table.ts'
import type { Answer } from '../why/answer.ts'
import { whyReach } from '../why/reach.ts'
import { renderAnswer } from '../why/render-answer.ts'
import { whyRoute } from '../why/route.ts'
import { whyService, whyVip } from '../why/vip.ts'
import { parseIpv4 } from '../wire/address.ts'
import { displayWidth, graphemes, printableText } from './display-width.ts'
import type { Inspector } from './inspector.ts'
import { EMPTY_LINE, type Line, line, type Role, span } from './line.ts'
import { type Question, valueText } from './view.ts'

/** An answer, or what is wrong with the question. Questions that send a packet are asked of a copy of the lab. */
async function answerOf(inspector: Inspector, question: Question): Promise<Answer | string> {
  const { machine } = inspector
  if (question.kind !== 'reach') return answerAtOnce(machine.lab, question)
  const answer = await inspector.operate('asking a copy of the lab', limits =>
    machine.ask(lab => whyReach(lab, question.node, question.target), limits),
  )
  if (answer === undefined) return 'interrupted'
  return 'mistake' in answer ? answer.mistake : answer
}

function answerAtOnce(lab: Lab, question: Exclude<Question, { readonly kind: 'reach' }>): Answer | string {
  if (question.kind === 'route') {
    const node = lab.node(question.node)
    if (node === undefined) return `there is no node ${question.node}`
    return whyRoute(lab, node, question.prefix) ?? `"${question.prefix}" is no prefix`
  }
  if (question.kind === 'service') {
    const [namespace = '', name = ''] = question.service.split('/')
    return whyService(lab, { namespace, name })
  }
  const address = parseIpv4(question.address)
  return address === undefined ? `"${question.address}" is no address` : whyVip(lab, address)
}

/** Shows why the row with the cursor is as it is; rows that no answer is known for are shown in full. */
export async function explainRow(inspector: Inspector): Promise<void> {
  const row = inspector.row()
  if (row === undefined) return inspector.say('there is no row', 'dim')
  const question = inspector.view?.question?.(row)
  if (question === undefined) return showDetails(inspector)
  await ask(inspector, question, () => [EMPTY_LINE, line(span('The row', 'title')), ...rowLines(row)])
}

/** Shows the answer to any question. */
export async function ask(
  inspector: Inspector,
  question: Question,
  more: () => readonly Line[] = () => [],
): Promise<void> {
  const answer = await answerOf(inspector, question)
  if (typeof answer === 'string') return inspector.say(answer, 'bad')
  const marks = inspector.options.hasUnicode ? 'unicode' : 'ascii'
  const render = (width: number): readonly Line[] => [
    ...renderAnswer(answer, { marks, width })
      .split('\n')
      .map(text => answerLine(inspector.options.shorten(text))),
    ...more(),
  ]
  inspector.set({ overlay: { kind: 'text', title: answer.question, crumb: 'why', render, top: 0 }, focus: 'main' })
}

const MARK_ROLES: Readonly<Record<string, Role>> = {
  '✓': 'good',
  '+': 'good',
  '✗': 'bad',
  x: 'bad',
  '·': 'dim',
  '-': 'dim',
}

/** The mark at the start of a line in its colour. */
function answerLine(text: string): Line {
  const found = /^(\s*)([✓✗·+x-])( .*)$/u.exec(text)
  if (found === null) return line(text)
  const [, indent = '', mark = '', rest = ''] = found
  return line(indent, span(mark, MARK_ROLES[mark]), indent === '' ? span(rest, 'bold') : rest)
}

/** Shows what the last wait for the lab to settle found going in a circle, if anything. */
export function tellOscillation(inspector: Inspector): undefined {
  const { oscillation } = inspector.machine
  if (oscillation.length === 0) return
  const render = (width: number): readonly Line[] =>
    oscillation.flatMap((text, index) =>
      wrapText(printableText(text), width).map(piece => line(span(piece, index === 0 ? 'bad' : 'plain'))),
    )
  inspector.set({
    overlay: { kind: 'text', title: 'It never settles', crumb: 'oscillation', render, top: 0 },
    focus: 'main',
  })
}

/** Every column of the row with the cursor, those too that the view leaves out. */
export function showDetails(inspector: Inspector): undefined {
  const row = inspector.row()
  if (row === undefined) return inspector.say('there is no row', 'dim')
  const title = `${inspector.view?.title ?? ''}: one row`
  inspector.set({
    overlay: { kind: 'text', title, crumb: 'row', render: width => rowLines(row, width), top: 0 },
    focus: 'main',
  })
}

function rowLines(row: StateRow, width = 200): readonly Line[] {
  const names = Object.keys(row)
  const nameWidth = Math.max(...names.map(name => name.length))
  return names.flatMap(name => {
    const [first = '', ...rest] = wrapText(printableText(valueText(row[name])), Math.max(10, width - nameWidth - 4))
    return [
      line(span(`  ${name.padEnd(nameWidth)}  `, 'accent'), first),
      ...rest.map(text => line(' '.repeat(nameWidth + 4), text)),
    ]
  })
}

/** Pieces of at most `width` columns, parted at blanks where they have any. */
function wrapText(text: string, width: number): readonly string[] {
  if (displayWidth(text) <= width) return [text]
  const pieces: string[] = []
  let piece = ''
  for (const grapheme of graphemes(text)) {
    if (displayWidth(piece) + displayWidth(grapheme) > width) {
      const blank = grapheme === ' ' ? piece.length : piece.lastIndexOf(' ')
      const end = blank > 0 ? blank : piece.length
      pieces.push(piece.slice(0, end))
      piece = piece.slice(end).trimStart()
      if (piece === '' && grapheme === ' ') continue
    }
    piece += grapheme
  }
  return [...pieces, piece]
}
