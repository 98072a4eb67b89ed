import { describe, expect, it } from 'vitest'
import type { BgpVirtualRouter } from '../../../../src/kubernetes/api/cilium-resources.ts'
import type { EndpointSlice } from '../../../../src/kubernetes/api/endpoint-slice.ts'
import type { Service } from '../../../../src/kubernetes/api/service.ts'
import { advertisedServices } from '../../../../src/kubernetes/cilium/bgp/advertised-services.ts'
import { formatPrefix } from '../../../../src/wire/address.ts'

function service(spec: Partial<Service['spec']> = {}): Service {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web', namespace: 'default', labels: { 'advertise-bgp': 'true' } },
    spec: { type: 'LoadBalancer', clusterIP: '10.96.0.9', ...spec },
    status: { loadBalancer: { ingress: [{ ip: '20.0.0.100' }] } },
  }
}

function slice(nodeName: string, terminating = false): EndpointSlice {
  const conditions = { ready: !terminating, serving: true, terminating }
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: 'web-1', namespace: 'default', labels: { 'kubernetes.io/service-name': 'web' } },
    addressType: 'IPv4',
    endpoints: [{ addresses: ['10.1.1.134'], conditions, nodeName }],
    ports: [],
  }
}

const SELECTED: BgpVirtualRouter = {
  localASN: 65005,
  serviceSelector: { matchLabels: { 'advertise-bgp': 'true' } },
  neighbors: [],
}

function advertised(
  router: Partial<BgpVirtualRouter>,
  services: Service[],
  endpointSlices: EndpointSlice[] = [],
  hasServiceAdvertisements = true,
): string[] {
  const facts = { nodeName: 'worker', services, endpointSlices, hasServiceAdvertisements }
  return advertisedServices({ ...SELECTED, ...router }, facts).map(entry => formatPrefix(entry.prefix))
}

describe('advertisedServices', () => {
  it('announces a selected LoadBalancer address as /32', () => {
    expect(advertised({}, [service()])).toEqual(['20.0.0.100/32'])
  })

  it('announces nothing without serviceSelector', () => {
    const router = { localASN: 65005, neighbors: [] }
    const facts = { nodeName: 'worker', services: [service()], endpointSlices: [], hasServiceAdvertisements: true }
    expect(advertisedServices(router, facts)).toEqual([])
  })

  it('announces every service with an empty selector', () => {
    expect(advertised({ serviceSelector: {} }, [service()])).toHaveLength(1)
  })

  it('selects by the synthetic name label', () => {
    const serviceSelector = { matchLabels: { 'io.kubernetes.service.name': 'web' } }
    expect(advertised({ serviceSelector }, [service()])).toHaveLength(1)
  })

  it('announces a Cluster service without any endpoint', () => {
    expect(advertised({}, [service({ externalTrafficPolicy: 'Cluster' })], [])).toHaveLength(1)
  })

  it.each([
    ['an endpoint here', [slice('worker')], 1],
    ['an endpoint elsewhere', [slice('worker2')], 0],
    ['a terminating endpoint here', [slice('worker', true)], 0],
  ])('with policy Local and %s announces accordingly', (_name, slices, count) => {
    expect(advertised({}, [service({ externalTrafficPolicy: 'Local' })], slices)).toHaveLength(count)
  })

  it.each([
    [undefined, 1],
    ['io.cilium/bgp-control-plane', 1],
    ['io.cilium/l2-announcer', 0],
  ])('with class %s announces %i addresses', (loadBalancerClass, count) => {
    expect(advertised({}, [service(loadBalancerClass === undefined ? {} : { loadBalancerClass })])).toHaveLength(count)
  })

  it('announces cluster addresses only when asked to, and headless services never', () => {
    const router = { serviceAdvertisements: ['ClusterIP' as const] }
    expect(advertised(router, [service()])).toEqual(['10.96.0.9/32'])
    expect(advertised(router, [service({ clusterIP: 'None' })])).toEqual([])
  })

  it('knows no serviceAdvertisements in 1.15', () => {
    expect(advertised({ serviceAdvertisements: ['ClusterIP'] }, [service()], [], false)).toEqual(['20.0.0.100/32'])
  })
})
