import { formatIpv4, formatMac } from '../../wire/address.ts'
import type { LintContext } from '../context.ts'
import type { LintFinding, LintRule } from '../rule.ts'
import type { Station } from '../wires.ts'

const VLAN = /\bvlan_filtering\b|\benable-vlan\b|\bnative-vlan\b|\ballowed-vlan\b|\bbridge\s+vlan\b|\btype\s+vlan\b/

export const duplicateAddress: LintRule = {
  id: 'address/duplicate',
  level: 'error',
  summary: 'two devices of one network have the same IP or MAC address',
  explain:
    'Who answers ARP last gets the traffic, and neighbours change their mind every time. Equal addresses on separate networks (anycast gateways) are fine and not reported.',
  *check(context) {
    // which VLAN a port is in is not simulated: one bridge may be several networks
    if (context.mentions(context.lab.nodes(), VLAN)) return
    for (const network of context.wires.networks()) {
      const stations = network.filter(({ host }) => host !== context.lab.machine.host)
      yield* twice(stations, 'address', ({ device }) => device.addresses.map(one => formatIpv4(one.address)), context)
      yield* twice(stations, 'MAC address', ({ device }) => [formatMac(device.mac)], context)
    }
  },
}

function* twice(
  stations: readonly Station[],
  what: string,
  valuesOf: (station: Station) => readonly string[],
  context: LintContext,
): Iterable<LintFinding> {
  const owners = new Map<string, Station>()
  for (const station of stations) {
    for (const value of valuesOf(station)) {
      const owner = owners.get(value)
      owners.set(value, station)
      if (owner === undefined || owner.host === station.host) continue
      yield {
        message: `${what} ${value} is on ${nameOf(owner)} and on ${nameOf(station)}, which share a network`,
        source: placeOf(context, station, value),
        fix: `give one of the two another ${what}`,
      }
    }
  }
}

function placeOf(context: LintContext, { host, device }: Station, value: string) {
  const own = device.addresses.find(({ address }) => formatIpv4(address) === value)
  return own === undefined ? context.atHost(host) : context.atAddress(host, device, `${value}/${own.length}`)
}

function nameOf({ node, device }: Station): string {
  return `${node}:${device.name}`
}
