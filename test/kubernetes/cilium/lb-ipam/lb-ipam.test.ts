import { describe, expect, it } from 'vitest'
import type { CiliumLoadBalancerIPPool } from '../../../../src/kubernetes/api/cilium-resources.ts'
import { setCondition } from '../../../../src/kubernetes/api/condition.ts'
import type { Service } from '../../../../src/kubernetes/api/service.ts'
import { LbIpam } from '../../../../src/kubernetes/cilium/lb-ipam/lb-ipam.ts'
import { ingressOf } from '../../../../src/kubernetes/cilium/lb-ipam/service-view.ts'
import { chooseProfile } from '../../../../src/kubernetes/cilium/profile.ts'
import type { Condition } from '../../../../src/model/kubernetes-object.ts'

type PoolSpec = CiliumLoadBalancerIPPool['spec']
type ServiceSpec = Partial<Service['spec']>

/** LB-IPAM with the little of an API server it needs. */
class Bench {
  readonly services = new Map<string, Service>()
  readonly pools = new Map<string, CiliumLoadBalancerIPPool>()
  readonly complaints: string[] = []
  readonly lbIpam: LbIpam
  #clock = 0

  constructor(version = '1.16.5', classes: readonly string[] = ['io.cilium/bgp-control-plane']) {
    this.lbIpam = new LbIpam({
      profile: chooseProfile(version).profile.lbIpam,
      classes,
      isDefault: true,
      now: () => `2025-01-01T00:00:${String(this.#clock).padStart(2, '0')}Z`,
      shuffle: items => [...items],
      listServices: () => [...this.services.values()],
      writeService: view => {
        const service = this.services.get(view.key)
        if (service === undefined) return
        service.status = { loadBalancer: { ingress: ingressOf(view) }, conditions: structuredClone(view.conditions) }
      },
      writePool: pool => {
        const stored = this.pools.get(pool.name)
        if (stored !== undefined) stored.status = { conditions: structuredClone(pool.conditions) }
      },
      complain: (pool, message) => this.complaints.push(`${pool}: ${message}`),
    })
  }

  pool(name: string, spec: PoolSpec): void {
    const old = this.pools.get(name)
    const metadata = old?.metadata ?? {
      name,
      creationTimestamp: `2025-01-01T00:00:${String(this.#clock++).padStart(2, '0')}Z`,
    }
    const pool: CiliumLoadBalancerIPPool = {
      apiVersion: 'cilium.io/v2alpha1',
      kind: 'CiliumLoadBalancerIPPool',
      metadata: { ...metadata, generation: (old?.metadata.generation ?? 0) + 1 },
      spec,
      status: old?.status ?? {},
    }
    this.pools.set(name, pool)
    this.lbIpam.upsertPool(pool)
  }

  deletePool(name: string): void {
    this.pools.delete(name)
    this.lbIpam.deletePool(name)
  }

  service(
    name: string,
    options: {
      labels?: Record<string, string>
      annotations?: Record<string, string>
      namespace?: string
      spec?: ServiceSpec
    } = {},
  ): void {
    const namespace = options.namespace ?? 'default'
    const key = `${namespace}/${name}`
    const service: Service = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: {
        name,
        namespace,
        labels: options.labels ?? {},
        annotations: options.annotations ?? {},
        generation: 1,
      },
      spec: { type: 'LoadBalancer', ports: [{ protocol: 'TCP', port: 80, targetPort: 80 }], ...options.spec },
      status: this.services.get(key)?.status ?? {},
    }
    this.services.set(key, service)
    this.lbIpam.upsertService(service)
  }

  deleteService(name: string): void {
    this.services.delete(`default/${name}`)
    this.lbIpam.deleteService('default', name)
  }

  addresses(name: string, namespace = 'default'): string[] {
    return (this.services.get(`${namespace}/${name}`)?.status.loadBalancer?.ingress ?? []).map(entry => entry.ip ?? '')
  }

  condition(name: string): Condition | undefined {
    return this.services.get(`default/${name}`)?.status.conditions?.[0]
  }

  poolCondition(pool: string, type: string): Condition | undefined {
    return this.pools.get(pool)?.status.conditions?.find(condition => condition.type === type)
  }
}

