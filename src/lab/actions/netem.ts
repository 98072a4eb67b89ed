import type { Host } from '../../host/host.ts'
import type { Interface } from '../../host/interface.ts'
import type { Cable } from '../../link/cable.ts'
import { Netem, type NetemSettings } from '../../link/netem.ts'
import type { Lab } from '../lab.ts'

/** Puts the network emulator on a device's way out, in place of what was there; undefined takes it away. */
export function impairDevice(host: Host, device: Interface, settings: NetemSettings | undefined): void {
  const { port } = device
  if (port === undefined) return
  port.egress = settings === undefined ? undefined : new Netem(settings, host.random.fork(`netem ${device.name}`))
  host.journal.record(host.name, 'link.impaired', {
    interface: device.name,
    settings: port.egress?.describe() ?? 'none',
  })
}

/** The same at both ends of a cable: both directions suffer. */
export function impairLink(lab: Lab, cable: Cable, settings: NetemSettings | undefined): void {
  for (const topology of lab.topologies.values()) {
    for (const { cable: candidate, ends } of topology.links)
      if (candidate === cable) for (const { host, device } of ends) impairDevice(host, device, settings)
  }
}
