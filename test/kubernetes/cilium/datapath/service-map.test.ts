import { describe, expect, it } from 'vitest'
import type { EndpointSlice } from '../../../../src/kubernetes/api/endpoint-slice.ts'
import type { Service } from '../../../../src/kubernetes/api/service.ts'
import { ServiceMap } from '../../../../src/kubernetes/cilium/datapath/service-map.ts'
import { parseIpv4 } from '../../../../src/wire/address.ts'

const SERVICE: Service = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web', namespace: 'default' },
  spec: {
    type: 'LoadBalancer',
    clusterIP: '10.96.0.9',
    externalIPs: ['192.0.2.1'],
    loadBalancerSourceRanges: ['10.0.5.0/24'],
    ports: [{ protocol: 'TCP', port: 80, targetPort: 8080, nodePort: 30166 }],
  },
  status: { loadBalancer: { ingress: [{ ip: '20.0.0.100' }] } },
}

function slice(endpoints: EndpointSlice['endpoints']): EndpointSlice {
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: 'web-1', namespace: 'default', labels: { 'kubernetes.io/service-name': 'web' } },
    addressType: 'IPv4',
    endpoints,
    ports: [{ protocol: 'TCP', port: 8080 }],
  }
}

const READY = { ready: true, serving: true, terminating: false }
const ENDING = { ready: false, serving: true, terminating: true }
const UNREADY = { ready: false, serving: false, terminating: false }

function filled(): ServiceMap {
  const map = new ServiceMap()
  map.upsertService(SERVICE)
  map.upsertSlice(
    slice([
      { addresses: ['10.1.1.1'], conditions: READY, nodeName: 'worker' },
      { addresses: ['10.1.1.2'], conditions: ENDING, nodeName: 'worker' },
      { addresses: ['10.1.1.3'], conditions: UNREADY, nodeName: 'worker' },
    ]),
  )
  return map
}

describe('ServiceMap', () => {
  it.each([
    ['10.96.0.9', 'ClusterIP'],
    ['192.0.2.1', 'ExternalIP'],
    ['20.0.0.100', 'LoadBalancer'],
  ])('finds %s:80 as %s', (text, kind) => {
    expect(filled().lookup(parseIpv4(text)!, 80)?.kind).toBe(kind)
  })

  it('finds no unlisted port of a service address', () => {
    expect(filled().lookup(parseIpv4('20.0.0.100')!, 81)).toBeUndefined()
  })

  it('finds the node port', () => {
    expect(filled().lookupNodePort(30166)?.kind).toBe('NodePort')
  })

  it('lists ready and terminating endpoints with the target port', () => {
    expect(filled().lookup(parseIpv4('20.0.0.100')!, 80)?.backends).toEqual([
      { address: parseIpv4('10.1.1.1'), port: 8080, nodeName: 'worker', isTerminating: false },
      { address: parseIpv4('10.1.1.2'), port: 8080, nodeName: 'worker', isTerminating: true },
    ])
  })

  it('applies source ranges to the LoadBalancer address only', () => {
    const map = filled()
    expect(map.lookup(parseIpv4('20.0.0.100')!, 80)?.sourceRanges).toHaveLength(1)
    expect(map.lookup(parseIpv4('192.0.2.1')!, 80)?.sourceRanges).toHaveLength(0)
  })

  it('forgets a deleted service', () => {
    const map = filled()
    map.deleteService(SERVICE)
    expect(map.lookup(parseIpv4('20.0.0.100')!, 80)).toBeUndefined()
  })

  it('keeps the id of a frontend over changes', () => {
    const map = filled()
    const before = map.lookupNodePort(30166)!.id
    map.upsertService({ ...SERVICE, status: {} })
    expect(map.lookupNodePort(30166)!.id).toBe(before)
  })
})
