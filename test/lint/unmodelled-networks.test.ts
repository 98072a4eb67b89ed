import { expect, test } from 'vitest'
import { lintFiles, placesOf } from './lint-files.ts'

/** A VyOS router whose peer is on the network of a VLAN, when there is one. */
function files(vif: string) {
  const node = `    a: {kind: linux, image: "vyos/vyos:1.4.9", binds: ["a.boot:/opt/vyatta/etc/config/config.boot"]}`
  const bgp = `protocols {\n bgp {\n  system-as 65001\n  neighbor 10.1.5.10 {\n   remote-as 65002\n  }\n }\n}`
  return {
    'lab.clab.yml': `name: x\ntopology:\n  nodes:\n${node}\n`,
    'a.boot': `interfaces {\n bridge br0 {\n${vif} }\n}\n${bgp}\n// vyos-config-version: "bgp@5"\n`,
  }
}

test('a peer on a VLAN, which is not simulated, is not taken for a mistyped address', async () => {
  const rule = 'bgp/peer-outside-networks'
  expect(placesOf(await lintFiles(files('')), rule)).toEqual(['a.boot:8:12'])
  expect(placesOf(await lintFiles(files('  vif 5 {\n   address 10.1.5.1/24\n  }\n')), rule)).toEqual([])
})
