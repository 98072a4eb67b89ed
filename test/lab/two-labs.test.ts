import { describe, expect, it } from 'vitest'
import { openSettledLab, output } from '../support/open-settled-lab.ts'

/** The article's lab with the second one, which adds client2 to the first one's bridge. */
const SETUP = 'topologies/cilium-bgp/setup-l2.sh'
const DESTROY = 'clab destroy --name cilium-bgp-test'

describe('a second lab on a bridge of the first', () => {
  it('shares the rack: its client reaches the leaf, the nodes and the service', async () => {
    const opened = await openSettledLab(SETUP)
    const status = await output(opened, 'client2', "curl -s -o /dev/null -w '%{http_code}' http://10.0.5.100")
    expect(status).toBe('200')
    expect(await output(opened, 'leaf01', 'ping -c 1 10.0.5.20')).toContain('1 received')
  })

  it('has a management network of its own', async () => {
    const opened = await openSettledLab(SETUP)
    expect(await output(opened, 'client2', 'ip -br addr show eth0')).toContain('172.16.200.2/24')
    expect(await output(opened, 'machine', 'ip route')).toContain('172.16.200.0/24 dev br-clab')
  })

  it('goes with its client, its link and its network, and leaves the first one and the bridge alone', async () => {
    const opened = await openSettledLab(SETUP)
    await output(opened, 'machine', DESTROY)
    const { lab } = opened
    expect([lab.node('client2'), [...lab.topologies.keys()]]).toEqual([undefined, ['cilium-bgp']])
    const links = await output(opened, 'machine', 'ip -br link')
    expect([links.includes('leaf01-br-eth4'), links.includes('br-clab'), links.includes('leaf01-br-eth3')]).toEqual([
      false,
      false,
      true,
    ])
    expect(await output(opened, 'client', "curl -s -o /dev/null -w '%{http_code}' http://10.0.5.100")).toBe('200')
  })

  it('can come back', async () => {
    const opened = await openSettledLab(SETUP)
    await output(opened, 'machine', DESTROY)
    const again = await opened.terminal.run('clab deploy -t clab-test-client.yaml', {
      cwd: new URL('../../topologies/cilium-bgp', import.meta.url).pathname,
    })
    expect(again.exitCode).toBe(0)
    expect(await output(opened, 'client2', "curl -s -o /dev/null -w '%{http_code}' http://10.0.5.100")).toBe('200')
  })
})
