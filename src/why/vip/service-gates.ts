import type { Step } from '../answer.ts'
import { failed, passed } from '../step.ts'
import { poolGate } from './pool-gate.ts'
import { type CiliumSubject, placeOf, type Subject, serviceKey, valuePlace } from './subject.ts'

const BGP_CLASS = 'io.cilium/bgp-control-plane'
const L2_CLASS = 'io.cilium/l2-announcer'

/** Gates that are the same for every node, in order, up to the first that fails: service, type, class, address. */
export function serviceGates(subject: Subject): readonly Step[] {
  const { cluster, service, kind } = subject
  const { cilium } = cluster
  const found = passed(`Service ${serviceKey(service)}`, placeOf(cluster, service, 'metadata', 'name'))
  if (cilium === undefined) return [found, failed(`Cilium is not installed in cluster ${cluster.name}`)]
  const full: CiliumSubject = { ...subject, cilium }
  if (kind === 'ExternalIP')
    return [found, passed('it names the address in externalIPs', placeOf(cluster, service, 'spec', 'externalIPs'))]
  if (kind === 'ClusterIP')
    return [found, passed('the address is its clusterIP', placeOf(cluster, service, 'spec', 'clusterIP'))]
  const gate = typeGate(full) ?? classGate(full)
  return gate === undefined ? [found, poolGate(full)] : [found, gate]
}

function typeGate({ cluster, service }: CiliumSubject): Step | undefined {
  const { type } = service.spec
  if (type === 'LoadBalancer') return undefined
  return failed(
    `it is of type ${type}: LB-IPAM serves type LoadBalancer only`,
    placeOf(cluster, service, 'spec', 'type'),
  )
}

/** Source: operator/pkg/lbipam/cell.go (which classes are ours), lbipam.go (isResponsibleForSVC). */
function classGate({ cluster, cilium, service }: CiliumSubject): Step | undefined {
  const { config } = cilium
  const name = service.spec.loadBalancerClass
  const place = placeOf(cluster, service, 'spec', 'loadBalancerClass')
  if (name === undefined) {
    return config.isDefaultLbIpam
      ? undefined
      : failed(
          'it names no loadBalancerClass, and defaultLBServiceIPAM leaves such services to others',
          valuePlace(cilium, 'defaultLBServiceIPAM'),
        )
  }
  if (name === BGP_CLASS && !config.isBgpControlPlaneEnabled)
    return failed(
      `its loadBalancerClass ${name} needs bgpControlPlane.enabled, which is not set`,
      valuePlace(cilium, 'bgpControlPlane.enabled'),
    )
  if (name === L2_CLASS && !config.isL2AnnouncementsEnabled)
    return failed(
      `its loadBalancerClass ${name} needs l2announcements.enabled, which is not set`,
      valuePlace(cilium, 'l2announcements.enabled'),
    )
  if (name === BGP_CLASS || name === L2_CLASS) return undefined
  return failed(`its loadBalancerClass ${name} is another controller's: LB-IPAM leaves it alone`, place)
}
