import { GobgpRouteManager } from '../../../src/bgp/gobgp-route-manager.ts'
import { Speaker } from '../../../src/bgp/speaker.ts'
import type { SpeakerConnection } from '../../../src/bgp/transport.ts'
import { parseFrrConfig } from '../../../src/config/frr/parse.ts'
import { Simulator } from '../../../src/sim/simulator.ts'
import { type Ipv4Address, type Prefix, parseIpv4 } from '../../../src/wire/address.ts'
import type { BgpMessage } from '../../../src/wire/bgp/message.ts'
import { settle } from './measure.ts'

const OWN_ASN = 65_000
/** Of the first peer; the next ones count on. */
const FIRST_PEER_ASN = 65_001
const FRR_8_4 = 804

/**
 * An FRR speaker whose peers are puppets: what they say is handed to it as messages, what it tells them is dropped. No TCP, no
 * zebra, no kernel: what is left is import, decision and export.
 */
export class FedSpeaker {
  readonly simulator = new Simulator()
  readonly speaker: Speaker
  readonly #connections = new Map<Ipv4Address, SpeakerConnection>()

  constructor(peers: number) {
    const neighbors = Array.from(
      { length: peers },
      (_, peer) => ` neighbor ${addressOf(peer)} remote-as ${asnOf(peer)}`,
    )
    const text = [
      `router bgp ${OWN_ASN}`,
      ' bgp router-id 1.1.1.1',
      ' no bgp ebgp-requires-policy',
      ' bgp bestpath as-path multipath-relax',
      ...neighbors,
      'exit',
    ].join('\n')
    const { bgp, policy } = parseFrrConfig(text, { file: 'frr.conf', version: FRR_8_4 }).model!
    const { simulator } = this
    this.speaker = new Speaker({
      host: {
        name: 'speaker',
        simulator,
        origin: simulator.origin('speaker'),
        random: simulator.random.fork('speaker'),
        tcp: { listen: () => ({ close() {} }), connect: ({ destination }) => this.#connect(destination) },
        isLocalAddress: () => false,
      },
      model: bgp!,
      policy,
      routes: new GobgpRouteManager(),
      implementation: { kind: 'frr', version: FRR_8_4 },
    })
    this.speaker.start()
    settle(simulator)
  }

  get peers(): number {
    return this.#connections.size
  }

  /** A peer announces the prefixes; `variant` tells one set of attributes from another, whose paths are as long. */
  announce(peer: number, prefixes: readonly Prefix[], variant: number): void {
    const attributes = {
      origin: 0 as const,
      asPath: [{ type: 'sequence' as const, asns: [asnOf(peer), 64_000 + variant] }],
      atomicAggregate: false,
      communities: [],
      largeCommunities: [],
      clusterList: [],
      unknown: [],
    }
    this.#say(peer, {
      protocol: 'bgp',
      type: 'update',
      withdrawn: [],
      attributes,
      nextHop: parseIpv4(addressOf(peer))!,
      announced: prefixes,
      fourOctetAsn: true,
    })
  }

  withdraw(peer: number, prefixes: readonly Prefix[]): void {
    this.#say(peer, { protocol: 'bgp', type: 'update', withdrawn: prefixes, announced: [], fourOctetAsn: true })
  }

  #say(peer: number, content: BgpMessage): void {
    const connection = this.#connections.get(parseIpv4(addressOf(peer))!)!
    this.simulator.as('work', () => hear(connection, content))
  }

  /** A connection that is there at once, and a peer that agrees to everything. */
  #connect(remoteAddress: Ipv4Address): SpeakerConnection {
    const connection: SpeakerConnection = {
      localAddress: parseIpv4('10.1.0.1')!,
      localPort: 179,
      remoteAddress,
      remotePort: 179,
      ttl: 1,
      minimumTtl: 0,
      onEstablished() {},
      onRecords() {},
      onRemoteClose() {},
      onClosed() {},
      send() {},
      close() {},
      abort() {},
    }
    this.#connections.set(remoteAddress, connection)
    const { simulator } = this
    const origin = simulator.origin(`peer ${remoteAddress}`)
    const peer = this.#connections.size - 1
    simulator.schedule(origin, 0, () => {
      connection.onEstablished()
      const capabilities = [
        { name: 'multiprotocol' as const, afi: 1, safi: 1 },
        { name: 'four-octet-asn' as const, asn: asnOf(peer) },
      ]
      const open = {
        type: 'open',
        version: 4,
        asn: asnOf(peer),
        holdSeconds: 0,
        routerId: remoteAddress,
        capabilities,
      } as const
      hear(connection, { protocol: 'bgp', ...open })
      hear(connection, { protocol: 'bgp', type: 'keepalive' })
    })
    return connection
  }
}

function hear(connection: SpeakerConnection, message: BgpMessage): void {
  connection.onRecords({ contents: [message], ends: [] }, 0, 1)
}

function addressOf(peer: number): string {
  return `10.2.${peer >> 7}.${(peer & 127) * 2}`
}

function asnOf(peer: number): number {
  return FIRST_PEER_ASN + peer
}
