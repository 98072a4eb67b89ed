import type { Lab } from '../lab/lab.ts'
import { missingNode } from '../lab/missing-node.ts'
import { didYouMean } from '../text/nearest.ts'
import { parseIpv4 } from '../wire/address.ts'
import type { Answer } from './answer.ts'
import { whyReach } from './reach.ts'
import { whyRoute } from './route.ts'
import { whyService, whyVip } from './vip.ts'

/** The question cannot be asked of this lab: what is wrong with it, for the user. */
export interface Mistake {
  readonly mistake: string
}

/** A question that people ask in words. */
export interface WhyQuestion {
  /** What follows its name: `NODE PREFIX`. */
  readonly usage: string
  /** @param about as many words as the usage has */
  ask(lab: Lab, about: readonly string[], options: { readonly sizeBytes?: number }): Answer | Mistake
}

/** Every question, one line each. */
const WHY_QUESTIONS: Readonly<Record<string, WhyQuestion>> = {
  route: { usage: 'NODE PREFIX', ask: askRoute },
  reach: { usage: 'FROM TO', ask: (lab, [from = '', to = ''], options) => whyReach(lab, from, to, options) },
  vip: { usage: 'ADDRESS', ask: askVip },
}

/** The question of this name that takes so many words, or what is wrong with it. */
export function findQuestion(name: string, words: number): WhyQuestion | Mistake {
  const question = Object.hasOwn(WHY_QUESTIONS, name) ? WHY_QUESTIONS[name] : undefined
  if (question === undefined) {
    const names = Object.keys(WHY_QUESTIONS)
    const usages = names.map(one => `${one} ${WHY_QUESTIONS[one]!.usage}`)
    return { mistake: `"${name}" is no question${didYouMean(name, names)}; ask ${usages.join(', ')}` }
  }
  if (words === question.usage.split(' ').length) return question
  return { mistake: `write: why LAB ${name} ${question.usage}` }
}

function askRoute(lab: Lab, [name = '', prefix = '']: readonly string[]): Answer | Mistake {
  const node = lab.node(name)
  if (node === undefined) return { mistake: missingNode(lab, name) }
  return whyRoute(lab, node, prefix) ?? { mistake: `"${prefix}" is no prefix such as 10.0.0.0/24 and no address` }
}

/** By address, or by a service's name. */
function askVip(lab: Lab, [text = '']: readonly string[]): Answer | Mistake {
  if (lab.cluster === undefined) return { mistake: 'the lab has no Kubernetes cluster' }
  const address = parseIpv4(text)
  if (address !== undefined) return whyVip(lab, address)
  const [name = '', namespace = 'default'] = text.split('/').reverse()
  return whyService(lab, { namespace, name })
}
