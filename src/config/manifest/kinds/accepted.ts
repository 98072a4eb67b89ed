import { type ManifestKind, topLevel } from '../manifest-kind.ts'
import { KEPT } from '../schema.ts'

/** Custom resources of Cilium that are stored and listed but do nothing here. */
export const ACCEPTED_KINDS: readonly ManifestKind[] = [
  accepted('CiliumBGPClusterConfig', 'cilium.io/v2alpha1', 'cilium.io/v2'),
  accepted('CiliumBGPPeerConfig', 'cilium.io/v2alpha1', 'cilium.io/v2'),
  accepted('CiliumBGPAdvertisement', 'cilium.io/v2alpha1', 'cilium.io/v2'),
  accepted('CiliumBGPNodeConfigOverride', 'cilium.io/v2alpha1', 'cilium.io/v2'),
  accepted('CiliumBGPNodeConfig', 'cilium.io/v2alpha1', 'cilium.io/v2'),
  accepted('CiliumNetworkPolicy', 'cilium.io/v2'),
  accepted('CiliumClusterwideNetworkPolicy', 'cilium.io/v2'),
  accepted('CiliumPodIPPool', 'cilium.io/v2alpha1'),
]

function accepted(kind: string, ...apiVersions: string[]): ManifestKind {
  return { kind, apiVersions, flavour: 'custom', isUnmodelled: true, schema: topLevel(kind, { spec: KEPT }) }
}
