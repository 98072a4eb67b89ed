import { selectedDevices } from '../../kubernetes/cilium/l2/selected-devices.ts'
import { compileGoRegexp } from '../../text/go-regexp.ts'
import { announcedByL2, type ClusterView, endpointNodes, selectedNodes } from '../cluster-view.ts'
import type { LintRule } from '../rule.ts'

export const interfaceRegex: LintRule = {
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

export const l2AnnouncesNothing: LintRule = {
  id: 'cilium/l2-policy-announces-nothing',
  level: 'error',
  summary: 'an L2 announcement policy has neither loadBalancerIPs nor externalIPs, or L2 announcements are off',
  explain:
    'Both kinds of addresses are off unless set, and the agents look at policies only with l2announcements.enabled=true.',
  *check(context) {
    for (const view of context.clusters) {
      const isOn = view.cilium.config.isL2AnnouncementsEnabled
      for (const policy of view.l2Policies) {
        const { loadBalancerIPs, externalIPs } = policy.spec
        const hasKind = loadBalancerIPs === true || externalIPs === true
        if (hasKind && isOn) continue
        const what = `CiliumL2AnnouncementPolicy ${policy.metadata.name} announces nothing`
        yield hasKind
          ? {
              message: `${what}: l2announcements.enabled is not set`,
              source: context.atManifest(view.cluster, policy),
              fix: 'install Cilium with l2announcements.enabled=true',
            }
          : {
              message: `${what}: neither loadBalancerIPs nor externalIPs is true`,
              source: context.atManifest(view.cluster, policy, 'spec'),
              fix: 'add "loadBalancerIPs: true"',
            }
      }
    }
  },
}

export const bgpDisabled: LintRule = {
  id: 'cilium/bgp-control-plane-off',
  level: 'error',
  summary: 'there is a CiliumBGPPeeringPolicy, but the BGP control plane is off',
  explain:
    'Agents look at peering policies only with bgpControlPlane.enabled=true; the object is stored and nothing happens.',
  *check(context) {
    for (const view of context.clusters) {
      if (view.cilium.config.isBgpControlPlaneEnabled) continue
      for (const policy of view.bgpPolicies) {
        yield {
          message: `CiliumBGPPeeringPolicy ${policy.metadata.name} has no effect: bgpControlPlane.enabled is not set`,
          source: context.atManifest(view.cluster, policy),
          fix: 'install Cilium with bgpControlPlane.enabled=true',
        }
      }
    }
  },
}

export const localPolicyWithL2: LintRule = {
  id: 'cilium/local-policy-with-l2',
  level: 'warning',
  summary: 'a service with externalTrafficPolicy Local is announced by L2 from nodes without a pod of it',
  explain:
    'The lease of an L2 announcement does not look at externalTrafficPolicy: it may lie on a node without an endpoint, which refuses all traffic (cilium/cilium#27800). One node answers for the address, so that the lease decides, not the pods.',
  *check(context) {
    for (const view of context.clusters) {
      for (const service of view.services) {
        if (service.spec.externalTrafficPolicy !== 'Local') continue
        const withPod = endpointNodes(view, service)
        for (const policy of view.l2Policies) {
          if (!announcedByL2(view, policy).includes(service)) continue
          const without = selectedNodes(view, policy).filter(node => !withPod.has(node.name))
          if (without.length === 0) continue
          const { namespace, name } = service.metadata
          yield {
            message: `service ${namespace}/${name} has externalTrafficPolicy Local, but ${policy.metadata.name} may announce it from ${without.map(node => node.name).join(', ')}, without a pod of it`,
            source: context.atManifest(view.cluster, service, 'spec', 'externalTrafficPolicy'),
            fix: 'use externalTrafficPolicy Cluster, announce it by BGP, or let the nodeSelector of the policy select nodes with pods only',
          }
        }
      }
    }
  },
}
