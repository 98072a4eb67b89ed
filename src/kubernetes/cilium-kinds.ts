import type { KubernetesObject } from '../model/kubernetes-object.ts'
import type { ResourceKind } from './api/resource-kind.ts'
import type { Cluster } from './cluster.ts'

/**
 * The kinds whose CRDs Cilium's operator registers. Versions by release: 1.16 adds the BGP v2 kinds (v2alpha1), 1.18 serves
 * them and the pool as v2 too. Source: cilium pkg/k8s/apis/cilium.io/client/register.go.
 *
 * @param minor the y of Cilium 1.y
 */
export function ciliumKinds(minor: number): readonly ResourceKind[] {
  const alpha = minor >= 18 ? ['v2', 'v2alpha1'] : ['v2alpha1']
  const kinds = [
    custom('CiliumNode', 'ciliumnodes', ['cn', 'ciliumn'], ['v2']),
    custom(
      'CiliumLoadBalancerIPPool',
      'ciliumloadbalancerippools',
      ['ippools', 'ippool', 'lbippool', 'lbippools'],
      alpha,
    ),
    custom('CiliumBGPPeeringPolicy', 'ciliumbgppeeringpolicies', ['bgpp'], ['v2alpha1']),
    custom('CiliumL2AnnouncementPolicy', 'ciliuml2announcementpolicies', ['l2announcement'], ['v2alpha1']),
    custom('CiliumPodIPPool', 'ciliumpodippools', ['cpip'], ['v2alpha1']),
    { ...custom('CiliumNetworkPolicy', 'ciliumnetworkpolicies', ['cnp', 'ciliumnp'], ['v2']), isNamespaced: true },
    custom('CiliumClusterwideNetworkPolicy', 'ciliumclusterwidenetworkpolicies', ['ccnp'], ['v2']),
  ]
  if (minor < 16) return kinds
  return [
    ...kinds,
    custom('CiliumBGPClusterConfig', 'ciliumbgpclusterconfigs', ['cbgpcluster'], alpha),
    custom('CiliumBGPPeerConfig', 'ciliumbgppeerconfigs', ['cbgppeer'], alpha),
    custom('CiliumBGPAdvertisement', 'ciliumbgpadvertisements', ['cbgpadvert'], alpha),
    custom('CiliumBGPNodeConfig', 'ciliumbgpnodeconfigs', ['cbgpnode'], alpha),
    custom('CiliumBGPNodeConfigOverride', 'ciliumbgpnodeconfigoverrides', ['cbgpnodeoverride'], alpha),
  ]
}

/** Makes the kinds known and lists their CRDs. */
export function registerCiliumKinds(cluster: Cluster, minor: number): void {
  const kinds = ciliumKinds(minor)
  cluster.store.registerKinds(kinds)
  for (const kind of kinds) cluster.store.create(definition(kind))
}

function custom(
  kind: string,
  plural: string,
  shortNames: readonly string[],
  versions: readonly string[],
): ResourceKind {
  return { kind, group: 'cilium.io', versions, plural, singular: kind.toLowerCase(), shortNames, isNamespaced: false }
}

function definition(kind: ResourceKind): KubernetesObject {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${kind.plural}.${kind.group}`, labels: { 'io.cilium.k8s.crd.schema.version': '1.30.3' } },
    spec: {
      group: kind.group,
      scope: kind.isNamespaced ? 'Namespaced' : 'Cluster',
      names: { kind: kind.kind, plural: kind.plural, singular: kind.singular, shortNames: [...kind.shortNames] },
      versions: kind.versions.map((name, index) => ({ name, served: true, storage: index === 0 })),
    },
    status: {
      conditions: [
        { type: 'NamesAccepted', status: 'True', reason: 'NoConflicts', message: 'no conflicts found' },
        {
          type: 'Established',
          status: 'True',
          reason: 'InitialNamesAccepted',
          message: 'the initial names have been accepted',
        },
      ],
    },
  }
}
