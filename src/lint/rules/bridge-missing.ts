import type { LintRule } from '../rule.ts'

export const bridgeMissing: LintRule = {
  id: 'containerlab/bridge-missing',
  level: 'info',
  summary: 'a node of kind bridge must be on the machine before containerlab deploys',
  explain:
    'drylab makes the bridge; containerlab only looks for it and ends with an error when it is not there (docs/manual/kinds/bridge.md).',
  *check(context) {
    const told = new Set<string>()
    for (const [node, { kind, name, source, networkMode }] of context.models) {
      if ((kind !== 'bridge' && kind !== 'ovs-bridge') || networkMode.kind === 'container') continue
      if (told.has(name)) continue
      told.add(name)
      if (context.texts.scripts.some(file => isMadeBy(context.texts.lines(file), name))) continue
      const add =
        kind === 'bridge'
          ? `ip link add ${node.name} type bridge && ip link set ${node.name} up`
          : `ovs-vsctl add-br ${node.name}`
      yield {
        message: `containerlab needs ${kind === 'bridge' ? 'the bridge' : 'the Open vSwitch bridge'} ${name} on the machine before it deploys this file`,
        source,
        fix: `run "${add}" first`,
      }
    }
  },
}

function isMadeBy(lines: readonly string[], name: string): boolean {
  return lines.some(line => line.includes(name) && /\b(addbr|add-br|ip\s+l\w*\s+a\w*)\b/.test(line))
}
