import type { Host } from '../host/host.ts'
import type { Interface } from '../host/interface.ts'
import type { Port } from '../link/port.ts'
import { isGroupMac } from '../wire/address.ts'
import { isAnswer, isAnswerable, isReply } from './packet-identity.ts'
import type { Passage } from './packet-recorder.ts'
import type { World } from './world.ts'

/** Orders recorded passages into the ways of packets. */
export class PacketRoutes {
  readonly #passages: readonly Passage[]
  /** The port at the other end of each cable. */
  readonly #peers = new Map<Port, Port>()
  readonly #owners = new Map<Port, Host>()

  constructor(passages: readonly Passage[], world: World) {
    this.#passages = passages
    for (const { a, b } of world.observer.cables) {
      this.#peers.set(a, b)
      this.#peers.set(b, a)
    }
    for (const host of world.observer.hosts)
      for (const { port } of host.interfaces) if (port !== undefined) this.#owners.set(port, host)
  }

  /**
   * The passages of one packet in order of time, without the copies that a bridge flooded to those whom it was not for.
   * @param wanted kept in any case
   */
  wayOf(packet: number, wanted?: Passage): readonly Passage[] {
    let way = this.#passages.filter(one => one.packet === packet)
    for (;;) {
      const kept = way.filter(one => one === wanted || this.#leadsOn(one, way))
      if (kept.length === way.length) return kept
      way = kept
    }
  }

  /** The way of what the receiver of a packet answered. */
  answerTo(way: readonly Passage[]): readonly Passage[] {
    const last = way.at(-1)
    if (last === undefined || !way.some(({ frame }) => isAnswerable(frame))) return []
    const answer = this.#passages.find(
      one =>
        one.direction === 'out' &&
        one.packet !== last.packet &&
        one.events >= last.events &&
        one.host === last.host &&
        isAnswer(last.frame, one.frame),
    )
    return answer === undefined ? [] : this.wayOf(answer.packet)
  }

  /** The way of what an answer answers. */
  requestOf(way: readonly Passage[]): readonly Passage[] | undefined {
    const first = way[0]
    if (first === undefined || !isReply(first.frame)) return undefined
    const request = this.#passages.findLast(
      one =>
        one.direction === 'in' &&
        one.packet !== first.packet &&
        one.events <= first.events &&
        one.host === first.host &&
        isAnswer(one.frame, first.frame),
    )
    return request === undefined ? undefined : this.wayOf(request.packet)
  }

  /** False for a copy that ends at somebody whom it was not for. */
  #leadsOn(passage: Passage, way: readonly Passage[]): boolean {
    const { device, direction, dropped, host } = passage
    if (dropped !== undefined || device === undefined) return true
    if (direction === 'in') {
      if (isFor(passage, device)) return true
      return way.some(one => one.host === host && one.direction === 'out' && comesAfter(one, passage))
    }
    const peer = device.port === undefined ? undefined : this.#peers.get(device.port)
    if (peer === undefined || !this.#owners.has(peer)) return true
    return way.some(
      one =>
        comesAfter(one, passage) && (one.device?.port === peer || (one.dropped !== undefined && one.device === device)),
    )
  }
}

/** Whether the frame is for the device itself, or for the one whose address is asked for. */
function isFor({ frame, host }: Passage, device: Interface): boolean {
  const { payload, destination } = frame
  if (payload.kind === 'arp' && isGroupMac(destination)) return host.isLocalAddress(payload.targetAddress)
  return destination === device.mac || isGroupMac(destination)
}

function comesAfter(one: Passage, other: Passage): boolean {
  return one !== other && one.events >= other.events
}
