import type { ManagementNetworkModel } from '../../model/topology.ts'
import { ipv4, parseIpv4, parsePrefix, prefixAddress, prefixContains, prefixLength } from '../../wire/address.ts'
import type { YamlReader } from '../yaml-reader.ts'
import { MANAGEMENT_KEYS } from './schema.ts'

/** containerlab's defaults (types.MgmtNet): docker network `clab`, 172.20.20.0/24, MTU of docker's default bridge. */
const DEFAULT_NETWORK = 'clab'
const DEFAULT_SUBNET = '172.20.20.0/24'
const DEFAULT_MTU = 1500

/** The `mgmt` section. `isWritten` tells whether the file has one at all. */
export function convertManagement(reader: YamlReader, value: unknown): ManagementNetworkModel {
  const map = reader.map(value, ['mgmt'])
  reader.onlyKeys(map, Object.keys(MANAGEMENT_KEYS), ['mgmt'])
  const prefix = (key: string): ReturnType<typeof parsePrefix> => {
    const text = reader.text(map[key], ['mgmt', key])
    if (text === undefined || text === 'auto') return undefined
    const parsed = text.includes('/') ? parsePrefix(text) : undefined
    if (parsed === undefined)
      reader.error('wrong-value', `"${text}" is not an IPv4 network such as 172.20.20.0/24`, ['mgmt', key])
    return parsed
  }
  const subnet = prefix('ipv4-subnet') ?? parsePrefix(DEFAULT_SUBNET)!
  if (prefixLength(subnet) > 30)
    reader.error('wrong-value', 'the management network has no room for nodes', ['mgmt', 'ipv4-subnet'])
  const gatewayText = reader.text(map['ipv4-gw'], ['mgmt', 'ipv4-gw'])
  const gateway = gatewayText === undefined ? ipv4(prefixAddress(subnet) + 1) : parseIpv4(gatewayText)
  if (gateway === undefined || !prefixContains(subnet, gateway)) {
    reader.error('wrong-value', `"${gatewayText}" is not an address of the management network`, ['mgmt', 'ipv4-gw'])
  }
  const bridge = reader.text(map.bridge, ['mgmt', 'bridge'])
  const range = prefix('ipv4-range')
  return {
    network: reader.text(map.network, ['mgmt', 'network']) ?? DEFAULT_NETWORK,
    ...(bridge === undefined ? {} : { bridge }),
    ...(range === undefined ? {} : { range }),
    subnet,
    gateway: gateway ?? ipv4(prefixAddress(subnet) + 1),
    mtuBytes: reader.integer(map.mtu, ['mgmt', 'mtu'], 68, 65535) ?? DEFAULT_MTU,
    isWritten: value !== undefined,
  }
}
