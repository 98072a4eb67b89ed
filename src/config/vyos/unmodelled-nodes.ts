import type { Diagnostic } from '../diagnostic.ts'
import type { ConfigNode } from './tree.ts'

/** Trees that change nothing a lab sees. */
const HARMLESS = [
  /^service (ssh|ntp|lldp)\b/,
  /^system (login|ntp|syslog|console|config-management|conntrack|time-zone|name-server|domain-name|option|update-check)\b/,
  /^system (ipv6|package|gateway-address|host-name|domain-search|static-host-mapping)\b/,
  /^interfaces (ethernet|bridge|dummy|loopback) \S+( vif \S+)? (hw-id|smp-affinity|smp_affinity|duplex|speed|offload|ring-buffer|ipv6)\b/,
]

/** A notice for every part of the tree that no conversion has asked for, each named at its top. */
export function unmodelledNodes(root: ConfigNode, file: string): readonly Diagnostic[] {
  const diagnostics: Diagnostic[] = []
  walk(root, [], diagnostics, file)
  return diagnostics
}

function walk(node: ConfigNode, path: readonly string[], diagnostics: Diagnostic[], file: string): void {
  for (const child of node.children.values()) {
    const childPath = [...path, child.name]
    const text = childPath.join(' ')
    if (HARMLESS.some(pattern => pattern.test(text))) continue
    if (child.isRead || leadsToRead(child)) {
      walk(child, childPath, diagnostics, file)
      continue
    }
    if (leadsToHarmless(child, childPath)) {
      walk(child, childPath, diagnostics, file)
      continue
    }
    const source = { file, line: child.line, column: child.column }
    const message = `${shorten(text)} is not modelled`
    diagnostics.push({ code: 'vyos/not-modelled', severity: 'unmodelled', message, source })
  }
}

function leadsToRead(node: ConfigNode): boolean {
  return [...node.children.values()].some(child => child.isRead || leadsToRead(child))
}

/** `service { ssh { } dhcp-server { … } }`: the harmless part is passed over, the other one is named. */
function leadsToHarmless(node: ConfigNode, path: readonly string[]): boolean {
  return (
    path.length < 2 &&
    [...node.children.keys()].some(name => HARMLESS.some(pattern => pattern.test([...path, name].join(' '))))
  )
}

function shorten(text: string): string {
  return text.length > 120 ? `${text.slice(0, 120)}…` : text
}
