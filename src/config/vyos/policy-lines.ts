import type { LineWriter } from './line-writer.ts'
import { writeRouteMaps } from './route-map-lines.ts'
import { type ConfigNode, childrenAt, nodeAt, valueAt } from './tree.ts'

/** `policy` as FRR lines (data/templates/frr/policy.frr.j2). */
export function writePolicy(root: ConfigNode, writer: LineWriter): void {
  const policy = nodeAt(root, 'policy')
  if (policy === undefined) return
  for (const list of childrenAt(policy, 'access-list')) writeRules(list, writer, rule => accessRule(list, rule, writer))
  for (const list of childrenAt(policy, 'prefix-list')) {
    writeRules(list, writer, rule => prefixRule(list, rule, writer))
    const description = valueAt(list, 'description')
    if (description !== undefined) writer.add(`ip prefix-list ${list.name} description ${description}`, list)
  }
  for (const list of childrenAt(policy, 'as-path-list')) {
    writeRules(list, writer, rule => regexRule(`bgp as-path access-list ${list.name}`, list, rule, writer))
  }
  for (const list of childrenAt(policy, 'community-list')) {
    const head = `bgp community-list ${/^\d+$/.test(list.name) ? '' : 'expanded '}${list.name}`
    writeRules(list, writer, rule => regexRule(head, list, rule, writer))
  }
  for (const list of childrenAt(policy, 'large-community-list')) {
    const head = `bgp large-community-list ${/^\d+$/.test(list.name) ? '' : 'expanded '}${list.name}`
    writeRules(list, writer, rule => regexRule(head, list, rule, writer))
  }
  writeRouteMaps(policy, writer)
}

/** Rules in order; one without an action is refused. */
function writeRules(list: ConfigNode, writer: LineWriter, write: (rule: ConfigNode) => void): void {
  for (const rule of childrenAt(list, 'rule')) {
    if (valueAt(rule, 'action') === undefined)
      writer.refuse(`Action must be specified for rule ${rule.name} of ${list.name}`, rule)
    else write(rule)
  }
}

function headOf(rule: ConfigNode): string {
  nodeAt(rule, 'description')
  return `seq ${rule.name} ${valueAt(rule, 'action')}`
}

function prefixRule(list: ConfigNode, rule: ConfigNode, writer: LineWriter): void {
  const prefix = valueAt(rule, 'prefix')
  if (prefix === undefined) {
    writer.refuse(`A prefix must be specified for rule ${rule.name} of prefix-list ${list.name}`, rule)
    return
  }
  const [ge, le] = [valueAt(rule, 'ge'), valueAt(rule, 'le')]
  const bounds = `${ge === undefined ? '' : `ge ${ge}`} ${le === undefined ? '' : `le ${le}`}`
  writer.add(`ip prefix-list ${list.name} ${headOf(rule)} ${prefix} ${bounds}`, rule)
}

function accessRule(list: ConfigNode, rule: ConfigNode, writer: LineWriter): void {
  const source = nodeAt(rule, 'source')
  const host = valueAt(source, 'host')
  const [network, mask] = [valueAt(source, 'network'), valueAt(source, 'inverse-mask')]
  const what =
    nodeAt(source, 'any') !== undefined
      ? 'any'
      : host !== undefined
        ? `host ${host}`
        : network !== undefined
          ? `${network} ${mask ?? ''}`
          : undefined
  if (what === undefined)
    writer.refuse(`A source must be specified for rule ${rule.name} of access-list ${list.name}`, rule)
  else writer.add(`access-list ${list.name} ${headOf(rule)} ${what}`, rule)
}

function regexRule(head: string, list: ConfigNode, rule: ConfigNode, writer: LineWriter): void {
  const regex = valueAt(rule, 'regex')
  if (regex === undefined) writer.refuse(`A regex must be specified for rule ${rule.name} of ${list.name}`, rule)
  else writer.add(`${head} ${headOf(rule)} ${regex}`, rule)
}
