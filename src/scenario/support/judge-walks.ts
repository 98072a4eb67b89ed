import { z } from 'zod'
import type { Lab } from '../../lab/lab.ts'
import type { LabNode } from '../../lab/node.ts'
import { parseIpv4 } from '../../wire/address.ts'
import type { CheckResult } from '../check.ts'
import { address, nodeName } from '../values.ts'
import { ForwardingMap, type WalkEnd } from './forwarding-map.ts'

/** How many offending ways are shown. */
const SHOWN = 10

/** Sources and destinations of `no-loop` and `no-black-hole`. */
export const walkArgument = z.strictObject({
  from: z.union([nodeName, z.array(nodeName)]).optional(),
  to: z.union([address, z.array(address)]),
})

/** Walks from every source to every destination over all equal paths; holds when no end is an offence. */
export function judgeWalks(
  lab: Lab,
  { from, to }: z.infer<typeof walkArgument>,
  what: string,
  isOffence: (end: WalkEnd) => boolean,
): CheckResult {
  const destinations = [to].flat()
  const expected = `${what} from ${from === undefined ? 'anywhere' : [from].flat().join(', ')} to ${destinations.join(', ')}`
  const unknown = from === undefined ? [] : [from].flat().filter(name => lab.node(name) === undefined)
  if (unknown.length > 0) {
    const seen = unknown.map(name => `there is no node "${name}"`)
    return { holds: false, isUnanswerable: true, expected, seen }
  }
  const sources: readonly LabNode[] = from === undefined ? lab.nodes() : [from].flat().map(name => lab.node(name)!)
  const map = new ForwardingMap(lab)
  const seen: string[] = []
  let offences = 0
  for (const source of sources) {
    if (!source.isRunning) continue
    for (const destination of destinations) {
      const ends = map.walk(source, parseIpv4(destination)!).filter(isOffence)
      offences += ends.length
      for (const end of ends) seen.push(`${source.name} to ${destination}: ${end.way.join(' > ')}: ${end.why}`)
    }
  }
  return { holds: offences === 0, expected, seen: seen.slice(0, SHOWN) }
}
