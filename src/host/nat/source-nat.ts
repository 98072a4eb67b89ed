/**
 * Source NAT of one host. Rules are asked for the first packet of each flow, when it leaves; from then on the flow's packets
 * are translated on their way out and its answers on their way in, before routing. ICMP errors follow the flow they are
 * about. A host that never had a rule has no hooks.
 * Sources: Linux net/netfilter/nf_nat_core.c, nf_nat_proto.c, nf_nat_masquerade.c; measured on 6.18 with iptables 1.8.9.
 * Differs from Linux: the earlier mapping of a source is not looked for when its port must change
 * (find_appropriate_src).
 */
import type { Ipv4Address } from '../../wire/address.ts'
import { type Endpoint, type Flow, flowKey, flowOf, replyKey, withDestination, withSource } from '../../wire/flow.ts'
import type { IcmpMessage } from '../../wire/icmp.ts'
import { type Ipv4Packet, ipv4PacketBytes } from '../../wire/ipv4.ts'
import { ACCEPT, type HookVerdict } from '../hooks.ts'
import type { Host } from '../host.ts'
import type { Interface } from '../interface.ts'
import type { MonitorEvent } from '../monitor.ts'
import { selectSource } from '../route-select.ts'
import { beginsConnection, type Connection, ConnectionTracker } from './connection-tracker.ts'
import { freeSource } from './free-source.ts'
import { matchesRule, type SourceNatRule } from './source-nat-rule.ts'

/** The rules of one table, first to last, and how many flows none of them decided. */
export class SourceNatChain {
  rules: readonly SourceNatRule[] = []
  packets = 0
  bytes = 0
}

type IcmpErrorPacket = Ipv4Packet & { readonly payload: Exclude<IcmpMessage, { readonly type: 0 | 8 }> }

export class SourceNat {
  /** Of the router's configuration (VyOS' table `vyos_nat`): asked first. */
  readonly router = new SourceNatChain()
  /** POSTROUTING of iptables' table `nat`. */
  readonly iptables = new SourceNatChain()
  readonly #host: Host
  #tracker: ConnectionTracker
  #isAttached = false

  constructor(host: Host) {
    this.#host = host
    this.#tracker = new ConnectionTracker(host.simulator)
  }

