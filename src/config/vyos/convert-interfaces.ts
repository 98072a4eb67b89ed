import type { RouterInterfaceModel } from '../../model/router.ts'
import { type AddressWithLength, parseAddressWithLength, parseMac } from '../../wire/address.ts'
import type { LineWriter } from './line-writer.ts'
import { type ConfigNode, childrenAt, nodeAt, valueAt, valuesAt } from './tree.ts'

const KINDS: readonly (readonly [node: string, create: RouterInterfaceModel['create'] | undefined])[] = [
  ['loopback', undefined],
  ['ethernet', undefined],
  ['dummy', 'dummy'],
  ['bridge', 'bridge'],
]

/** `interfaces`: VyOS sets these up in the kernel itself, FRR learns of them from there. */
export function convertInterfaces(root: ConfigNode, writer: LineWriter): readonly RouterInterfaceModel[] {
  const interfaces = nodeAt(root, 'interfaces')
  return KINDS.flatMap(([kind, create]) =>
    childrenAt(interfaces, kind).flatMap(node => [
      convertInterface(node, node.name, create, writer),
      ...childrenAt(node, 'vif').map(vif => convertVlan(vif, `${node.name}.${vif.name}`, writer)),
    ]),
  )
}

/** Read for who looks at configurations; the interface itself is not made. */
function convertVlan(node: ConfigNode, name: string, writer: LineWriter): RouterInterfaceModel {
  const message = `VLAN interface ${name} is not modelled`
  writer.diagnostics.push({ code: 'vyos/not-modelled', severity: 'unmodelled', message, source: writer.sourceOf(node) })
  return convertInterface(node, name, 'vlan', writer)
}

function convertInterface(
  node: ConfigNode,
  name: string,
  create: RouterInterfaceModel['create'] | undefined,
  writer: LineWriter,
): RouterInterfaceModel {
  const description = valueAt(node, 'description')
  const mtuText = valueAt(node, 'mtu')
  const mac = parseMac(valueAt(node, 'mac') ?? '')
  const members = childrenAt(node, 'member', 'interface').map(member => member.name)
  if (mtuText !== undefined && !/^\d{2,5}$/.test(mtuText)) writer.refuse(`Invalid MTU ${mtuText} of ${name}`, node)
  return {
    name,
    addresses: convertAddresses(node, name, writer),
    shutdown: nodeAt(node, 'disable') !== undefined,
    ...(description === undefined ? {} : { description }),
    ...(mtuText !== undefined && /^\d{2,5}$/.test(mtuText) ? { mtuBytes: Number(mtuText) } : {}),
    ...(mac === undefined ? {} : { mac }),
    ...(create === undefined ? {} : { create }),
    ...(create === 'bridge' ? { members } : {}),
    source: writer.sourceOf(node),
  }
}

function convertAddresses(node: ConfigNode, name: string, writer: LineWriter): readonly AddressWithLength[] {
  return valuesAt(node, 'address').flatMap(({ text, line, column }) => {
    const address = text.includes('/') ? parseAddressWithLength(text) : undefined
    if (address !== undefined) return [address]
    const source = writer.sourceOf({ line, column })
    const isOther = text.includes(':') || text === 'dhcp' || text === 'dhcpv6'
    const message = isOther
      ? `address ${text} of ${name} is not modelled`
      : `Error: ${text} is not a valid address of ${name}`
    const [code, severity] = isOther ? ['vyos/not-modelled', 'unmodelled' as const] : ['vyos/commit', 'error' as const]
    writer.diagnostics.push({ code, severity, message, source })
    return []
  })
}