const SLASH_24 = { blocks: [{ cidr: '20.0.10.0/24' }] }

describe('the first address of 20.0.10.0/24', () => {
  it.each([
    ['1.15.9', undefined, '20.0.10.1'],
    ['1.15.9', 'Yes', '20.0.10.0'],
    ['1.16.5', undefined, '20.0.10.0'],
    ['1.16.5', 'No', '20.0.10.1'],
    ['1.18.1', undefined, '20.0.10.0'],
  ] as const)('with %s and allowFirstLastIPs %s is %s', (version, choice, address) => {
    const bench = new Bench(version)
    bench.pool('lb-pool', { ...SLASH_24, ...(choice === undefined ? {} : { allowFirstLastIPs: choice }) })
    bench.service('web')
    expect(bench.addresses('web')).toEqual([address])
  })
})

describe('LB-IPAM life cycle', () => {
  it('leaves a service without any condition while there is no pool', () => {
    const bench = new Bench()
    bench.service('web')
    expect(bench.services.get('default/web')?.status).toEqual({})
  })

  it('serves waiting services when the first pool appears', () => {
    const bench = new Bench()
    bench.service('web')
    bench.pool('lb-pool', SLASH_24)
    expect(bench.addresses('web')).toEqual(['20.0.10.0'])
  })

  it('gives six services created in a row six addresses in a row', () => {
    const bench = new Bench()
    bench.pool('lb-pool', { blocks: [{ start: '20.0.0.100', stop: '20.0.0.200' }] })
    const names = ['s0', 's1', 's2', 's3', 's4', 's5']
    for (const name of names) bench.service(name)
    expect(names.flatMap(name => bench.addresses(name))).toEqual(names.map((_, index) => `20.0.0.10${index}`))
  })

  it('takes addresses away and sleeps when the last pool is deleted', () => {
    const bench = new Bench()
    bench.pool('lb-pool', SLASH_24)
    bench.service('web')
    bench.deletePool('lb-pool')
    expect(bench.addresses('web')).toEqual([])
    expect(bench.condition('web')).toMatchObject({ status: 'False', reason: 'no_pool' })
    expect(bench.lbIpam.isAwake).toBe(false)
  })

  it('moves services of a deleted pool to a pool that is left', () => {
    const bench = new Bench()
    bench.pool('one', { blocks: [{ cidr: '10.0.1.0/24' }] })
    bench.pool('two', { blocks: [{ cidr: '10.0.2.0/24' }] })
    bench.service('web')
    bench.deletePool('one')
    expect(bench.addresses('web')).toEqual(['10.0.2.0'])
  })

  it('reuses the address of a deleted service before the tail', () => {
    const bench = new Bench()
    bench.pool('lb-pool', SLASH_24)
    for (const name of ['a', 'b', 'c']) bench.service(name)
    bench.deleteService('b')
    bench.service('d')
    expect(bench.addresses('d')).toEqual(['20.0.10.1'])
  })

  it('clears the status of a service that changes to another class', () => {
    const bench = new Bench()
    bench.pool('lb-pool', SLASH_24)
    bench.service('web')
    bench.service('web', { spec: { loadBalancerClass: 'example.com/other' } })
    expect(bench.services.get('default/web')?.status).toEqual({ loadBalancer: { ingress: [] }, conditions: [] })
  })

  it.each([
    ['io.cilium/bgp-control-plane', ['20.0.10.0']],
    ['io.cilium/l2-announcer', []],
    ['example.com/other', []],
  ])('with the BGP control plane on gives class %s %j', (loadBalancerClass, addresses) => {
    const bench = new Bench()
    bench.pool('lb-pool', SLASH_24)
    bench.service('web', { spec: { loadBalancerClass } })
    expect(bench.addresses('web')).toEqual(addresses)
  })
})

