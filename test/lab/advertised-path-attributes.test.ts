import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openSettledLab, output, ROOT } from '../support/open-settled-lab.ts'

const FOLDER = join(ROOT, 'topologies/cilium-bgp/manifests')

/** The article's lab, whose agents announce with these attributes; returns what a leaf shows of the service. */
async function shownByLeaf(attributes: string): Promise<string> {
  const opened = await openSettledLab('topologies/cilium-bgp/setup.sh')
  const { lab, terminal } = opened
  const script = `
    sed 's/peerASN: .*/&\\n          advertisedPathAttributes: [${attributes}]/' bgp.yaml | kubectl apply -f -
    kubectl apply -f pool.yaml
    kubectl apply -f nginx.yaml`
  const { exitCode, stderr } = await terminal.run(script, { node: lab.machine, cwd: FOLDER })
  if (exitCode !== 0) throw new Error(stderr)
  lab.simulator.runUntilQuiet(lab.simulator.nowNs + 600e9)
  return output(opened, 'leaf01', "vtysh -c 'show ip bgp 20.0.0.100/32'")
}

const of = (words: string): string => `{selectorType: CiliumLoadBalancerIPPool, ${words}}`

test('communities of advertisedPathAttributes show in the leaf’s show ip bgp PREFIX', async () => {
  const shown = await shownByLeaf(of('communities: {standard: ["65005:100"], wellKnown: ["no-export"]}'))
  expect(shown).toMatch(/^ +Community: 65005:100 no-export$/m)
})

test('large communities of advertisedPathAttributes show in the leaf’s show ip bgp PREFIX', async () => {
  expect(await shownByLeaf(of('communities: {large: ["65005:1:2"]}'))).toMatch(/^ +Large Community: 65005:1:2$/m)
})

test('localPreference of advertisedPathAttributes shows in the leaf’s show ip bgp PREFIX, as the session is internal', async () => {
  expect(await shownByLeaf(of('localPreference: 250'))).toContain('localpref 250')
})

test('attributes of the pod networks leave the service addresses alone', async () => {
  const shown = await shownByLeaf('{selectorType: PodCIDR, localPreference: 250}')
  expect(shown).toContain('localpref 100')
})
