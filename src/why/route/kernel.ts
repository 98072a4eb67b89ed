import type { FibNextHop, FibRoute } from '../../host/fib.ts'
import { isUsable } from '../../host/usable-next-hops.ts'
import type { LabNode } from '../../lab/node.ts'
import type { SourceRef } from '../../model/source.ts'
import { formatIpv4 } from '../../wire/address.ts'
import type { Step } from '../answer.ts'
import type { Question } from '../question.ts'
import { passed, told } from '../step.ts'

/** Each next hop of a route, with the node behind it: `spine1 10.1.1.0 eth1`. */
export function nextHopTexts({ map }: Question, route: FibRoute): readonly string[] {
  return route.nextHops.map(hop => {
    const device = hop.interface?.name ?? '?'
    if (hop.gateway === undefined) return `${device} (connected)`
    const name = map.ownerName(hop.gateway)
    return `${name === undefined ? '' : `${name} `}${formatIpv4(hop.gateway)} ${device}`
  })
}

/** The kernel's route: all its next hops, and what `route -n` does not show of them. */
export function kernelStep(question: Question, node: LabNode, route: FibRoute): Step {
  const texts = nextHopTexts(question, route)
  const hops = route.nextHops.map((hop, index) => told(`${texts[index]}${hopNote(hop)}`))
  const isHidden = route.nextHops.length > 1
  const first = route.nextHops[0]?.gateway
  const hidden = `route -n shows only ${first === undefined ? texts[0] : formatIpv4(first)}; ${route.nextHops.length - 1} more in ip route`
  const facts = [
    `proto ${route.protocol}`,
    `metric ${route.metric}`,
    ...(route.nextHopId === undefined ? [] : [`nhid ${route.nextHopId}`]),
    ...(route.preferredSource === undefined ? [] : [`src ${formatIpv4(route.preferredSource)}`]),
    ...(route.mtuBytes === undefined ? [] : [`mtu ${route.mtuBytes}`]),
  ]
  const source = routeSource(question, node, route)
  const type = route.type === 'unicast' ? '' : `${route.type} `
  return passed(`kernel: ${type}${facts.join(' ')}`, source, [...hops, ...(isHidden ? [told(hidden)] : [])])
}

function hopNote(hop: FibNextHop): string {
  const weight = hop.weight === 1 ? '' : `, weight ${hop.weight}`
  if (!isUsable(hop)) return `${weight}, dead`
  return hop.isLinkDown ? `${weight}, no carrier` : weight
}

/** The line that a route of no routing daemon came from. */
export function routeSource({ places }: Question, node: LabNode, route: FibRoute): SourceRef | undefined {
  const device = route.nextHops[0]?.interface
  if (route.protocol === 'kernel' && device !== undefined && route.preferredSource !== undefined)
    return places.address(node, device.name, route.preferredSource)
  if (route.protocol !== 'boot' && route.protocol !== 'static') return undefined
  const gateway = route.nextHops[0]?.gateway
  return gateway === undefined
    ? undefined
    : places.exec(node, new RegExp(`\\broute\\b.*\\bvia\\s+${formatIpv4(gateway).replaceAll('.', '\\.')}\\b`))
}
