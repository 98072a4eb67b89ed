import { describe, expect, test } from 'vitest'
import { lintFiles } from './lint-files.ts'

async function duplicates(nodes: string, links: string): Promise<readonly string[]> {
  const found = await lintFiles({ 'lab.clab.yml': `name: x\ntopology:\n  nodes:\n${nodes}  links:\n${links}` })
  return found.filter(report => report.rule === 'address/duplicate').map(report => report.message)
}

const SAME = 'exec: ["ip addr add 10.0.0.1/24 dev eth1"]'

describe('address/duplicate', () => {
  test('finds an address that two nodes behind two bridges have', async () => {
    const found = await duplicates(
      `    a: {kind: linux, ${SAME}}\n    b: {kind: linux, ${SAME}}\n    br1: {kind: bridge}\n    br2: {kind: bridge}\n`,
      ['"a:eth1", "br1:p1"', '"br1:p2", "br2:p3"', '"br2:p4", "b:eth1"']
        .map(one => `    - endpoints: [${one}]\n`)
        .join(''),
    )
    expect(found).toEqual(['address 10.0.0.1 is on a:eth1 and on b:eth1, which share a network'])
  })

  test('leaves alone the gateway that two leaves share towards their own hosts', async () => {
    const found = await duplicates(
      `    a: {kind: linux, ${SAME}}\n    b: {kind: linux, ${SAME}}\n    h: {kind: linux}\n    i: {kind: linux}\n`,
      '    - endpoints: ["a:eth1", "h:eth1"]\n    - endpoints: ["b:eth1", "i:eth1"]\n',
    )
    expect(found).toEqual([])
  })

  test('finds a MAC that two ends of a cable have', async () => {
    const ends = ['a', 'b'].map(node => `{node: ${node}, interface: eth1, mac: "02:00:00:00:00:01"}`).join(', ')
    const found = await duplicates(
      '    a: {kind: linux}\n    b: {kind: linux}\n',
      `    - type: veth\n      endpoints: [${ends}]\n`,
    )
    expect(found).toEqual(['MAC address 02:00:00:00:00:01 is on a:eth1 and on b:eth1, which share a network'])
  })
})
