import { formatIpv4 } from '../wire/address.ts'
import type { Ipv4Packet } from '../wire/ipv4.ts'
import type { DropReason } from './drop-reason.ts'
import type { Host } from './host.ts'
import type { Interface } from './interface.ts'
import { packetWatcher } from './packet-watch.ts'

/** Drops a packet: counted by reason and journalled. `detail` is a hook's own reason. */
export function drop(host: Host, reason: DropReason, packet: Ipv4Packet, device: Interface, detail?: string): void {
  host.counters.drop(reason)
  const full = detail === undefined ? reason : `${reason}: ${detail}`
  packetWatcher(host.simulator)?.onDrop(host.name, packet, full)
  host.journal.record(host.name, 'packet.drop', {
    reason: full,
    interface: device.name,
    source: formatIpv4(packet.source),
    destination: formatIpv4(packet.destination),
    protocol: packet.payload.kind,
  })
}
