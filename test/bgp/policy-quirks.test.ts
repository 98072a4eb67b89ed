import { describe, expect, it } from 'vitest'
import { prependByPolicy } from '../../src/bgp/as-path.ts'
import { formatCommunity } from '../../src/bgp/community-list.ts'
import { parseFrrConfig } from '../../src/config/frr/parse.ts'
import { ip } from '../support/two-hosts.ts'

function peersOf(lines: readonly string[]) {
  const text = ['router bgp 65001', ...lines, ''].join('\n')
  return parseFrrConfig(text, { file: 'frr.conf' }).model?.bgp?.peers ?? []
}

describe('policy as bgpd 8.4.4 has it', () => {
  it('prepending by policy drops a leading confederation sequence (aspath_prepend)', () => {
    const path = [{ type: 'confed-sequence' as const, asns: [65010] }]
    expect(prependByPolicy(path, [500])).toEqual([{ type: 'sequence', asns: [500] }])
  })

  it('community 0:0 is called internet', () => {
    expect(formatCommunity(0)).toBe('internet')
  })

  it('route-server-client keeps the next hop of the neighbour it is typed for, not of a group member (measured)', () => {
    const [direct, member] = peersOf([
      'neighbor G peer-group',
      'neighbor 10.0.0.2 remote-as 65002',
      'neighbor 10.0.0.3 remote-as 65003',
      'neighbor 10.0.0.3 peer-group G',
      'neighbor 10.0.0.2 route-server-client',
      'neighbor G route-server-client',
    ])
    expect(direct?.address).toBe(ip('10.0.0.2'))
    expect([direct, member].map(peer => peer?.ipv4Unicast?.attributeUnchanged.nextHop)).toEqual([true, false])
    expect(member?.ipv4Unicast?.routeServerClient).toBe(true)
  })
})
