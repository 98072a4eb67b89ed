import type { Host } from '../host/host.ts'
import type { Lab } from '../lab/lab.ts'
import { packetChanges } from '../lab/packet-changes.ts'
import { capturedPackets, linePrinter, type PacketHandle } from './live-capture.ts'
import { isReply } from './packet-identity.ts'
import { PacketRecorder, type Passage } from './packet-recorder.ts'
import { PacketRoutes } from './packet-routes.ts'
import type { RunLimits } from './run-along.ts'
import type { TimeMachine } from './time-machine.ts'
import type { World } from './world.ts'

/** One passage of the packet. */
export interface Hop {
  readonly node: string
  /** Empty for what happens inside the node: a drop. */
  readonly interface: string
  /** The bridge that the interface is a port of: on the machine, where bridges of the topology are. */
  readonly bridge?: string
  readonly direction: 'in' | 'out'
  readonly atNs: number
  /** As tcpdump -n prints it, without the time. */
  readonly text: string
  /** What is not as it was at the hop before: `destination 10.0.5.100:80 -> 10.1.1.134:80`, `IP option added`, `TTL 64 -> 63`. */
  readonly changes: readonly string[]
  /** Why it ended here. */
  readonly dropped?: string
}

/** The life of a packet. */
export interface Journey {
  /** From its sender on, in order of time. Copies of a flooded frame are left out where they were not taken. */
  readonly there: readonly Hop[]
  /** The way of what its receiver answered. */
  readonly back: readonly Hop[]
  /** Position in `there` (or `back`) of the frame that was asked for. */
  readonly at: { readonly way: 'there' | 'back'; readonly index: number }
  /** One line: delivered, answered, dropped where and why. */
  readonly end: string
}

/** How long a packet may wait on its way for an address to be resolved: three requests, one second apart. */
const BEFORE_NS = 3.2e9
const AFTER_NS = 3.2e9

/** Follows packets by executing their time again on a parked copy of the lab, with a tap on every interface. */
export class PacketFollower {
  readonly #machine: TimeMachine

  constructor(machine: TimeMachine) {
    this.#machine = machine
  }

  /** Undefined when the frame is not found, or the signal ended the search. */
  follow(handle: PacketHandle, limits: RunLimits = {}): Promise<Journey | undefined> {
    const startNs = Math.max(0, handle.atNs - BEFORE_NS)
    return this.#machine.borrow(startNs, async (world, run) => {
      if ((await run(startNs, () => false, limits)) !== 'reached') return undefined
      const recorder = new PacketRecorder(world)
      const isEnough = (): boolean => {
        recorder.look()
        return recorder.isFull
      }
      const end = await run(handle.atNs + AFTER_NS, isEnough, limits)
      recorder.stop()
      return end === 'cancelled' ? undefined : tellJourney(recorder.passages, handle, world)
    })
  }
}

function tellJourney(passages: readonly Passage[], handle: PacketHandle, world: World): Journey | undefined {
  const { lab } = world
  const host = lab.node(handle.node)?.host
  const wanted = passages.find(
    one =>
      one.host === host &&
      one.device?.name === handle.interface &&
      one.direction === handle.direction &&
      one.events === handle.events &&
      one.ordinal === handle.ordinal &&
      one.dropped === undefined,
  )
  if (wanted === undefined) return undefined
  const routes = new PacketRoutes(passages, world)
  const own = routes.wayOf(wanted.packet, wanted)
  const request = isReply(wanted.frame) ? routes.requestOf(own) : undefined
  const there = request ?? own
  const back = request === undefined ? routes.answerTo(own) : own
  return {
    there: hops(there, lab),
    back: hops(back, lab),
    at: { way: request === undefined ? 'there' : 'back', index: own.indexOf(wanted) },
    end: endOf(there, back, lab),
  }
}

function hops(way: readonly Passage[], lab: Lab): readonly Hop[] {
  return way.map((passage, index): Hop => {
    const { host, device, direction, frame, atNs, dropped } = passage
    const before = way[index - 1]?.frame.payload
    const { payload } = frame
    const areBothIp = before?.kind === 'ipv4' && payload.kind === 'ipv4'
    const [packet] = capturedPackets(frame, lab.simulator.epochMs, atNs)
    return {
      node: nodeName(host, lab),
      interface: device?.name ?? '',
      direction,
      atNs,
      text: packet === undefined ? '' : linePrinter('none').print(packet).trimEnd(),
      changes: areBothIp ? packetChanges(before, payload) : [],
      ...(device?.master === undefined ? {} : { bridge: device.master.name }),
      ...(dropped === undefined ? {} : { dropped }),
    }
  })
}

function endOf(there: readonly Passage[], back: readonly Passage[], lab: Lab): string {
  const last = there.at(-1)
  if (last === undefined) return 'not found'
  const where = `${nodeName(last.host, lab)}${last.device === undefined ? '' : ` ${last.device.name}`}`
  if (last.dropped !== undefined) return `dropped at ${where}: ${last.dropped}`
  const answer = back.at(-1)
  if (answer === undefined) return last.direction === 'in' ? `delivered to ${where}` : `last seen leaving ${where}`
  if (answer.dropped !== undefined)
    return `delivered to ${where}; the answer was dropped at ${nodeName(answer.host, lab)}: ${answer.dropped}`
  return `delivered to ${where}; the answer reached ${nodeName(answer.host, lab)}`
}

function nodeName(host: Host, lab: Lab): string {
  // a pod's network namespace is named with its cluster and uid
  const [, , pod] = /^pod (\S+) (\S+)/.exec(host.name) ?? []
  return pod ?? lab.node(host.name)?.name ?? host.name
}
