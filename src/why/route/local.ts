import type { LabNode } from '../../lab/node.ts'
import type { StaticRouteModel } from '../../model/router.ts'
import {
  formatIpv4,
  formatPrefix,
  type Prefix,
  prefixAddress,
  prefixContains,
  prefixCovers,
  prefixLength,
} from '../../wire/address.ts'
import type { Step } from '../answer.ts'
import { escapeRegex } from '../places.ts'
import type { Question } from '../question.ts'
import { failed, told } from '../step.ts'
import { explainDevice, networkOf, writtenAddresses } from './device.ts'

/**
 * Why a node itself lacks a route that its own files would give it: an address of a device that is down, a static line that
 * is not in force, an `ip route` that did not work or has gone. Empty when its files name nothing of the kind.
 */
export function explainLocal(question: Question, node: LabNode, prefix: Prefix): readonly Step[] {
  return [
    ...connectedGates(question, node, prefix),
    ...staticGates(question, node, prefix),
    ...commandGates(question, node, prefix),
  ]
}

/** The same for an address or network that somebody else needs; in few words, when nothing is known of it. */
export function explainUnreachable(question: Question, node: LabNode, prefix: Prefix): readonly Step[] {
  const own = explainLocal(question, node, prefix)
  if (own.length > 0) return own
  const covering = node.host.fib.match(prefixAddress(prefix))
  if (covering === undefined || covering.prefix === prefix) return []
  return [told(`its longest match is ${formatPrefix(covering.prefix)}`)]
}

/** Devices whose written address makes the network. */
function connectedGates(question: Question, node: LabNode, prefix: Prefix): readonly Step[] {
  const steps: Step[] = []
  for (const { device, value, source } of writtenAddresses(question, node)) {
    const network = networkOf(value)
    const isIt = network === prefix || (prefixLength(prefix) === 32 && prefixContains(network, prefixAddress(prefix)))
    if (!isIt) continue
    const name = `${formatIpv4(value.address)}/${value.length}`
    const gate = explainDevice(question, node, device)
    if (gate !== undefined) steps.push({ ...gate, steps: [...(gate.steps ?? []), told(`its address ${name}`, source)] })
    else if (!node.host.isLocalAddress(value.address))
      steps.push(failed(`${node.name} ${device} has not got its address ${name}`, source))
  }
  return steps
}

/** Lines of the routing suite for the prefix that are not in force. */
function staticGates(question: Question, node: LabNode, prefix: Prefix): readonly Step[] {
  const { router } = node
  if (router === undefined) return []
  const rows = router.zebra.snapshotRib(row => row.prefix === prefix && row.protocol === 'static')
  const lines = router.model.staticRoutes.filter(route => route.prefix === prefix)
  return lines.flatMap(line => {
    const hops = rows.filter(row => row.distance === line.distance).flatMap(row => row.nextHops)
    const hop = hops.find(one => (line.gateway === undefined || one.gateway === line.gateway) && one.isActive)
    return hop === undefined ? [explainStatic(question, node, line)] : []
  })
}

/** Why a static line is not in force. */
export function explainStatic(question: Question, node: LabNode, line: StaticRouteModel): Step {
  const { gateway, interface: device, source } = line
  const target = [gateway === undefined ? '' : formatIpv4(gateway), device ?? ''].filter(Boolean).join(' ')
  const text = `${node.name}: static route ${formatPrefix(line.prefix)} ${target} is not in force`
  const deviceGate = device === undefined ? undefined : explainDevice(question, node, device)
  if (deviceGate !== undefined) return failed(text, source, [deviceGate])
  if (gateway === undefined) return failed(text, source)
  if (node.host.isLocalAddress(gateway)) return failed(`${text}: the gateway is its own address`, source)
  const written = writtenAddresses(question, node).find(one => prefixContains(networkOf(one.value), gateway))
  const gate = written === undefined ? undefined : explainDevice(question, node, written.device)
  if (gate !== undefined) return failed(text, source, [gate])
  return failed(`${text}: no route to the gateway ${formatIpv4(gateway)}`, source)
}

/** `ip route add` among the `exec` lines for just this prefix. */
function commandGates({ places }: Question, node: LabNode, prefix: Prefix): readonly Step[] {
  const text = formatPrefix(prefix)
  const names = prefix === 0 ? 'default|0\\.0\\.0\\.0/0' : escapeRegex(text).replace(/\/32$/, '(/32)?')
  const source = places.exec(node, new RegExp(`\\broute\\s+(add|replace|append)\\s+(${names})(\\s|$)`))
  if (source === undefined || node.host.fib.routesOf(prefix).length > 0) return []
  return [failed(`${node.name}: "ip route … ${text}" was refused, or its route has gone with a device`, source)]
}

/** Prefixes of a table that are near to one: those that hold it and those inside it, the longest first. */
export function nearPrefixes(prefixes: readonly Prefix[], prefix: Prefix): readonly Prefix[] {
  return prefixes
    .filter(one => one !== prefix && one !== 0 && (prefixCovers(one, prefix) || prefixCovers(prefix, one)))
    .sort((a, b) => prefixLength(b) - prefixLength(a))
}
