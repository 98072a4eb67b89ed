import { selectedDevices } from '../../kubernetes/cilium/l2/selected-devices.ts'
import { compileGoRegexp } from '../../text/go-regexp.ts'
import { type ClusterView, selectedNodes } from '../cluster-view.ts'
import type { LintRule } from '../rule.ts'

export const interfaceRegexMatchesNothing: LintRule = {
  id: 'cilium/interface-regex-matches-nothing',
  level: 'error',
  summary: 'an interface expression of an L2 announcement policy fits no device that Cilium works on',
  explain:
    "interfaces holds regular expressions, and only devices that Cilium has selected count: those named by the chart's devices, else those with the default route or the node's address. Without a device nobody answers ARP, although the lease is taken.",
  *check(context) {
    for (const view of context.clusters) {
      for (const policy of view.l2Policies) {
        const nodes = selectedNodes(view, policy)
        for (const [index, expression] of (policy.spec.interfaces ?? []).entries()) {
          const compiled = compileGoRegexp(expression)
          const wrong = compiled.ok
            ? unmatched(view, nodes, compiled.regexp)
            : `is no regular expression: ${compiled.error}`
          if (wrong === undefined) continue
          yield {
            message: `CiliumL2AnnouncementPolicy ${policy.metadata.name}: interface ${expression} ${wrong}`,
            source: context.atManifest(view.cluster, policy, 'spec', 'interfaces', index),
            fix: compiled.ok
              ? "correct the expression, or add the device to the chart's devices"
              : 'write a regular expression of Go, such as ^net[0-9]+$',
          }
        }
      }
    }
  },
}

function unmatched(view: ClusterView, nodes: ReturnType<typeof selectedNodes>, regexp: RegExp): string | undefined {
  const selected = new Set<string>()
  const others = new Set<string>()
  for (const { host, address } of nodes) {
    const devices = selectedDevices(host, address, view.cilium.config.devices)
    for (const device of devices) selected.add(device.name)
    for (const { name, isLoopback } of host.interfaces) if (!isLoopback && regexp.test(name)) others.add(name)
  }
  if (selected.size === 0 || [...selected].some(name => regexp.test(name))) return undefined
  const near = others.size === 0 ? '' : `; ${[...others].join(', ')} is there, but Cilium does not work on it`
  return `fits none of Cilium's devices (${[...selected].sort().join(', ')})${near}`
}
