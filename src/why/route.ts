import type { FibRoute } from '../host/fib.ts'
import type { Lab } from '../lab/lab.ts'
import type { LabNode } from '../lab/node.ts'
import { formatIpv4, formatPrefix, type Ipv4Address, type Prefix, parseIpv4, parsePrefix } from '../wire/address.ts'
import type { Answer, Step } from './answer.ts'
import { newQuestion, type Question } from './question.ts'
import { explainAbsence } from './route/absent.ts'
import { bgpStep } from './route/bgp-paths.ts'
import { kernelStep, nextHopTexts } from './route/kernel.ts'
import { likelyPrefix } from './route/likely-prefix.ts'
import { nearPrefixes } from './route/local.ts'
import { explainUninstalled, ribStep } from './route/rib.ts'
import { told } from './step.ts'

/**
 * Why a node routes a prefix as it does, or has no route for it. `10.0.0.0/24` asks for exactly that prefix, `10.0.0.1` for
 * the longest match. Undefined: the text is neither. Nothing is sent, the lab stays as it is.
 */
export function whyRoute(lab: Lab, node: LabNode, text: string): Answer | undefined {
  const prefix = parsePrefix(text)
  const address = text.includes('/') ? undefined : parseIpv4(text)
  if (address === undefined && (prefix === undefined || !text.includes('/'))) return undefined
  const question = newQuestion(lab)
  if (address === undefined) return answerPrefix(question, node, prefix!, text)
  const match = node.host.fib.match(address)
  if (match !== undefined) return present(question, node, match.prefix, text)
  return absent(question, node, likelyPrefix(question, address), text)
}

function answerPrefix(question: Question, node: LabNode, prefix: Prefix, text: string): Answer {
  const isPresent = node.isRunning && routesFor(node, prefix).length > 0
  return isPresent ? present(question, node, prefix, text) : absent(question, node, prefix, text)
}

/** Routes of the main table, then those of the local one. */
function routesFor(node: LabNode, prefix: Prefix): readonly FibRoute[] {
  const { fib } = node.host
  const main = fib.routesOf(prefix)
  return main.length > 0 ? main : fib.routesOf(prefix, LOCAL_TABLE)
}

const LOCAL_TABLE = 255

function present(question: Question, node: LabNode, prefix: Prefix, text: string): Answer {
  const routes = routesFor(node, prefix)
  const [route] = routes
  const hops = route === undefined ? [] : nextHopTexts(question, route)
  const wanted =
    text.includes('/') || text === formatPrefix(prefix) ? formatPrefix(prefix) : `${text} by ${formatPrefix(prefix)}`
  const way =
    route?.type === 'local' ? 'itself' : route?.type !== 'unicast' ? `into a ${route?.type} route` : wayText(hops)
  const verdict = `${node.name} routes ${wanted} ${way} (${route?.protocol ?? '?'})`
  const steps = [
    ...routes.map(one => kernelStep(question, node, one)),
    ...ribStep(question, node, prefix),
    ...bgpStep(question, node, prefix),
  ]
  return { question: `why ${node.name} route ${text}`, verdict, isPositive: true, steps }
}

/** All next hops as long as there are few: below the verdict each stands on its own line anyway. */
function wayText(hops: readonly string[]): string {
  if (hops.length < 2) return `over ${hops.join('')}`
  const shown = hops.length > 3 ? [hops[0]!, `${hops.length - 1} more`] : hops
  return `over ${hops.length} next hops: ${shown.join(' + ')}`
}

function absent(question: Question, node: LabNode, prefix: Prefix, text: string): Answer {
  const uninstalled = explainUninstalled(question, node, prefix)
  const gates = uninstalled.length > 0 ? uninstalled : explainAbsence(question, node, prefix)
  const [first] = gates
  const verdict = `${node.name} has no route to ${text}${first === undefined ? '' : `: ${first.text}`}`
  return {
    question: `why ${node.name} route ${text}`,
    verdict,
    isPositive: false,
    steps: [...gates, ...bgpStep(question, node, prefix), ...instead(node, prefix, text)],
  }
}

/** What is used in the place of a prefix that is not there. */
function instead(node: LabNode, prefix: Prefix, text: string): readonly Step[] {
  if (!text.includes('/')) return []
  const address = Math.floor(prefix / 64) as Ipv4Address
  const route = node.host.fib.match(address)
  if (route !== undefined) {
    const via = route.nextHops.map(hop =>
      hop.gateway === undefined ? (hop.interface?.name ?? '') : formatIpv4(hop.gateway),
    )
    return [
      told(`packets to ${formatIpv4(address)} take ${formatPrefix(route.prefix)} via ${via.join(', ') || route.type}`),
    ]
  }
  const near = nearPrefixes(
    node.host.fib.routes().map(one => one.prefix),
    prefix,
  ).slice(0, 3)
  return near.length === 0 ? [] : [told(`it has ${near.map(formatPrefix).join(', ')}`)]
}