describe('pools', () => {
  it('gives the older pool without selector precedence over a newer one that selects the service', () => {
    const bench = new Bench()
    bench.pool('old', { blocks: [{ cidr: '10.0.1.0/24' }] })
    bench.pool('new', { blocks: [{ cidr: '10.0.2.0/24' }], serviceSelector: { matchLabels: { app: 'web' } } })
    bench.service('web', { labels: { app: 'web' } })
    expect(bench.addresses('web')).toEqual(['10.0.1.0'])
  })

  it.each([
    ['io.kubernetes.service.name', 'web'],
    ['io.kubernetes.service.namespace', 'shop'],
  ])('can select by the synthetic label %s', (key, value) => {
    const bench = new Bench()
    bench.pool('lb-pool', { ...SLASH_24, serviceSelector: { matchLabels: { [key]: value } } })
    bench.service('web', { namespace: 'shop' })
    bench.service('other', { namespace: 'default' })
    expect([bench.addresses('web', 'shop'), bench.addresses('other')]).toEqual([['20.0.10.0'], []])
  })

  it('takes the address of a service whose labels match no more', () => {
    const bench = new Bench()
    bench.pool('lb-pool', { ...SLASH_24, serviceSelector: { matchLabels: { app: 'web' } } })
    bench.service('web', { labels: { app: 'web' } })
    bench.service('web', { labels: {} })
    expect(bench.addresses('web')).toEqual([])
  })

  it('takes start alone as a single address', () => {
    const bench = new Bench()
    bench.pool('lb-pool', { blocks: [{ start: '10.0.5.100' }] })
    bench.service('a')
    bench.service('b')
    expect(bench.addresses('a')).toEqual(['10.0.5.100'])
    expect(bench.condition('b')).toMatchObject({
      status: 'False',
      reason: 'out_of_ips',
      message: 'All enabled CiliumLoadBalancerIPPools that match this service ran out of allocatable IPs',
    })
  })

  it('never reserves the ends of a /31', () => {
    const bench = new Bench()
    bench.pool('lb-pool', { blocks: [{ cidr: '10.0.0.0/31' }], allowFirstLastIPs: 'No' })
    bench.service('web')
    expect(bench.addresses('web')).toEqual(['10.0.0.0'])
  })

  it('gives nothing new out of a disabled pool but leaves what is out', () => {
    const bench = new Bench()
    bench.pool('lb-pool', SLASH_24)
    bench.service('a')
    bench.pool('lb-pool', { ...SLASH_24, disabled: true })
    bench.service('b')
    expect([bench.addresses('a'), bench.addresses('b')]).toEqual([['20.0.10.0'], []])
  })

  it('keeps an address that is still inside a changed block', () => {
    const bench = new Bench()
    bench.pool('lb-pool', { blocks: [{ cidr: '20.0.10.0/24' }] })
    bench.service('a')
    bench.service('b')
    bench.pool('lb-pool', { blocks: [{ cidr: '20.0.10.0/25' }] })
    expect([bench.addresses('a'), bench.addresses('b')]).toEqual([['20.0.10.0'], ['20.0.10.1']])
  })

  it('replaces an address that a changed block has lost', () => {
    const bench = new Bench()
    bench.pool('lb-pool', SLASH_24)
    bench.service('a')
    bench.pool('lb-pool', { blocks: [{ cidr: '20.0.20.0/24' }] })
    expect(bench.addresses('a')).toEqual(['20.0.20.0'])
  })

  it('names a block that cannot be read', () => {
    const bench = new Bench()
    bench.pool('lb-pool', { blocks: [{ cidr: '20.0.10.0' }] })
    expect(bench.complaints).toEqual(["lb-pool: error parsing cidr '20.0.10.0'"])
  })
})

