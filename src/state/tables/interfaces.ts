import type { Interface } from '../../host/interface.ts'
import { linkFlags, operationalState } from '../../shell/commands/ip/link-fields.ts'
import { formatIpv4, formatMac } from '../../wire/address.ts'
import { type NamedNode, stateNodes } from '../state-nodes.ts'
import { defineTable } from '../table.ts'

/** A network device with its counters. */
export interface InterfaceRow {
  readonly node: string
  readonly index: number
  readonly interface: string
  /** `veth`, `bridge`, `loopback`, … */
  readonly kind: string
  /** operstate of `ip link`: `UP`, `DOWN`, `LOWERLAYERDOWN`, `UNKNOWN`. */
  readonly state: string
  readonly isUp: boolean
  readonly hasCarrier: boolean
  /** `10.0.0.1/24`, in list order. */
  readonly addresses: readonly string[]
  readonly mac: string
  readonly mtuBytes: number
  /** The bridge it is a port of. */
  readonly master: string | null
  /** As between the angle brackets of `ip link`. */
  readonly flags: readonly string[]
  /** What `tc` impairs of what it sends: `netem delay 10ms loss 1%`; null when nothing. */
  readonly impairment: string | null
  readonly receivedPackets: number
  readonly receivedBytes: number
  readonly receiveDrops: number
  readonly transmittedPackets: number
  readonly transmittedBytes: number
  readonly transmitDrops: number
}

export const interfaces = defineTable<InterfaceRow>({
  name: 'interfaces',
  title: 'Interfaces',
  scope: 'node',
  key: ['node', 'interface'],
  volatile: [
    'index',
    'mac',
    'receivedPackets',
    'receivedBytes',
    'receiveDrops',
    'transmittedPackets',
    'transmittedBytes',
    'transmitDrops',
  ],
  rows: (lab, node) =>
    stateNodes(lab, node).flatMap(named => named.node.host.interfaces.all().map(device => interfaceRow(named, device))),
})

function interfaceRow({ node, name }: NamedNode, device: Interface): InterfaceRow {
  return {
    node: name,
    index: device.index,
    interface: device.name,
    kind: device.kind,
    state: operationalState(node.host, device),
    isUp: device.isUp,
    hasCarrier: device.hasCarrier,
    addresses: device.addresses.map(({ address, length }) => `${formatIpv4(address)}/${length}`),
    mac: formatMac(device.mac),
    mtuBytes: device.mtuBytes,
    master: device.master?.name ?? null,
    flags: linkFlags(node.host, device),
    impairment: device.port?.egress?.describe() ?? null,
    ...device.counters,
  }
}
