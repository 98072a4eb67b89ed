import type { Benchmark, Sample } from '../benchmark.ts'
import { internetRoutes } from '../support/internet-routes.ts'
import { heapBytes, measurePhase, settle } from '../support/measure.ts'
import { closFiles, openInMemory } from '../support/memory-lab.ts'

/** A provider's router at leaf1, which passes what it hears on to four spines. */
export const fullTable: Benchmark = {
  name: 'full-table',
  what: 'one eBGP peer announces an Internet-like table to a leaf, which announces it to four spines; then the peer dies',
  unit: 'prefix updates',
  sizes: [10_000, 100_000, 1_000_000].map(count => ({
    name: `${count.toLocaleString('en')} prefixes`,
    isLarge: count > 100_000,
    run: () => load(count),
  })),
}

async function load(count: number): Promise<readonly Sample[]> {
  const { lab } = await openInMemory(withProvider(closFiles({ spines: 4, leaves: 1, hostsPerLeaf: 0 })))
  const { simulator } = lab
  settle(simulator)
  const provider = lab.node('provider')!.router!.speaker!
  const batches = internetRoutes(count)
  const heap = heapBytes()
  const loaded = await measurePhase(
    simulator,
    'load',
    () => {
      for (const { attributes, prefixes } of batches)
        for (const prefix of prefixes) provider.originate(prefix, attributes)
      settle(simulator)
    },
    heap,
  )
  const gone = await measurePhase(simulator, 'peer lost', () => {
    simulator.as('work', () => provider.crash())
    settle(simulator)
  })
  return [loaded, gone]
}

/** Adds the provider's router: a node, a link, and leaf1's end of the session. */
function withProvider(files: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const node = '    provider:\n      kind: linux\n      binds: [provider/frr.conf:/etc/frr/frr.conf]\n'
  const link = '    - endpoints: ["provider:eth1", "leaf1:eth5"]\n'
  const topology = files.get('lab.clab.yml')!.replace('  links:\n', `${node}  links:\n${link}`)
  const leaf = `${files.get('leaf1/frr.conf')!}${end('eth5', '192.0.2.1/31', 4210000001, '192.0.2.0', 64500)}`
  const provider = `hostname provider\n${end('eth1', '192.0.2.0/31', 64500, '192.0.2.1', 4210000001)}`
  return new Map([...files, ['lab.clab.yml', topology], ['leaf1/frr.conf', leaf], ['provider/frr.conf', provider]])
}

function end(device: string, address: string, asn: number, peer: string, peerAsn: number): string {
  return `interface ${device}
 ip address ${address}
exit
router bgp ${asn}
 no bgp ebgp-requires-policy
 neighbor ${peer} remote-as ${peerAsn}
exit
`
}
