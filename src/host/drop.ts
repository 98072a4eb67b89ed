import { formatIpv4 } from '../wire/address.ts'
import type { Ipv4Packet } from '../wire/ipv4.ts'
import type { DropReason } from './drop-reason.ts'
import type { Host } from './host.ts'
import type { Interface } from './interface.ts'

/** Drops a packet: counted by reason and journalled. `detail` is a hook's own reason. */
export function drop(host: Host, reason: DropReason, packet: Ipv4Packet, device: Interface, detail?: string): void {
  host.counters.drop(reason)
  host.journal.record(host.name, 'packet.drop', {
    reason: detail === undefined ? reason : `${reason}: ${detail}`,
    interface: device.name,
    source: formatIpv4(packet.source),
    destination: formatIpv4(packet.destination),
    protocol: packet.payload.kind,
  })
}
