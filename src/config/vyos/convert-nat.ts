import type { SourceNatModel } from '../../model/router.ts'
import { type Prefix, parseIpv4, parsePrefix } from '../../wire/address.ts'
import type { LineWriter } from './line-writer.ts'
import { type ConfigNode, childrenAt, nodeAt, valueAt } from './tree.ts'

/**
 * `nat source rule N` (python/vyos/nat.py); the interface was a plain value before nat 6 and `interface-name` in nat 6.
 * A rule that cannot be honoured in full is left out and said to be not modelled, at its place.
 */
export function convertSourceNat(root: ConfigNode, writer: LineWriter): readonly SourceNatModel[] {
  return childrenAt(root, 'nat', 'source', 'rule').flatMap(rule => {
    for (const harmless of ['description', 'log']) nodeAt(rule, harmless)
    if (nodeAt(rule, 'disable') !== undefined) {
      readAll(rule)
      return []
    }
    const model = convertRule(rule, new RuleReader(rule, writer))
    return model === undefined ? [] : [model]
  })
}

/** Reads the parts of one rule; remembers whether something of it could not be taken. */
class RuleReader {
  isHonoured = true
  readonly #rule: ConfigNode
  readonly #writer: LineWriter

  constructor(rule: ConfigNode, writer: LineWriter) {
    this.#rule = rule
    this.#writer = writer
  }

  refuse(): void {
    this.isHonoured = false
    this.#writer.refuse(
      `Source NAT configuration error in rule ${this.#rule.name}: translation requires address and/or port`,
      this.#rule,
    )
  }

  cannot(what: string, node: ConfigNode): void {
    this.isHonoured = false
    readAll(node)
    this.#writer.unmodelled(`nat source rule ${this.#rule.name} ${what}`, node)
  }

  /** Whatever is below the node and not among the names narrows or widens the rule in a way that is not modelled. */
  allowOnly(node: ConfigNode | undefined, names: readonly string[], path = ''): void {
    for (const child of node?.children.values() ?? []) {
      if (!names.includes(child.name)) this.cannot(`${path}${child.name}`, child)
    }
  }
}

const RULE_PARTS = 'description log protocol exclude outbound-interface source destination translation'.split(' ')

function convertRule(rule: ConfigNode, reader: RuleReader): SourceNatModel | undefined {
  reader.allowOnly(rule, RULE_PARTS)
  const protocol = nodeAt(rule, 'protocol')
  if (protocol !== undefined && valueAt(rule, 'protocol') !== 'all') reader.cannot('protocol', protocol)
  const outboundInterface = outboundAt(rule, reader)
  const source = prefixAt(rule, 'source', reader)
  const destination = prefixAt(rule, 'destination', reader)
  const exclude = nodeAt(rule, 'exclude') !== undefined
  const translation = exclude ? 'masquerade' : translationOf(rule, reader)
  if (!reader.isHonoured || translation === undefined) return undefined
  return {
    rule: Number(rule.name) || 0,
    ...(outboundInterface === undefined ? {} : { outboundInterface }),
    ...(source === undefined ? {} : { source }),
    ...(destination === undefined ? {} : { destination }),
    translation,
    exclude,
  }
}

function outboundAt(rule: ConfigNode, reader: RuleReader): string | undefined {
  const node = nodeAt(rule, 'outbound-interface')
  if (node === undefined) return undefined
  const group = nodeAt(node, 'group')
  if (group !== undefined) reader.cannot('outbound-interface group', group)
  const name =
    valueAt(node, 'name') ??
    valueAt(node, 'interface-name') ??
    (group ? undefined : valueAt(rule, 'outbound-interface'))
  if (name !== undefined && /[!*]/.test(name)) reader.cannot(`outbound-interface ${name}`, node)
  return name === 'any' ? undefined : name
}

/** Host bits of a network are cleared, as the migration of nat 6 does. */
function prefixAt(rule: ConfigNode, side: 'source' | 'destination', reader: RuleReader): Prefix | undefined {
  const node = nodeAt(rule, side)
  reader.allowOnly(node, ['address'], `${side} `)
  const text = valueAt(node, 'address')
  if (node === undefined || text === undefined) return undefined
  const prefix = parsePrefix(text)
  if (prefix === undefined) reader.cannot(`${side} address ${text}`, nodeAt(node, 'address')!)
  return prefix
}

function translationOf(rule: ConfigNode, reader: RuleReader): SourceNatModel['translation'] | undefined {
  const node = nodeAt(rule, 'translation')
  reader.allowOnly(node, ['address'], 'translation ')
  const text = valueAt(node, 'address')
  if (text === 'masquerade') return 'masquerade'
  if (node === undefined || node.children.size === 0) reader.refuse()
  if (node === undefined || text === undefined) return undefined
  const address = parseIpv4(text.replace(/\/32$/, ''))
  if (address === undefined) reader.cannot(`translation address ${text}`, nodeAt(node, 'address')!)
  return address
}

function readAll(node: ConfigNode): void {
  node.isRead = true
  for (const child of node.children.values()) readAll(child)
}
