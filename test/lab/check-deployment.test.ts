import { describe, expect, test } from 'vitest'
import { parseContainerlab } from '../../src/config/containerlab/parse.ts'
import { checkDeployment } from '../../src/lab/check-deployment.ts'
import { Lab } from '../../src/lab/lab.ts'

function problems(text: string): string[] {
  const { model, diagnostics } = parseContainerlab(text, { file: '/x/lab.clab.yml' })
  expect(diagnostics).toEqual([])
  const found = checkDeployment(new Lab(), model!, { readText: () => undefined, list: () => undefined })
  return found.map(({ message, source }) => `${source.line}: ${message}`)
}

const lab = (nodes: readonly string[], links: readonly string[] = []) =>
  `name: x\ntopology:\n  nodes:\n${nodes.map(node => `    ${node}\n`).join('')}  links:\n${links.map(link => `    - endpoints: [${link}]\n`).join('')}`

describe('a deployment is refused for', () => {
  test('namespaces that are shared in a circle', () => {
    expect(
      problems(lab(['a: {kind: linux, network-mode: "container:b"}', 'b: {kind: linux, network-mode: "container:a"}'])),
    ).toEqual(['4: node "a" shares its own network in a circle', '5: node "b" shares its own network in a circle'])
  })

  test('a namespace that nobody has', () => {
    expect(problems(lab(['a: {kind: linux, network-mode: "container:z"}']))).toEqual([
      '4: there is no container "z" whose network node "a" could share',
    ])
  })

  test('two devices of one name in a shared namespace', () => {
    expect(
      problems(
        lab(
          ['a: {kind: linux}', 'b: {kind: linux, network-mode: "container:a"}', 'c: {kind: linux}'],
          ['"a:eth1", "c:eth1"', '"b:eth1", "c:eth2"'],
        ),
      ),
    ).toEqual(['9: interface "eth1" of node "b" is taken by a:eth1'])
  })

  test('two bridge ports of one name: all bridges lie on one machine', () => {
    expect(
      problems(
        lab(
          ['a: {kind: linux}', 'br1: {kind: bridge}', 'br2: {kind: bridge}'],
          ['"a:eth1", "br1:p1"', '"a:eth2", "br2:p1"'],
        ),
      ),
    ).toEqual(['9: interface "p1" of node "br2" is taken by br1:p1'])
  })

  test.each([
    ['the loopback', '', '"a:lo", "b:eth1"', 'interface "lo" of node "a" is taken by'],
    ['the management device', 'mgmt: {}\n', '"a:eth0", "b:eth1"', 'is taken by the management network'],
  ])('a link on %s', (_name, head, link, message) => {
    expect(problems(head + lab(['a: {kind: linux}', 'b: {kind: linux}'], [link])).join()).toContain(message)
  })

  test.each([
    ['twice the same', '172.20.20.5', 'management address 172.20.20.5 of node "b" belongs to node "a"'],
    ['outside the network', '10.0.0.5', 'is outside the management network 172.20.20.0/24'],
    ['the gateway', '172.20.20.1', 'belongs to the gateway'],
  ])('a management address that is %s', (_name, address, message) => {
    const nodes = ['a: {kind: linux, mgmt-ipv4: 172.20.20.5}', `b: {kind: linux, mgmt-ipv4: ${address}}`]
    expect(problems(`mgmt: {ipv4-subnet: 172.20.20.0/24}\n${lab(nodes)}`).join()).toContain(message)
  })

  test('more nodes than the management network has addresses', () => {
    const nodes = ['a', 'b', 'c'].map(name => `${name}: {kind: linux}`)
    expect(problems(`mgmt: {ipv4-subnet: 172.20.20.0/30}\n${lab(nodes)}`).join()).toContain(
      'has no address for node "b"',
    )
  })
})

describe('a deployment is taken with', () => {
  test('namespaces shared through others, whatever the order of the file', () => {
    expect(
      problems(
        lab([
          'a: {kind: linux, network-mode: "container:b"}',
          'b: {kind: linux, network-mode: "container:clab-x-c"}',
          'c: {kind: linux}',
        ]),
      ),
    ).toEqual([])
  })
})
