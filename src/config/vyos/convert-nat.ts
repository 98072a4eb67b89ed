import type { SourceNatModel } from '../../model/router.ts'
import { type Prefix, parseIpv4, parsePrefix } from '../../wire/address.ts'
import type { LineWriter } from './line-writer.ts'
import { type ConfigNode, childrenAt, nodeAt, valueAt } from './tree.ts'

/** `nat source rule N` (python/vyos/nat.py); the interface was a plain value before nat 6 and `interface-name` in nat 6. */
export function convertSourceNat(root: ConfigNode, writer: LineWriter): readonly SourceNatModel[] {
  return childrenAt(root, 'nat', 'source', 'rule').flatMap(rule => {
    for (const harmless of ['description', 'log']) nodeAt(rule, harmless)
    if (nodeAt(rule, 'disable') !== undefined) return []
    const protocol = valueAt(rule, 'protocol')
    if (protocol !== undefined && protocol !== 'all') {
      writer.unmodelled(`nat source rule ${rule.name} protocol`, rule)
      return []
    }
    const translation = translationOf(rule, writer)
    return translation === undefined ? [] : [{ ...convertRule(rule, writer), translation }]
  })
}

function convertRule(rule: ConfigNode, writer: LineWriter): Omit<SourceNatModel, 'translation'> {
  const outbound = nodeAt(rule, 'outbound-interface')
  const name = valueAt(outbound, 'name') ?? valueAt(outbound, 'interface-name') ?? outbound?.values.at(-1)?.text
  const source = prefixAt(rule, 'source', writer)
  const destination = prefixAt(rule, 'destination', writer)
  return {
    rule: Number(rule.name) || 0,
    ...(name === undefined || name === 'any' ? {} : { outboundInterface: name }),
    ...(source === undefined ? {} : { source }),
    ...(destination === undefined ? {} : { destination }),
    exclude: nodeAt(rule, 'exclude') !== undefined,
  }
}

/** Host bits of a network are cleared, as the migration of nat 6 does. */
function prefixAt(rule: ConfigNode, side: 'source' | 'destination', writer: LineWriter): Prefix | undefined {
  const text = valueAt(rule, side, 'address')
  if (text === undefined) return undefined
  const prefix = parsePrefix(text)
  if (prefix === undefined)
    writer.unmodelled(`nat source rule ${rule.name} ${side} address ${text}`, nodeAt(rule, side)!)
  return prefix
}

function translationOf(rule: ConfigNode, writer: LineWriter): SourceNatModel['translation'] | undefined {
  const text = valueAt(rule, 'translation', 'address')
  if (text === 'masquerade' || nodeAt(rule, 'exclude') !== undefined) return 'masquerade'
  if (text === undefined) {
    writer.refuse(`Source NAT configuration error in rule ${rule.name}: translation requires address and/or port`, rule)
    return undefined
  }
  const address = parseIpv4(text)
  if (address === undefined) writer.unmodelled(`nat source rule ${rule.name} translation address ${text}`, rule)
  return address
}
