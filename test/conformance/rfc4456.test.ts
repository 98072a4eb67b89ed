import { describe, expect, it } from 'vitest'
import type { PathPeer } from '../../src/bgp/path.ts'
import { clusterIdOf, mayReflect } from '../../src/bgp/reflection.ts'
import type { BgpModel } from '../../src/model/bgp.ts'
import { ip } from '../support/two-hosts.ts'

const peer = (isReflectorClient: boolean): PathPeer => ({
  type: 'ibgp',
  address: ip('10.0.0.1'),
  remoteAsn: 65000,
  remoteRouterId: ip('1.1.1.1'),
  isEstablished: true,
  isReflectorClient,
  isRouteServerClient: false,
})
const client = peer(true)
const other = peer(false)
const model = { clientToClientReflection: true } as BgpModel

describe('route reflection (RFC 4456)', () => {
  it('§6: passes a route of a non-client to clients only', () => {
    expect(mayReflect(other, client, model)).toBe(true)
    expect(mayReflect(other, other, model)).toBe(false)
  })

  it('§6: passes a route of a client to clients and non-clients', () => {
    expect(mayReflect(client, client, model)).toBe(true)
    expect(mayReflect(client, other, model)).toBe(true)
  })

  it('§6: keeps clients apart without client-to-client reflection', () => {
    const apart = { clientToClientReflection: false } as BgpModel
    expect(mayReflect(client, client, apart)).toBe(false)
    expect(mayReflect(client, other, apart)).toBe(true)
  })

  it('§7: takes the router id as CLUSTER_ID unless one is configured', () => {
    expect(clusterIdOf(model, ip('2.2.2.2'))).toBe(ip('2.2.2.2'))
    expect(clusterIdOf({ ...model, clusterId: ip('9.9.9.9') }, ip('2.2.2.2'))).toBe(ip('9.9.9.9'))
  })
})
