import { z } from 'zod'
import type { Lab } from '../../lab/lab.ts'
import { speakersOf } from '../../lab/speakers.ts'
import type { KubernetesObject } from '../../model/kubernetes-object.ts'
import { type Ipv4Address, parseIpv4, prefixOf } from '../../wire/address.ts'
import { defineCheck } from '../check.ts'
import { sameSet, setDifferences } from '../support/text-set.ts'
import { address, nodeName } from '../values.ts'

/**
 * Who announces an address: by BGP (every node whose speaker originates its /32) or on the link (the node that holds the
 * Lease of the service with that address). `by` is the whole set of nodes; without it somebody must.
 */
export const announced = defineCheck(
  'announced',
  z.strictObject({
    address,
    by: z.union([nodeName, z.array(nodeName)]).optional(),
    via: z.enum(['bgp', 'l2']).optional(),
    absent: z.boolean().optional(),
  }),
  ({ lab }, { address: text, by, via, absent }) => {
    const wanted = by === undefined ? undefined : [by].flat()
    const how = via === undefined ? '' : via === 'bgp' ? ' by BGP' : ' on the link'
    const expected = absent
      ? `nobody announces ${text}${how}`
      : `${text} is announced${how}${wanted === undefined ? '' : ` by ${wanted.join(', ') || 'nobody'}`}`
    const target = parseIpv4(text)!
    const found = [
      ...(via === 'l2' ? [] : bgpAnnouncers(lab, target).map(node => ({ node, how: 'BGP' }))),
      ...(via === 'bgp' ? [] : linkAnnouncers(lab, text).map(node => ({ node, how: 'Lease' }))),
    ]
    const nodes = found.map(({ node }) => node)
    const isRight = wanted === undefined ? nodes.length > 0 : sameSet(nodes, wanted)
    const seen = [
      ...(wanted === undefined ? [] : setDifferences(nodes, wanted)),
      ...(found.length === 0 ? [`nobody announces ${text}${how}`] : found.map(one => `${one.node} (${one.how})`)),
    ]
    return { holds: absent ? nodes.length === 0 : isRight, expected, seen }
  },
)

function bgpAnnouncers(lab: Lab, target: Ipv4Address): string[] {
  const prefix = prefixOf(target, 32)
  const nodes = lab
    .nodes()
    .filter(node =>
      speakersOf(lab, node).some(speaker =>
        speaker
          .snapshotTable()
          .prefixes.some(row => row.prefix === prefix && row.paths.some(path => path.kind !== 'learned')),
      ),
    )
  return nodes.map(node => node.name)
}

/** Holders of `cilium-l2announce-NAMESPACE-SERVICE` Leases of the services that have the address. */
function linkAnnouncers(lab: Lab, target: string): string[] {
  const holders: string[] = []
  for (const { store } of lab.clusters.values()) {
    const leases = new Map(
      store.list('Lease', 'kube-system').map(lease => [lease.metadata.name, holderOf(lease as KubernetesObject)]),
    )
    for (const service of store.list('Service')) {
      const { ingress = [] } = service.status?.loadBalancer ?? {}
      const { externalIPs = [] } = service.spec
      if (![...ingress.map(one => one.ip), ...externalIPs].includes(target)) continue
      const holder = leases.get(`cilium-l2announce-${service.metadata.namespace}-${service.metadata.name}`)
      if (holder) holders.push(holder)
    }
  }
  return holders
}

function holderOf(lease: KubernetesObject): string | undefined {
  const { spec } = lease as { readonly spec?: { readonly holderIdentity?: string } }
  return spec?.holderIdentity
}