describe('requested addresses', () => {
  it('honours spec.loadBalancerIP', () => {
    const bench = new Bench()
    bench.pool('lb-pool', SLASH_24)
    bench.service('web', { spec: { loadBalancerIP: '20.0.10.77' } })
    expect(bench.addresses('web')).toEqual(['20.0.10.77'])
  })

  it('honours both spellings of the annotation and trims blanks', () => {
    const bench = new Bench()
    bench.pool('lb-pool', SLASH_24)
    bench.service('a', { annotations: { 'lbipam.cilium.io/ips': '20.0.10.5, 20.0.10.6' } })
    bench.service('b', { annotations: { 'io.cilium/lb-ipam-ips': '20.0.10.7' } })
    expect([bench.addresses('a'), bench.addresses('b')]).toEqual([['20.0.10.5', '20.0.10.6'], ['20.0.10.7']])
  })

  it('keeps partial success', () => {
    const bench = new Bench()
    bench.pool('lb-pool', SLASH_24)
    bench.service('a', { annotations: { 'lbipam.cilium.io/ips': '20.0.10.5,30.0.0.1' } })
    expect(bench.addresses('a')).toEqual(['20.0.10.5'])
    expect(bench.condition('a')).toMatchObject({
      status: 'False',
      reason: 'no_pool',
      message: "No pool exists with a CIDR containing '30.0.0.1'",
    })
  })

  it('refuses an address of a pool that does not select the service', () => {
    const bench = new Bench()
    bench.pool('lb-pool', { ...SLASH_24, serviceSelector: { matchLabels: { app: 'x' } } })
    bench.service('web', { spec: { loadBalancerIP: '20.0.10.7' } })
    expect(bench.condition('web')).toMatchObject({
      reason: 'pool_selector_mismatch',
      message: "The pool with the CIDR containing '20.0.10.7', doesn't select this service",
    })
  })

  it('refuses an address that another service has', () => {
    const bench = new Bench()
    bench.pool('lb-pool', SLASH_24)
    bench.service('a')
    bench.service('b', { spec: { loadBalancerIP: '20.0.10.0' } })
    expect(bench.condition('b')).toMatchObject({
      reason: 'already_allocated',
      message: "The IP '20.0.10.0' is already allocated to another service",
    })
  })

  it('takes back an address given without asking when a request comes later', () => {
    const bench = new Bench()
    bench.pool('lb-pool', SLASH_24)
    bench.service('a')
    bench.service('a', { spec: { loadBalancerIP: '20.0.10.9' } })
    expect(bench.addresses('a')).toEqual(['20.0.10.9'])
  })
})

describe('sharing', () => {
  const sharing = (port: number, spec: ServiceSpec = {}) => ({
    annotations: { 'lbipam.cilium.io/sharing-key': 'k' },
    spec: { ports: [{ protocol: 'TCP' as const, port, targetPort: 80 }], ...spec },
  })

  it('lets two services with one key and different ports have one address', () => {
    const bench = new Bench()
    bench.pool('lb-pool', SLASH_24)
    bench.service('a', sharing(80))
    bench.service('b', sharing(81))
    expect([bench.addresses('a'), bench.addresses('b')]).toEqual([['20.0.10.0'], ['20.0.10.0']])
  })

  it('gives a service with an equal port another address of the key', () => {
    const bench = new Bench()
    bench.pool('lb-pool', SLASH_24)
    bench.service('a', sharing(80))
    bench.service('b', sharing(80))
    bench.service('c', sharing(81))
    expect([bench.addresses('b'), bench.addresses('c')]).toEqual([['20.0.10.1'], ['20.0.10.0']])
  })

  it('keeps namespaces apart unless both allow it', () => {
    const bench = new Bench()
    bench.pool('lb-pool', SLASH_24)
    bench.service('a', sharing(80))
    bench.service('b', { ...sharing(81), namespace: 'shop' })
    expect(bench.addresses('b', 'shop')).toEqual(['20.0.10.1'])
  })

  it('says why a requested address cannot be shared', () => {
    const bench = new Bench()
    bench.pool('lb-pool', SLASH_24)
    bench.service('a', sharing(80))
    bench.service('b', sharing(80, { loadBalancerIP: '20.0.10.0' }))
    expect(bench.condition('b')).toMatchObject({
      reason: 'already_allocated_incompatible_service',
      message: "The IP '20.0.10.0' is already allocated to an incompatible service. Reason: same port",
    })
  })

  it('frees the address with the last service of the key', () => {
    const bench = new Bench()
    bench.pool('lb-pool', SLASH_24)
    bench.service('a', sharing(80))
    bench.service('b', sharing(81))
    bench.deleteService('a')
    bench.deleteService('b')
    bench.service('c')
    expect(bench.addresses('c')).toEqual(['20.0.10.0'])
  })
})

