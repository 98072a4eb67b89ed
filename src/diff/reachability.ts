import type { Interface } from '../host/interface.ts'
import type { Lab } from '../lab/lab.ts'
import type { LabNode } from '../lab/node.ts'
import { awaitProbe, type Probe, sendProbe } from '../scenario/support/probe.ts'
import type { Target } from '../scenario/support/target.ts'
import { type NamedNode, ownerOf, stateNodes } from '../state/state-nodes.ts'
import type { StateRow } from '../state/table.ts'
import { formatIpv4, type Ipv4Address, parseIpv4 } from '../wire/address.ts'
import type { ComparedTable, TakenRows } from './compared-table.ts'

/** At most so many pairs are asked; of more, every nth. */
const MOST_PAIRS = 1000
/** Between two targets, so that no queue of packets that wait for an address overflows. */
const SPACING_NS = 5e6
/** How long an answer is waited for, after the last question. */
const PATIENCE_NS = 3e9

/**
 * Who reaches whom, by one packet each: from every host and client (from routers when there are none) a ping to every
 * loopback address of a router and every host, a TCP connection to every port of a service's external addresses. Asks for
 * real, so that time passes: take it last.
 */
export const REACHABILITY: ComparedTable = {
  title: 'Reachability',
  key: ['from', 'to'],
  ignored: ['address'],
  nodeColumns: ['from', 'to'],
  take: takeReachability,
}

/** Somebody who is asked. */
interface Asked {
  /** `leaf1`, or `default/nginx:80`. */
  readonly name: string
  readonly target: Target
}

function takeReachability(lab: Lab): TakenRows {
  const nodes = stateNodes(lab).filter(({ node }) => node.host !== lab.machine.host)
  const ends = nodes.filter(({ node }) => isEnd(lab, node))
  const routers = nodes.filter(({ node }) => node.router !== undefined || node.gobgp !== undefined)
  const sources = ends.length > 0 ? ends : routers
  const asked = [...services(lab), ...[...routers, ...ends].flatMap(askedNode)]
  const pairs = asked.flatMap(to => sources.filter(from => from.name !== to.name).map(from => ({ from, to })))
  const step = Math.max(1, Math.ceil(pairs.length / MOST_PAIRS))
  const chosen = pairs.filter((_, index) => index % step === 0)
  const notes =
    step === 1 ? [] : [`reachability was asked for ${chosen.length} of ${pairs.length} pairs: one in ${step}`]
  return { rows: ask(lab, chosen), notes }
}

/** A host or client: a container that runs no router and has a network of its own, not that of a cluster's node. */
function isEnd(lab: Lab, node: LabNode): boolean {
  if (node.kind !== 'linux' || node.router !== undefined || node.gobgp !== undefined) return false
  return ownerOf(lab, node) === node
}

function askedNode({ node, name }: NamedNode): readonly Asked[] {
  const address = addressOf(node)
  return address === undefined ? [] : [{ name, target: { kind: 'ping', address, port: 0 } }]
}

/** Its loopback address, else the first one that is not of the management network. */
function addressOf({ host }: LabNode): Ipv4Address | undefined {
  const globals = (device: Interface) => device.addresses.filter(({ scope }) => scope === 'global')
  const own = globals(host.loopback).find(({ address }) => address >>> 24 !== 127)
  if (own !== undefined) return own.address
  const devices = host.interfaces.all().filter(device => !device.isLoopback && device.name !== 'eth0')
  return devices.flatMap(globals)[0]?.address
}

function services(lab: Lab): readonly Asked[] {
  return [...lab.clusters.values()].flatMap(({ store }) =>
    store.list('Service').flatMap(({ metadata, spec, status }) => {
      const ingress = (status.loadBalancer?.ingress ?? []).flatMap(({ ip }) => ip ?? [])
      const addresses = [...new Set([...ingress, ...(spec.externalIPs ?? [])])].flatMap(text => parseIpv4(text) ?? [])
      const ports = (spec.ports ?? []).filter(({ protocol }) => protocol === 'TCP').map(({ port }) => port)
      return addresses.flatMap((address, index) =>
        ports.map(port => ({
          name: `${metadata.namespace}/${metadata.name}:${port}${index === 0 ? '' : ` (${index + 1})`}`,
          target: { kind: 'tcp' as const, address, port },
        })),
      )
    }),
  )
}

interface Pair {
  readonly from: NamedNode
  readonly to: Asked
}

function ask(lab: Lab, pairs: readonly Pair[]): readonly StateRow[] {
  const { simulator } = lab
  const sent: { readonly pair: Pair; readonly probe: Probe | undefined }[] = []
  let last: Asked | undefined
  for (const pair of pairs) {
    if (last !== undefined && last !== pair.to) simulator.runUntil(simulator.nowNs + SPACING_NS)
    last = pair.to
    const { node } = pair.from
    sent.push({ pair, probe: node.isRunning ? sendProbe(node.host, pair.to.target) : undefined })
  }
  const deadlineNs = simulator.nowNs + PATIENCE_NS
  for (const { probe } of sent) {
    if (probe !== undefined && simulator.nowNs < deadlineNs) awaitProbe(simulator, probe, deadlineNs - simulator.nowNs)
  }
  return sent.map(({ pair: { from, to }, probe }) => {
    const answer = probe === undefined ? `${from.name} is down` : answerText(probe)
    probe?.close()
    return { from: from.name, to: to.name, address: formatIpv4(to.target.address), answer }
  })
}

function answerText({ answeredAtNs, failure }: Probe): string {
  if (answeredAtNs !== undefined) return 'answers'
  if (failure === undefined) return 'no answer'
  return ERRORS[failure] ?? failure.replaceAll('-', ' ')
}

/** Errors of ICMP (RFC 792, RFC 1812) and of the own stack in words. */
const ERRORS: Readonly<Record<string, string>> = {
  'icmp error 3/0': 'network unreachable (ICMP)',
  'icmp error 3/1': 'host unreachable (ICMP)',
  'icmp error 3/3': 'port unreachable (ICMP)',
  'icmp error 3/13': 'prohibited (ICMP)',
  'icmp error 11/0': 'TTL exceeded: a loop (ICMP)',
  ENETUNREACH: 'no route',
  EHOSTUNREACH: 'host unreachable',
}
