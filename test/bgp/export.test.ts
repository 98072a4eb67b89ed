import { describe, expect, it } from 'vitest'
import { ip } from '../support/two-hosts.ts'
import { Fabric, router } from './fabric.ts'

const ROUTE = { prefixes: ['10.1.0.0/24'] }

describe('announcing to eBGP', () => {
  it('echoes a route to the peer it came from, which drops it by its AS loop', () => {
    const fabric = new Fabric(
      { r1: router(65001, 1, { '10.0.1.2': 65002 }, ROUTE), r2: router(65002, 2, { '10.0.1.1': 65001 }) },
      [['r1', 'r2']],
    ).settle()
    expect(fabric.peer('r2', '10.0.1.1').sentPrefixes).toBe(1)
    expect(fabric.row('r1', '10.1.0.0/24')?.paths).toHaveLength(1)
  })

  it('stops a learned MED at the AS border and keeps one of own origin', () => {
    const fabric = chain(['65001', '65002', '65003'])
    expect(fabric.bestText('r2', '10.1.0.0/24')).toBe('10.0.1.1 [65001] med=0')
    expect(fabric.bestText('r3', '10.1.0.0/24')).toBe('10.0.2.1 [65002 65001]')
  })

  it('does not leave the AS with no-export', () => {
    const fabric = chain(['65001', '65002', '65003'], {
      family: '  neighbor 10.0.1.2 route-map NE out',
      after: 'route-map NE permit 10\n set community no-export',
    })
    expect(fabric.best('r2', '10.1.0.0/24')).toBeDefined()
    expect(fabric.row('r3', '10.1.0.0/24')).toBeUndefined()
  })

  it('denies everything through an undefined route-map', () => {
    const fabric = chain(['65001', '65002', '65003'], { family: '  neighbor 10.0.1.2 route-map NONE out' })
    expect(fabric.row('r2', '10.1.0.0/24')).toBeUndefined()
  })
})

describe('versions', () => {
  it('lists the best path first since 10.1, the newest first before', () => {
    const configs = {
      r1: router(65001, 1, { '10.0.1.2': 65002, '10.0.3.2': 65003 }, ROUTE),
      r2: router(65002, 2, { '10.0.1.1': 65001, '10.0.2.2': 65003 }),
      r3: router(65003, 3, { '10.0.2.1': 65002, '10.0.3.1': 65001 }),
    }
    const links = [
      ['r1', 'r2'],
      ['r2', 'r3'],
      ['r1', 'r3'],
    ] as const
    const hops = (version: number): readonly number[] => {
      const fabric = new Fabric(configs, links, version).settle()
      return fabric.row('r2', '10.1.0.0/24')!.paths.map(path => path.attributes.asPath[0]!.asns.length)
    }
    expect(hops(804)).toEqual([2, 1])
    expect(hops(1007)).toEqual([1, 2])
  })

  it('reflects a route without MED with MED 0 up to 10.1', () => {
    const configs = {
      r1: router(65001, 1, { '10.0.1.2': 65002 }, ROUTE),
      r2: router(65002, 2, { '10.0.1.1': 65001, '10.0.2.2': 65000 }),
      r3: router(65000, 3, { '10.0.2.1': 65002, '10.0.3.2': 65000 }, { family: '  neighbor 10.0.3.2 next-hop-self' }),
      r4: router(
        65000,
        4,
        { '10.0.3.1': 65000, '10.0.4.2': 65000 },
        { family: '  neighbor 10.0.4.2 route-reflector-client' },
      ),
      r5: router(65000, 5, { '10.0.4.1': 65000 }),
    }
    const links = [
      ['r1', 'r2'],
      ['r2', 'r3'],
      ['r3', 'r4'],
      ['r4', 'r5'],
    ] as const
    const medAtClient = (version: number): number | undefined =>
      new Fabric(configs, links, version).settle().row('r5', '10.1.0.0/24')!.paths[0]!.attributes.med
    expect(medAtClient(804)).toBe(0)
    expect(medAtClient(1007)).toBeUndefined()
  })
})

describe('announcing to iBGP', () => {
  it('sends LOCAL_PREF 100 and leaves the next hop of others alone, so that it may be unreachable', () => {
    const fabric = chain(['65001', '65002', '65002'])
    const path = fabric.row('r3', '10.1.0.0/24')!.paths[0]!
    expect(path.attributes).toMatchObject({ localPreference: 100, nextHop: ip('10.0.1.1') })
    expect(path.isValid).toBe(false)
  })

  it('does not pass an iBGP route on to iBGP without reflection', () => {
    expect(ibgpChain('').row('r3', '10.1.0.0/24')).toBeUndefined()
  })

  it('reflects to a client with ORIGINATOR_ID and CLUSTER_LIST', () => {
    const reflected = ibgpChain('  neighbor 10.0.2.2 route-reflector-client').row('r3', '10.1.0.0/24')!.paths[0]!
    expect(reflected.attributes).toMatchObject({ originatorId: ip('1.1.1.1'), clusterList: [ip('2.2.2.2')] })
  })

  it('does not apply next-hop-self to reflected routes unless forced', () => {
    const client = '  neighbor 10.0.2.2 route-reflector-client\n  neighbor 10.0.2.2 next-hop-self'
    expect(ibgpChain(client).row('r3', '10.1.0.0/24')!.paths[0]!.attributes.nextHop).toBe(ip('10.0.1.1'))
    expect(ibgpChain(`${client} force`).bestText('r3', '10.1.0.0/24')).toContain('10.0.2.1')
  })
})

function chain(asns: readonly string[], first: { family?: string; after?: string } = {}): Fabric {
  const [a, b, c] = asns.map(Number) as [number, number, number]
  return new Fabric(
    {
      r1: router(a, 1, { '10.0.1.2': b }, { ...ROUTE, ...first }),
      r2: router(b, 2, { '10.0.1.1': a, '10.0.2.2': c }),
      r3: router(c, 3, { '10.0.2.1': b }),
    },
    [
      ['r1', 'r2'],
      ['r2', 'r3'],
    ],
  ).settle()
}

function ibgpChain(family: string): Fabric {
  return new Fabric(
    {
      r1: router(65000, 1, { '10.0.1.2': 65000 }, ROUTE),
      r2: router(65000, 2, { '10.0.1.1': 65000, '10.0.2.2': 65000 }, { family }),
      r3: router(65000, 3, { '10.0.2.1': 65000 }),
    },
    [
      ['r1', 'r2'],
      ['r2', 'r3'],
    ],
  ).settle()
}
