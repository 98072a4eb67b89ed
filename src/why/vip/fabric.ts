import type { Host } from '../../host/host.ts'
import type { SpeakerAt } from '../../lab/lab-map.ts'
import { formatIpv4, type Ipv4Address, type Prefix, prefixOf } from '../../wire/address.ts'
import type { Step } from '../answer.ts'
import type { Question } from '../question.ts'
import { explainEdge } from '../route/edge.ts'
import { passed, told } from '../step.ts'
import { listText } from './step.ts'

/** Routers without the route that are told of one by one. */
const MOST_MISSING = 6

/**
 * What becomes of the address beyond the nodes that announce it: which routers have it and by how many paths, and why the
 * others do not.
 */
export function fabricSteps(question: Question, address: Ipv4Address): readonly Step[] {
  const prefix = prefixOf(address, 32)
  const routers = question.map.speakers.filter(({ speaker }) => !speaker.behaviour.rejectsImports)
  const having = routers.filter(({ speaker }) => speaker.table.rib.get(prefix)?.best !== undefined)
  const missing = routers.filter(at => !having.includes(at))
  if (routers.length === 0) return []
  const names = having.map(at => `${at.node.name} (${pathsText(at, prefix)})`)
  const summary =
    having.length === 0
      ? []
      : [passed(`a route in ${having.length} of ${routers.length} routers: ${listText(names, 8)}`)]
  return [...summary, ...missing.slice(0, MOST_MISSING).flatMap(at => missingStep(question, at, prefix) ?? [])]
}

/** Nobody announces the address by BGP (any more), but routers still have it: until hold time or stale-path time are over. */
export function leftOverSteps(question: Question, address: Ipv4Address): readonly Step[] {
  const prefix = prefixOf(address, 32)
  const having = question.map.speakers.filter(
    ({ speaker }) => !speaker.behaviour.rejectsImports && speaker.table.rib.get(prefix)?.best !== undefined,
  )
  if (having.length === 0) return []
  const names = having.map(at => `${at.node.name} (${pathsText(at, prefix)})`)
  return [
    told(`still a route in ${listText(names, 8)}: a peer that went silently is believed until its hold time is over`),
  ]
}

/** Names of the routers that send traffic for the address to this host. */
export function routersUsing({ map }: Question, address: Ipv4Address, host: Host): readonly string[] {
  const prefix = prefixOf(address, 32)
  const using = map.speakers.filter(({ speaker }) => {
    const found = speaker.behaviour.rejectsImports ? undefined : speaker.table.rib.get(prefix)
    const paths = found === undefined ? [] : found.multipath.length > 0 ? found.multipath : [found.best]
    return paths.some(path => path?.peer.address !== undefined && host.isLocalAddress(path.peer.address))
  })
  return using.map(({ node }) => node.name)
}

function pathsText({ speaker }: SpeakerAt, prefix: Prefix): string {
  const { multipath, best } = speaker.table.rib.get(prefix)!
  const hops = (multipath.length > 0 ? multipath : [best!]).map(path => formatIpv4(path.nextHop))
  return `via ${listText(hops, 3)}`
}

/** The gate between a router and a neighbour that has the route; by-design refusals only when there is no other. */
function missingStep(question: Question, at: SpeakerAt, prefix: Prefix): Step | undefined {
  const failures = [...at.speaker.sessions.values()].flatMap(session => {
    const own = { ...at, session }
    const other = question.map.counterpart(own)
    if (other === undefined || other.speaker.table.rib.get(prefix)?.best === undefined) return []
    return explainEdge(question, other, own, prefix) ?? []
  })
  return (failures.find(failure => !failure.isByDesign) ?? failures[0])?.step
}
