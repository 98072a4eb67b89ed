import { describe, expect, it } from 'vitest'
import type { CiliumBGPPeeringPolicy } from '../../../../src/kubernetes/api/cilium-resources.ts'
import { selectPolicy } from '../../../../src/kubernetes/cilium/bgp/select-policy.ts'
import { readVirtualRouterAnnotation } from '../../../../src/kubernetes/cilium/bgp/virtual-router-annotation.ts'
import { parseIpv4 } from '../../../../src/wire/address.ts'

function policy(name: string, rack?: string): CiliumBGPPeeringPolicy {
  const spec: CiliumBGPPeeringPolicy['spec'] = { virtualRouters: [] }
  if (rack !== undefined) spec.nodeSelector = { matchLabels: { rack } }
  return { apiVersion: 'cilium.io/v2alpha1', kind: 'CiliumBGPPeeringPolicy', metadata: { name }, spec }
}

describe('selectPolicy', () => {
  it('finds the policy whose selector matches the node', () => {
    const choice = selectPolicy([policy('rack0', 'rack0'), policy('rack1', 'rack1')], { rack: 'rack1' })
    expect(choice).toMatchObject({ kind: 'one', policy: { metadata: { name: 'rack1' } } })
  })

  it('takes a policy without nodeSelector for all nodes', () => {
    expect(selectPolicy([policy('all')], {}).kind).toBe('one')
  })

  it('finds none for a node with other labels', () => {
    expect(selectPolicy([policy('rack0', 'rack0')], { rack: 'rack1' })).toEqual({ kind: 'none' })
  })

  it('names all when several match', () => {
    const choice = selectPolicy([policy('rack0', 'rack0'), policy('all')], { rack: 'rack0' })
    expect(choice).toEqual({ kind: 'several', names: ['rack0', 'all'] })
  })
})

describe('readVirtualRouterAnnotation', () => {
  it('reads router id and port of its AS', () => {
    const annotations = { 'cilium.io/bgp-virtual-router.65005': 'router-id=1.2.3.4,local-port=179' }
    expect(readVirtualRouterAnnotation(annotations, 65005)).toEqual({ routerId: parseIpv4('1.2.3.4'), listenPort: 179 })
  })

  it('says nothing for another AS', () => {
    expect(readVirtualRouterAnnotation({ 'cilium.io/bgp-virtual-router.1': 'local-port=179' }, 2)).toEqual({})
  })

  it('lets the last of two equal keys win', () => {
    const annotations = { 'cilium.io/bgp-virtual-router.1': 'local-port=1,local-port=2' }
    expect(readVirtualRouterAnnotation(annotations, 1)).toEqual({ listenPort: 2 })
  })
})