  /** Replaces the rules of a chain. Flows that are under way stay as they are. */
  setRules(chain: SourceNatChain, rules: readonly SourceNatRule[]): void {
    chain.rules = rules
    if (rules.length > 0 && !this.#isAttached) this.#attach()
  }

  /** Forgets all flows, as with a restart of the kernel. */
  forgetFlows(): void {
    this.#tracker = new ConnectionTracker(this.#host.simulator)
  }

  #attach(): void {
    const { hooks, monitor, loopback } = this.#host
    this.#isAttached = true
    hooks.prerouting.add(packet => this.#arrive(packet))
    hooks.input.add(packet => this.#deliver(packet))
    hooks.postrouting.add((packet, { output }) => this.#leave(packet, output ?? loopback))
    monitor.subscribe(event => this.#onChange(event))
  }

  /** Before routing: answers go back to whom the flow belongs. */
  #arrive(packet: Ipv4Packet): HookVerdict {
    if (isIcmpError(packet)) return this.#errorArrives(packet)
    const flow = flowOf(packet)
    if (flow === undefined) return ACCEPT
    const key = flowKey(flow)
    const connection = this.#tracker.find(key)
    if (connection === undefined || !connection.isTranslated || key !== connection.answerKey) return ACCEPT
    this.#tracker.refresh(connection, packet, key)
    return { verdict: 'accept', packet: withDestination(packet, ownSource(connection)) }
  }

  /** A flow to the host itself: known, so that its answers are none of the rules' business. */
  #deliver(packet: Ipv4Packet): HookVerdict {
    const flow = flowOf(packet)
    if (flow === undefined) return ACCEPT
    const key = flowKey(flow)
    const connection = this.#tracker.find(key)
    if (connection !== undefined) this.#tracker.refresh(connection, packet, key)
    else if (beginsConnection(packet)) this.#tracker.add(packet, flow, sourceOf(flow), undefined)
    return ACCEPT
  }

  /** After routing: the flow's translation, decided now if the packet is its first. */
  #leave(packet: Ipv4Packet, output: Interface): HookVerdict {
    if (isIcmpError(packet)) return this.#errorLeaves(packet)
    const flow = flowOf(packet)
    if (flow === undefined) return ACCEPT
    const key = flowKey(flow)
    const connection = this.#tracker.find(key)
    if (connection === undefined) return beginsConnection(packet) ? this.#begin(packet, flow, output) : ACCEPT
    this.#tracker.refresh(connection, packet, key)
    if (key !== connection.originalKey) return ACCEPT
    const { masqueradedThrough } = connection
    if (masqueradedThrough !== undefined && masqueradedThrough !== output) {
      this.#tracker.remove(connection)
      return { verdict: 'drop', reason: 'masqueraded flow leaves by another interface' }
    }
    return translated(packet, connection)
  }

  #begin(packet: Ipv4Packet, flow: Flow, output: Interface): HookVerdict {
    const rule = this.#decide(packet, output)
    const isMasquerade = rule?.target.kind === 'masquerade'
    let address: Ipv4Address | undefined = flow.source
    if (rule?.target.kind === 'snat') address = rule.target.address
    if (isMasquerade) address = this.#addressOf(output, packet)
    if (address === 0) return { verdict: 'drop', reason: 'no address to masquerade with' }
    const source = freeSource(this.#tracker, this.#host.random, flow, address)
    if (source === undefined) return { verdict: 'drop', reason: 'no free port to translate to' }
    return translated(packet, this.#tracker.add(packet, flow, source, isMasquerade ? output : undefined))
  }

  /** The first rule that translates, of the first chain that has one; undefined when none does. */
  #decide(packet: Ipv4Packet, output: Interface): SourceNatRule | undefined {
    const bytes = ipv4PacketBytes(packet)
    for (const chain of [this.router, this.iptables]) {
      const rule = chain.rules.find(one => matchesRule(one, packet, output.name))
      const counter = rule ?? chain
      counter.packets += 1
      counter.bytes += bytes
      if (rule?.target.kind === 'return' && chain === this.iptables) {
        chain.packets += 1
        chain.bytes += bytes
      }
      if (rule?.target.kind === 'masquerade' || rule?.target.kind === 'snat') return rule
    }
    return undefined
  }

  /** The address that the device offers towards the next hop (nf_nat_masquerade_ipv4). */
  #addressOf(output: Interface, packet: Ipv4Packet): Ipv4Address {
    const route = this.#host.fib.lookup(packet.destination, packet.tos, output)
    const gateway = route?.nextHops.find(hop => hop.interface === output)?.gateway
    return selectSource(this.#host, output, gateway ?? packet.destination, 'global')
  }

  /** An error about a translated packet, from outside (nf_nat_icmp_reply_translation). */
  #errorArrives(packet: IcmpErrorPacket): HookVerdict {
    const key = answersTo(packet.payload.quoted)
    const connection = key === undefined ? undefined : this.#tracker.find(key)
    if (connection === undefined || !connection.isTranslated || key !== connection.answerKey) return ACCEPT
    const source = ownSource(connection)
    const payload = { ...packet.payload, quoted: withSource(packet.payload.quoted, source) }
    return { verdict: 'accept', packet: { ...packet, destination: source.address, payload } }
  }

  /** An error about an answer that was translated back: outside it is about, and from, the translated source. */
  #errorLeaves(packet: IcmpErrorPacket): HookVerdict {
    const key = answersTo(packet.payload.quoted)
    const connection = key === undefined ? undefined : this.#tracker.find(key)
    if (connection === undefined || !connection.isTranslated || key !== connection.originalKey) return ACCEPT
    const { source } = connection
    const payload = { ...packet.payload, quoted: withDestination(packet.payload.quoted, source) }
    return { verdict: 'accept', packet: { ...packet, source: source.address, payload } }
  }

  /** Masqueraded flows end with the device, and with the address that they were given (masq_device_event, masq_inet_event). */
  #onChange(event: MonitorEvent): void {
    if (event.kind === 'link' && (event.isRemoved || !event.interface.isUp)) {
      this.#tracker.removeWhere(one => one.masqueradedThrough === event.interface)
    } else if (event.kind === 'address' && !event.added) {
      const { address } = event.address
      this.#tracker.removeWhere(one => one.masqueradedThrough === event.interface && one.source.address === address)
    }
  }
}

function translated(packet: Ipv4Packet, connection: Connection): HookVerdict {
  return connection.isTranslated ? { verdict: 'accept', packet: withSource(packet, connection.source) } : ACCEPT
}

function ownSource({ flow }: Connection): Endpoint {
  return sourceOf(flow)
}

function sourceOf(flow: Flow): Endpoint {
  return { address: flow.source, port: flow.sourcePort }
}

/** Key of the packets that answer one. */
function answersTo(packet: Ipv4Packet): string | undefined {
  const flow = flowOf(packet)
  return flow === undefined ? undefined : replyKey(flow)
}

function isIcmpError(packet: Ipv4Packet): packet is IcmpErrorPacket {
  return packet.payload.kind === 'icmp' && 'quoted' in packet.payload
}
