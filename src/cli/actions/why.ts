import type { Lab } from '../../lab/lab.ts'
import type { LabNode } from '../../lab/node.ts'
import type { FaultFile } from '../../scenario/fault-schema.ts'
import { parseDurationNs } from '../../text/duration.ts'
import { didYouMean } from '../../text/nearest.ts'
import type { Answer } from '../../why/answer.ts'
import { whyReach } from '../../why/reach.ts'
import { renderAnswer } from '../../why/render-answer.ts'
import { whyRoute } from '../../why/route.ts'
import { whyService, whyVip } from '../../why/vip.ts'
import { parseIpv4 } from '../../wire/address.ts'
import { changeLab, LabChangeError } from '../change-lab.ts'
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

/** What there is to ask, and what follows the word. */
const QUESTIONS: Readonly<
  Record<string, { readonly usage: string; ask(lab: Lab, about: readonly string[], options: WhyOptions): Answer }>
> = {
  route: { usage: 'route NODE PREFIX', ask: askRoute },
  reach: { usage: 'reach FROM TO', ask: askReach },
  vip: { usage: 'vip ADDRESS', ask: askVip },
}

/** `drylab why`: builds the lab, asks, prints the answer. Returns 0 when it is positive, 1 when not. */
export async function why(path: string, name: string, about: readonly string[], options: WhyOptions): Promise<number> {
  try {
    const question = Object.hasOwn(QUESTIONS, name) ? QUESTIONS[name] : undefined
    if (question === undefined)
      throw new WrongQuestion(`"${name}" is no question${didYouMean(name, Object.keys(QUESTIONS))}; ask ${usages()}`)
    if (about.length !== question.usage.split(' ').length - 1)
      throw new WrongQuestion(`write: why LAB ${question.usage}`)
    const limits = { settleNs: span(options.settle), waitNs: span(options.wait) }
    const opened = await openForCommand(path, options.seed === undefined ? {} : { seed: options.seed })
    if (opened === undefined) return EXIT_CODE.usage
    await opened.settle(limits.settleNs)
    await changeLab(opened, options, limits)
    const answer = question.ask(opened.lab, about, options)
    opened.clearProgress()
    print(answer, options)
    return answer.isPositive ? EXIT_CODE.ok : EXIT_CODE.failed
  } catch (thrown) {
    if (!(thrown instanceof WrongQuestion || thrown instanceof LabChangeError)) throw thrown
    process.stderr.write(`error: ${thrown.message}\n`)
    return EXIT_CODE.usage
  }
}

function usages(): string {
  return Object.values(QUESTIONS)
    .map(({ usage }) => usage)
    .join(', ')
}

function span(text: string): number {
  const spanNs = parseDurationNs(text)
  if (spanNs === undefined) throw new WrongQuestion(`"${text}" is not a duration such as 600s or 10m`)
  return spanNs
}

function askRoute(lab: Lab, [name = '', prefix = '']: readonly string[]): Answer {
  const answer = whyRoute(lab, nodeOf(lab, name), prefix)
  if (answer === undefined) throw new WrongQuestion(`"${prefix}" is no prefix such as 10.0.0.0/24 and no address`)
  return answer
}

function askReach(lab: Lab, [from = '', to = '']: readonly string[], { size }: WhyOptions): Answer {
  const outcome = whyReach(lab, from, to, size === undefined ? {} : { sizeBytes: size })
  if ('mistake' in outcome) throw new WrongQuestion(outcome.mistake)
  return outcome
}

function askVip(lab: Lab, [text = '']: readonly string[]): Answer {
  if (lab.cluster === undefined) throw new WrongQuestion('the lab has no Kubernetes cluster')
  const address = parseIpv4(text)
  if (address !== undefined) return whyVip(lab, address)
  const [name = '', namespace = 'default'] = text.split('/').reverse()
  return whyService(lab, { namespace, name })
}

function nodeOf(lab: Lab, name: string): LabNode {
  const node = lab.node(name)
  if (node !== undefined) return node
  const names = lab.nodes().map(one => one.name)
  throw new WrongQuestion(`there is no node "${name}"${didYouMean(name, names)}; there are ${names.join(', ')}`)
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
