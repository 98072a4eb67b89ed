import type { FaultFile } from '../../scenario/fault-schema.ts'
import { parseDurationNs } from '../../text/duration.ts'
import type { Answer } from '../../why/answer.ts'
import { findQuestion } from '../../why/questions.ts'
import { renderAnswer } from '../../why/render-answer.ts'
import { changeLab, hasChanges, LabChangeError } from '../change-lab.ts'
import { EXIT_CODE } from '../exit-code.ts'
import { openForCommand } from '../open-for-command.ts'
import { paintFor } from '../paint.ts'

export interface WhyOptions {
  readonly output: 'text' | 'json'
  readonly size?: number
  readonly run?: readonly string[]
  readonly fail?: readonly FaultFile[]
  readonly wait: string
  readonly seed?: number
  readonly settle: string
}

/** The question cannot be asked of this lab; its message is for the user. */
class WrongQuestion extends Error {}

/** `drylab why`: builds the lab, asks, prints the answer. Returns 0 when it is positive, 1 when not. */
export async function why(path: string, name: string, about: readonly string[], options: WhyOptions): Promise<number> {
  try {
    const question = findQuestion(name, about.length)
    if ('mistake' in question) throw new WrongQuestion(question.mistake)
    const limits = { settleNs: span(options.settle), waitNs: span(options.wait) }
    const opened = await openForCommand(path, options)
    if (opened === undefined) return EXIT_CODE.usage
    await opened.settle(limits.settleNs)
    if (hasChanges(options)) await changeLab(opened, options, limits)
    const answer = question.ask(opened.lab, about, options.size === undefined ? {} : { sizeBytes: options.size })
    opened.clearProgress()
    if ('mistake' in answer) throw new WrongQuestion(answer.mistake)
    print(answer, options)
    return answer.isPositive ? EXIT_CODE.ok : EXIT_CODE.failed
  } catch (thrown) {
    if (!(thrown instanceof WrongQuestion || thrown instanceof LabChangeError)) throw thrown
    process.stderr.write(`error: ${thrown.message}\n`)
    return EXIT_CODE.usage
  }
}

function span(text: string): number {
  const spanNs = parseDurationNs(text)
  if (spanNs === undefined) throw new WrongQuestion(`"${text}" is not a duration such as 600s or 10m`)
  return spanNs
}

function print(answer: Answer, { output }: WhyOptions): void {
  if (output === 'json') {
    process.stdout.write(`${JSON.stringify(answer, undefined, 2)}\n`)
    return
  }
  const { good, bad, dim } = paintFor(process.stdout)
  const width = Math.max(60, Math.min(process.stdout.columns ?? 80, 120))
  const text = renderAnswer(answer, { marks: marks(), width, good, bad, dim, folder: `${process.cwd()}/` })
  process.stdout.write(`${text}\n`)
}

/** Signs beyond ASCII only where the locale has them; files and pipes are UTF-8 unless it says otherwise. */
function marks(): 'unicode' | 'ascii' {
  const { LC_ALL, LC_CTYPE, LANG, TERM } = process.env
  const locale = LC_ALL || LC_CTYPE || LANG || ''
  if (TERM === 'dumb') return 'ascii'
  return locale === '' || locale === 'C' || locale === 'POSIX'
    ? process.stdout.isTTY
      ? 'ascii'
      : 'unicode'
    : /utf-?8/i.test(locale)
      ? 'unicode'
      : 'ascii'
}
