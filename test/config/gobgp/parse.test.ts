import { describe, expect, test } from 'vitest'
import { parseGobgpConfig } from '../../../src/config/gobgp/parse.ts'
import { formatIpv4 } from '../../../src/wire/address.ts'

const GLOBAL = '[global.config]\n  as = 65005\n  router-id = "10.0.5.11"\n'
const parse = (text: string) => parseGobgpConfig(text, { file: 'n1.gobgp' })

describe('gobgpd.conf', () => {
  test('gives the AS, the router id and neighbours with the defaults of gobgpd', () => {
    const { model, diagnostics } = parse(
      `${GLOBAL}[[neighbors]]\n  [neighbors.config]\n    neighbor-address = "10.0.5.1"\n    peer-as = 65005\n`,
    )
    expect(diagnostics).toEqual([])
    expect([model?.bgp.asn, formatIpv4(model!.bgp.routerId!), model?.listenPort]).toEqual([65005, '10.0.5.11', 179])
    const [peer] = model!.bgp.peers
    expect([formatIpv4(peer!.address!), peer!.remoteAs, peer!.timers.holdSeconds]).toEqual(['10.0.5.1', 65005, 90])
    expect(peer!.ipv4Unicast).toBeDefined()
  })

  test('with port -1 never listens', () => {
    expect(parse(`${GLOBAL}  port = -1\n`).model?.listenPort).toBeUndefined()
  })

  test('with other families than IPv4 unicast has it not active', () => {
    const family = '  [[neighbors.afi-safis]]\n    [neighbors.afi-safis.config]\n      afi-safi-name = "l2vpn-evpn"\n'
    const neighbor = '[[neighbors]]\n  [neighbors.config]\n    neighbor-address = "10.0.5.1"\n    peer-as = 1\n'
    expect(parse(GLOBAL + neighbor + family).model?.bgp.peers[0]?.ipv4Unicast).toBeUndefined()
  })

  test('that is not TOML is refused with the position of the mistake', () => {
    const [diagnostic] = parse('[global\n').diagnostics
    expect([diagnostic?.code, diagnostic?.severity, diagnostic?.source.line]).toEqual(['gobgp/toml', 'error', 1])
  })

  test('with a wrong value is refused with the key and its line', () => {
    const [diagnostic] = parse(GLOBAL.replace('65005', '0')).diagnostics
    expect(diagnostic?.code).toBe('gobgp/wrong-value')
    expect(diagnostic?.message).toMatch(/^global\.config\.as: /)
    expect(diagnostic?.source.line).toBe(2)
  })

  test('names what is not modelled and goes on', () => {
    const { model, diagnostics } = parse(`${GLOBAL}[zebra.config]\n  enabled = true\n`)
    expect(model).toBeDefined()
    expect(diagnostics.map(({ code, message, source }) => `${source.line} ${code} ${message}`)).toEqual([
      '4 gobgp/not-modelled zebra is not modelled and has no effect',
    ])
  })
})
