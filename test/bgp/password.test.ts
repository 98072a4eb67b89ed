import { describe, expect, it } from 'vitest'
import { Fabric } from './fabric.ts'

function pair(one: string, other: string): Fabric {
  const config = (own: number, peer: number, password: string): string =>
    `router bgp ${65000 + own}\n bgp router-id 10.255.0.${own}\n no bgp ebgp-requires-policy\n neighbor 10.0.1.${peer} remote-as ${65000 + peer}\n${password === '' ? '' : ` neighbor 10.0.1.${peer} password ${password}\n`}`
  return new Fabric({ r1: config(1, 2, one), r2: config(2, 1, other) }, [['r1', 'r2']]).wait(30)
}

describe('MD5 passwords of TCP (RFC 2385)', () => {
  it('are no hindrance when both sides have the same', () => {
    expect(pair('secret', 'secret').peer('r1', '10.0.1.2').state).toBe('Established')
  })

  it('keep a session from coming up when they differ', () => {
    expect(pair('secret', 'other').peer('r1', '10.0.1.2').state).toBe('Connect')
  })

  it('keep a session from coming up when only one side has one', () => {
    expect(pair('secret', '').peer('r1', '10.0.1.2').state).toBe('Connect')
  })
})
