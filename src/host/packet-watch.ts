import type { Simulator } from '../sim/simulator.ts'
import type { Ipv4Packet } from '../wire/ipv4.ts'

/** Hears what happens to packets inside hosts, for the comments of captures. */
export interface PacketWatcher {
  onDrop(hostName: string, packet: Ipv4Packet, reason: string): void
  onRewrite(hostName: string, before: Ipv4Packet, after: Ipv4Packet): void
}

const WATCHERS = new WeakMap<Simulator, PacketWatcher>()

/** One watcher for all hosts of a simulation. */
export function watchPackets(simulator: Simulator, watcher: PacketWatcher): void {
  WATCHERS.set(simulator, watcher)
}

/** The watcher; undefined when nobody captures. */
export function packetWatcher(simulator: Simulator): PacketWatcher | undefined {
  return WATCHERS.get(simulator)
}
