import type { CiliumBGPPeeringPolicy } from '../../api/cilium-resources.ts'
import { matchesSelector } from '../../api/selector.ts'

/** Which peering policy is a node's. `several` stops every BGP server of the node. */
export type PolicyChoice =
  | { readonly kind: 'none' }
  | { readonly kind: 'one'; readonly policy: CiliumBGPPeeringPolicy }
  | { readonly kind: 'several'; readonly names: readonly string[] }

/**
 * Picks the policy that selects the node's labels; a policy without `nodeSelector` selects every node.
 * Source: pkg/bgpv1/agent/controller.go (PolicySelection).
 */
export function selectPolicy(
  policies: readonly CiliumBGPPeeringPolicy[],
  nodeLabels: Readonly<Record<string, string>>,
): PolicyChoice {
  const matching = policies.filter(
    policy => policy.spec.nodeSelector === undefined || matchesSelector(policy.spec.nodeSelector, nodeLabels),
  )
  const [policy] = matching
  if (policy === undefined) return { kind: 'none' }
  return matching.length === 1
    ? { kind: 'one', policy }
    : { kind: 'several', names: matching.map(other => other.metadata.name) }
}