describe('conditions', () => {
  it.each([
    ['1.15.9', 'io.cilium/lb-ipam-request-satisfied'],
    ['1.16.5', 'cilium.io/IPAMRequestSatisfied'],
  ])('of a satisfied service in %s have type %s', (version, type) => {
    const bench = new Bench(version)
    bench.pool('lb-pool', SLASH_24)
    bench.service('web')
    expect(bench.condition('web')).toMatchObject({ type, status: 'True', reason: 'satisfied', message: '' })
  })

  it('say no_pool when no pool selects the service', () => {
    const bench = new Bench()
    bench.pool('lb-pool', { ...SLASH_24, serviceSelector: { matchLabels: { app: 'x' } } })
    bench.service('web')
    expect(bench.condition('web')).toMatchObject({
      status: 'False',
      reason: 'no_pool',
      message: 'There are no enabled CiliumLoadBalancerIPPools that match this service',
    })
  })

  it('of a pool count its addresses in the message', () => {
    const bench = new Bench()
    bench.pool('lb-pool', { ...SLASH_24, allowFirstLastIPs: 'No' })
    bench.service('web')
    const texts = ['cilium.io/IPsTotal', 'cilium.io/IPsAvailable', 'cilium.io/IPsUsed'].map(type =>
      bench.poolCondition('lb-pool', type),
    )
    expect(texts).toMatchObject([
      { status: 'Unknown', reason: 'noreason', message: '256' },
      { message: '253' },
      { message: '3' },
    ])
  })

  it('of a new pool say that there is no conflict', () => {
    const bench = new Bench()
    bench.pool('lb-pool', SLASH_24)
    expect(bench.poolCondition('lb-pool', 'cilium.io/PoolConflict')).toMatchObject({
      status: 'False',
      reason: 'resolved',
      message: '',
    })
  })

  it('keep their transition time while the status stays', () => {
    const conditions: Condition[] = []
    setCondition(conditions, { type: 't', status: 'False', reason: 'a' }, 'then')
    setCondition(conditions, { type: 't', status: 'False', reason: 'b' }, 'now')
    expect(conditions).toEqual([{ type: 't', status: 'False', reason: 'b', lastTransitionTime: 'then' }])
  })
})

describe('conflicts', () => {
  function conflicting(): Bench {
    const bench = new Bench()
    bench.pool('old', { blocks: [{ cidr: '10.0.0.0/24' }], serviceSelector: { matchLabels: { app: 'none' } } })
    bench.pool('new', { blocks: [{ start: '10.0.0.200', stop: '10.0.1.20' }] })
    return bench
  }

  it('are lost by the younger pool', () => {
    expect(conflicting().poolCondition('new', 'cilium.io/PoolConflict')).toMatchObject({
      status: 'True',
      reason: 'cidr_overlap',
      message:
        "Pool conflicts since range '10.0.0.200 - 10.0.1.20' overlaps range '10.0.0.0 - 10.0.0.255' from IP Pool 'old'",
    })
  })

  it('stop new allocations', () => {
    const bench = conflicting()
    bench.service('web')
    expect(bench.addresses('web')).toEqual([])
  })

  it('leave allocations that exist', () => {
    const bench = new Bench()
    bench.pool('old', { blocks: [{ cidr: '10.0.0.0/24' }], serviceSelector: { matchLabels: { app: 'none' } } })
    bench.pool('new', { blocks: [{ cidr: '10.0.1.0/24' }] })
    bench.service('web')
    bench.pool('old', { blocks: [{ cidr: '10.0.0.0/23' }], serviceSelector: { matchLabels: { app: 'none' } } })
    expect(bench.poolCondition('new', 'cilium.io/PoolConflict')?.status).toBe('True')
    expect(bench.addresses('web')).toEqual(['10.0.1.0'])
  })

  it('end by themselves when the other pool goes', () => {
    const bench = conflicting()
    bench.service('web')
    bench.deletePool('old')
    expect(bench.poolCondition('new', 'cilium.io/PoolConflict')?.status).toBe('False')
    expect(bench.addresses('web')).toEqual(['10.0.0.200'])
  })

  it('can be inside one pool', () => {
    const bench = new Bench()
    bench.pool('lb-pool', { blocks: [{ cidr: '10.0.0.0/24' }, { cidr: '10.0.0.128/25' }] })
    expect(bench.poolCondition('lb-pool', 'cilium.io/PoolConflict')?.status).toBe('True')
  })
})
