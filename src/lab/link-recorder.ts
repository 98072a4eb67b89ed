import { type AnnotatedPacket, writePcapng } from '../capture/file/write-pcapng.ts'
import { LINK_TYPE } from '../capture/link-type.ts'
import { instantOf } from '../capture/packet.ts'
import { watchPackets } from '../host/packet-watch.ts'
import type { Cable } from '../link/cable.ts'
import { watchCables } from '../link/cable-watch.ts'
import type { Port } from '../link/port.ts'
import type { EthernetFrame } from '../wire/ethernet.ts'
import { encodeFrames } from '../wire/frame-codec.ts'
import type { Ipv4Packet } from '../wire/ipv4.ts'
import type { Lab } from './lab.ts'
import { packetChanges } from './packet-changes.ts'

/** A capture of one link, as a file. */
export interface LinkCapture {
  /** Made from the link's name: letters, digits, dots and dashes, ending in `.pcapng`. */
  readonly fileName: string
  readonly bytes: Uint8Array
}

interface Recorded extends AnnotatedPacket {
  readonly comments: string[]
}

interface RecordedLink {
  readonly cable: Cable
  readonly packets: Recorded[]
  /** Node and interface of each end, as long as it could be found. */
  readonly ends: (string | undefined)[]
}

/**
 * Records every frame on every cable of a lab, from the moment it is made: what each end sends, with comments where it was
 * lost, dropped or rewritten. Everything stays in memory until `files` is called.
 */
export class LinkRecorder {
  readonly #lab: Lab
  readonly #links: RecordedLink[] = []
  /** The last recording of a frame or packet: comments go there. */
  readonly #last = new WeakMap<EthernetFrame | Ipv4Packet, readonly Recorded[]>()

  constructor(lab: Lab) {
    this.#lab = lab
    watchCables(lab.simulator, cable => this.#record(cable))
    watchPackets(lab.simulator, {
      onDrop: (hostName, packet, reason) => this.#comment(packet, `dropped at ${hostName}: ${reason}`),
      onRewrite: (hostName, before, after) => {
        this.#comment(before, `rewritten at ${hostName}: ${rewriteText(before, after)}`)
        const recorded = this.#last.get(before)
        if (recorded !== undefined) this.#last.set(after, recorded)
      },
    })
  }

  /** One file per cable that carried anything, in the order in which the cables were made. */
  files(): readonly LinkCapture[] {
    const taken = new Map<string, number>()
    return this.#links
      .filter(({ packets }) => packets.length > 0)
      .map(link => {
        const base = link.cable.name.replace(/[^A-Za-z0-9._-]+/g, '_')
        const number = (taken.get(base) ?? 0) + 1
        taken.set(base, number)
        return { fileName: `${base}${number === 1 ? '' : `.${number}`}.pcapng`, bytes: encode(link) }
      })
  }

  #record(cable: Cable): void {
    const link: RecordedLink = { cable, packets: [], ends: [undefined, undefined] }
    this.#links.push(link)
    for (const [index, port] of [cable.a, cable.b].entries()) {
      port.taps.add((frame, direction) => {
        if (direction === 'out') this.#take(link, index, port, frame)
      })
    }
    cable.onDrop = (frame, reason) => this.#comment(frame, `lost on the way: ${reason}`)
  }

  #take(link: RecordedLink, index: number, port: Port, frame: EthernetFrame): void {
    const { simulator } = this.#lab
    link.ends[index] ??= this.#ownerOf(port)
    const packets = encodeFrames(frame, { epochMs: simulator.epochMs }).map(
      (bytes): Recorded => ({
        ...instantOf(simulator.epochMs, simulator.nowNs),
        bytes,
        wireBytes: bytes.length,
        interface: index,
        direction: 'out',
        comments: [],
      }),
    )
    link.packets.push(...packets)
    this.#last.set(frame, packets)
    if (frame.payload.kind === 'ipv4') this.#last.set(frame.payload, packets)
  }

  #comment(about: EthernetFrame | Ipv4Packet, text: string): void {
    for (const { comments } of this.#last.get(about) ?? []) if (!comments.includes(text)) comments.push(text)
  }

  /** `leaf01 eth1`, by the container that has the port. */
  #ownerOf(port: Port): string | undefined {
    const hosts = [this.#lab.machine.host, ...this.#lab.nodes().map(({ host }) => host), ...this.#podHosts()]
    for (const host of hosts)
      for (const device of host.interfaces) if (device.port === port) return `${host.name} ${device.name}`
    return undefined
  }

  #podHosts() {
    return [...this.#lab.clusters.values()].flatMap(({ nodes }) =>
      nodes.flatMap(({ pods }) => [...pods.values()].map(({ host }) => host)),
    )
  }
}

function encode({ cable, packets, ends }: RecordedLink): Uint8Array {
  const interfaces = [cable.a, cable.b].map((port, index) => {
    const end = ends[index] ?? port.name
    return {
      name: end.replaceAll(' ', ':'),
      description: `${end}, sent on link ${cable.name}`,
      linkType: LINK_TYPE.ethernet,
    }
  })
  return writePcapng(interfaces, packets)
}

/** What changed of addresses and ports, in one line. */
function rewriteText(before: Ipv4Packet, after: Ipv4Packet): string {
  const changes = packetChanges(before, after)
  return changes.length === 0 ? 'inside the payload' : changes.join(', ')
}
