/*
 * Who of the candidates answers: the holder of the service's lease. Sources: pkg/l2announcer/l2announcer.go (one lease per
 * service), client-go tools/leaderelection/leaderelection.go, bpf/bpf_host.c (handle_l2_announcement).
 */
import type { Interface } from '../../host/interface.ts'
import type { Lease } from '../../kubernetes/api/configuration.ts'
import { parseTimestamp } from '../../kubernetes/api/timestamp.ts'
import { formatMac, type Ipv4Address } from '../../wire/address.ts'
import type { Step } from '../answer.ts'
import type { Question } from '../question.ts'
import { failed, passed, told } from '../step.ts'
import { endpointGate } from './endpoints.ts'
import type { CiliumSubject } from './subject.ts'
import { spanText } from './time.ts'
import { endedAt, type NodeGate, REACH, staleNote, type WalkEnd } from './walk.ts'

const NAMESPACE = 'kube-system'

/** A policy takes the address here: the service's lease decides who answers. */
export function leaseEnd(gate: NodeGate): WalkEnd {
  const { subject, node } = gate
  const { cluster } = subject
  const name = `cilium-l2announce-${subject.service.metadata.namespace ?? 'default'}-${subject.service.metadata.name}`
  const lease = cluster.store.get('Lease', NAMESPACE, name)
  const holder = lease?.spec.holderIdentity ?? ''
  const label = `Lease ${NAMESPACE}/${name}`
  const stop = (text: string): WalkEnd => endedAt(REACH.lease, failed(text))
  if (lease === undefined) return stop(`nobody has taken ${label} yet`)
  if (holder === '') return stop(`${label} was given back and is not taken yet`)
  if (holder !== node.name)
    return stop(`${label} is held by ${holder}, ${leftText(gate, lease)}${holderNote(gate, holder)}`)
  return holderEnd(gate, lease, label)
}

/** `12.3s left`, or that it has run out. */
function leftText({ question }: NodeGate, { spec }: Lease): string {
  const { wallMs } = question.lab.simulator
  const leftMs = parseTimestamp(spec.renewTime ?? '') + (spec.leaseDurationSeconds ?? 0) * 1e3 - wallMs
  return leftMs > 0
    ? `${spanText(leftMs * 1e6)} left unless renewed`
    : `not renewed for ${spanText(-leftMs * 1e6)} beyond its end`
}

/** A holder that cannot answer keeps the others from answering. */
function holderNote({ subject: { cluster, cilium, address } }: NodeGate, holder: string): string {
  const node = cluster.node(holder)
  if (node === undefined || !node.isRunning) return '; its container is not running'
  const agent = cilium.agent(holder)
  if (agent?.isWorking !== true) return '; its agent has ended'
  return agent.l2.rows.some(row => row.address === address) ? '' : '; it answers on no device'
}

function holderEnd(gate: NodeGate, lease: Lease, label: string): WalkEnd {
  const { subject, node, question } = gate
  const agent = subject.cilium.agent(node.name)!
  const rows = agent.l2.rows.filter(row => row.address === subject.address)
  if (rows.length === 0)
    return endedAt(
      REACH.lease,
      failed(`it holds ${label}, but has not begun to answer${staleNote(subject.cluster, node)}`),
    )
  const heldNs = (question.lab.simulator.wallMs - parseTimestamp(lease.spec.acquireTime ?? '')) * 1e6
  const devices = rows.map(({ device }) => `${device.name} ${formatMac(device.mac)}`).join(', ')
  const answered = rows.reduce(
    (sum, { address, device }) => sum + (agent.datapath.responder.responses(address, device) ?? 0),
    0,
  )
  const changes = lease.spec.leaseTransitions ?? 0
  const text = `holds ${label} for ${spanText(heldNs)} (${leftText(gate, lease)}${changes > 0 ? `, hand-over ${changes}` : ''})`
  const steps = [
    told(`answers ARP on ${devices}: ${answered} request${answered === 1 ? '' : 's'} so far`),
    ...localNote(subject, gate),
    ...clientSteps(
      question,
      subject.address!,
      rows.map(row => row.device),
    ),
  ]
  return endedAt(REACH.announced, passed(text, undefined, steps))
}

/** The announcer does not look at the traffic policy: what arrives at a node without endpoint is lost. */
function localNote(subject: CiliumSubject, { node }: NodeGate): readonly Step[] {
  const gate = endpointGate(subject, node)
  if (gate === undefined) return []
  return [
    told(`but traffic is dropped there: ${gate.text} (L2 announcements do not look at that)`, gate.source, gate.steps),
  ]
}

/** Who on the link knows the address, and whether they know the right device. */
function clientSteps({ map }: Question, address: Ipv4Address, devices: readonly Interface[]): readonly Step[] {
  const right: string[] = []
  const wrong: Step[] = []
  for (const [host, name] of map.hosts) {
    for (const { address: known, mac, state } of host.neighbors.snapshot()) {
      if (known !== address || mac === undefined) continue
      if (devices.some(device => device.mac === mac)) right.push(`${name} (${state})`)
      else wrong.push(told(`${name} still has ${formatMac(mac)}${ownerOf(map, mac)} in its ARP table (${state})`))
    }
  }
  const knowing = right.length === 0 ? 'nobody has its MAC address yet' : `in the ARP tables of ${right.join(', ')}`
  return [told(knowing), ...wrong]
}

function ownerOf(map: Question['map'], mac: number): string {
  for (const [host, name] of map.hosts)
    for (const device of host.interfaces) if (device.mac === mac) return `, ${name},`
  return ''
}
