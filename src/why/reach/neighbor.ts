import type { Host } from '../../host/host.ts'
import type { Interface } from '../../host/interface.ts'
import { validateSource } from '../../host/source-validation.ts'
import type { AddressOwner } from '../../lab/lab-map.ts'
import { formatIpv4, formatPrefix, type Ipv4Address } from '../../wire/address.ts'
import type { Step } from '../answer.ts'
import type { Question } from '../question.ts'
import { explainDevice, writtenAddresses } from '../route/device.ts'
import { failed, told } from '../step.ts'
import { type RoutedPacket, routeAt } from './visits.ts'

/** Why nobody answered ARP for a packet's next hop. */
export function explainNeighbor(question: Question, host: Host, packet: RoutedPacket): Step {
  const { map } = question
  const { route, source: routeLine } = routeAt(question, host, packet)
  const failing =
    route?.nextHops.find(hop => isFailed(host, hop.interface, hop.gateway ?? packet.destination)) ?? route?.nextHops[0]
  const device = failing?.interface
  const address = failing?.gateway ?? packet.destination
  const name = map.nameOf(host)
  const head = `nobody answers ARP for ${formatIpv4(address)} on ${name} ${device?.name ?? '?'}`
  const by =
    route === undefined
      ? []
      : [
          told(
            `${name} asks because of ${formatPrefix(route.prefix)}${failing?.gateway === undefined ? ', connected' : ` via ${formatIpv4(address)}`}`,
            routeLine ?? connectedLine(question, host, device),
          ),
        ]
  const owners = map.owners(address)
  const far = device === undefined ? undefined : map.farEnd(device)
  const owner = owners.find(one => one.device === far?.device) ?? owners[0]
  if (owner === undefined) return absentOwner(question, { head, address, host, device, by, routeLine })
  const gate = owner.node === undefined ? undefined : explainDevice(question, owner.node, owner.device.name)
  if (gate !== undefined) return failed(`${head}: ${gate.text}`, gate.source, [...(gate.steps ?? []), ...by])
  if (far !== undefined && far.device !== owner.device && far.device.master === undefined)
    return elsewhere(question, { head, owner, far, host, device, by, address })
  return failed(`${head}: ${refusal(question, owner, host, device)}`, refusalLine(question, owner), by)
}

interface Asked {
  readonly head: string
  readonly address: Ipv4Address
  readonly host: Host
  readonly device: Interface | undefined
  readonly by: readonly Step[]
}

function isFailed(host: Host, device: Interface | undefined, address: Ipv4Address): boolean {
  return device !== undefined && host.neighbors.get(device, address)?.isValid === false
}

/** Nobody has the address now; perhaps somebody should. */
function absentOwner(question: Question, asked: Asked & { readonly routeLine: Step['source'] }): Step {
  const { map } = question
  const { head, address, device, by, host } = asked
  for (const node of map.nodes) {
    const written = writtenAddresses(question, node).find(({ value }) => value.address === address)
    if (written === undefined) continue
    const gate = explainDevice(question, node, written.device)
    const text = gate?.text ?? `${node.name} ${written.device} has not got its address`
    return failed(`${head}: ${text}`, gate?.source ?? written.source, by)
  }
  const far = device === undefined ? undefined : map.farEnd(device)
  const behind =
    far === undefined || far.device.master !== undefined
      ? []
      : [
          told(
            `behind it is ${far.name} ${far.device.name} with ${addressesText(far.device)}`,
            far.node === undefined ? undefined : farLine(question, far),
          ),
        ]
  const line = asked.routeLine ?? by[0]?.source ?? connectedLine(question, host, device)
  return failed(`${head}: nobody has that address`, line, [...behind, ...by])
}

/** Somebody has it, but not behind this device. */
function elsewhere(
  question: Question,
  asked: Asked & { readonly owner: AddressOwner; readonly far: AddressOwner },
): Step {
  const { head, owner, far, host, device, by } = asked
  const text = `${head}: ${owner.name} ${owner.device.name} has it, behind ${device?.name ?? 'it'} is ${far.name} ${far.device.name}`
  const line = connectedLine(question, host, device)
  return failed(text, by[0]?.source ?? line, by)
}

/** The owner hears the request and stays silent. */
function refusal({ map }: Question, owner: AddressOwner, asker: Host, device: Interface | undefined): string {
  const own = device?.addresses[0]?.address
  if (own !== undefined && !validateSource(owner.host, owner.device, own).ok)
    return `${owner.name} ${owner.device.name} does not take questions from ${formatIpv4(own)} (rp_filter or no route back)`
  return `${owner.name} ${owner.device.name} has it and does not answer ${map.nameOf(asker)}`
}

function refusalLine({ places }: Question, { node }: AddressOwner) {
  return node === undefined
    ? undefined
    : (places.sysctl(node, 'rp_filter') ?? places.sysctl(node, 'arp_ignore') ?? places.node(node))
}

function addressesText(device: Interface): string {
  return device.addresses.map(one => `${formatIpv4(one.address)}/${one.length}`).join(', ') || 'no address'
}

function farLine({ places }: Question, { node, device }: AddressOwner) {
  const first = device.addresses[0]
  return node === undefined || first === undefined ? undefined : places.address(node, device.name, first.address)
}

/** The line that gave a device the address by which a network counts as connected. */
function connectedLine({ map, places }: Question, host: Host, device: Interface | undefined) {
  const node = map.nodeOf(host)
  const own = device?.addresses[0]
  return node === undefined || device === undefined || own === undefined
    ? undefined
    : places.address(node, device.name, own.address)
}
