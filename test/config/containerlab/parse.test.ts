import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseContainerlab } from '../../../src/config/containerlab/parse.ts'
import { formatDiagnostic } from '../../../src/config/render-diagnostic.ts'
import { formatIpv4, formatMac, formatPrefix } from '../../../src/wire/address.ts'

const file = '/lab/lab.clab.yml'
const parse = (text: string) => parseContainerlab(text, { file })
const messages = (text: string) => parse(text).diagnostics.map(formatDiagnostic)

const TWO_NODES = `name: demo
topology:
  nodes:
    a: {kind: linux}
    b: {kind: linux}
  links:
    - endpoints: ["a:eth1", "b:eth1"]
`

describe('a containerlab file', () => {
  test('gives nodes, links and container names', () => {
    const { model, diagnostics } = parse(TWO_NODES)
    expect(diagnostics).toEqual([])
    expect(model?.nodes.map(node => node.containerName)).toEqual(['clab-demo-a', 'clab-demo-b'])
    expect(model?.links[0]).toMatchObject({
      type: 'veth',
      mtuBytes: 9500,
      a: { node: 'a', interface: 'eth1' },
      b: { node: 'b' },
    })
  })

  test.each([
    ['prefix: ""', 'a'],
    ['prefix: __lab-name', 'demo-a'],
    ['prefix: x', 'x-demo-a'],
  ])('%s names the container %s', (prefix, name) => {
    expect(parse(`${prefix}\n${TWO_NODES}`).model?.nodes[0]?.containerName).toBe(name)
  })

  test('takes values from the node, then its group, then its kind, then the defaults', () => {
    const { model } = parse(`name: demo
topology:
  defaults: {image: from-defaults, kind: linux, env: {A: defaults, B: defaults}}
  kinds: {linux: {image: from-kind, env: {B: kind, C: kind}}}
  groups: {routers: {image: from-group, env: {C: group}}}
  nodes:
    own: {image: from-node, group: routers}
    grouped: {group: routers}
    plain: {}
    empty:
`)
    expect(model?.nodes.map(node => node.image)).toEqual(['from-node', 'from-group', 'from-kind', 'from-kind'])
    expect(Object.fromEntries(model!.nodes[1]!.environment)).toEqual({ A: 'defaults', B: 'kind', C: 'group' })
  })

  test('merges binds by their path inside the container', () => {
    const { model } = parse(`name: demo
topology:
  kinds: {linux: {binds: ["common.conf:/etc/frr/frr.conf", "daemons:/etc/frr/daemons"]}}
  nodes:
    r1: {kind: linux, binds: ["__clabNodeName__.conf:/etc/frr/frr.conf:ro"]}
`)
    expect(model?.nodes[0]?.binds.map(bind => [bind.from, bind.to])).toEqual([
      ['/lab/r1.conf', '/etc/frr/frr.conf'],
      ['/lab/daemons', '/etc/frr/daemons'],
    ])
  })

  test('reads extended links with MAC addresses', () => {
    const { model } = parse(`name: demo
topology:
  nodes: {a: {kind: linux}, b: {kind: linux}}
  links:
    - type: veth
      mtu: 1500
      endpoints:
        - {node: a, interface: eth1, mac: "aa:c1:ab:07:b9:2e"}
        - {node: b, interface: eth1}
`)
    expect(formatMac(model!.links[0]!.a.mac!)).toBe('aa:c1:ab:07:b9:2e')
    expect(model?.links[0]?.mtuBytes).toBe(1500)
  })

  test('has a management network only when it says so', () => {
    expect(parse(TWO_NODES).model?.management.isWritten).toBe(false)
    const { model } = parse(`mgmt: {ipv4-subnet: 172.16.100.0/24}\n${TWO_NODES}`)
    expect(model?.management).toMatchObject({ isWritten: true, network: 'clab' })
    expect(formatPrefix(model!.management.subnet)).toBe('172.16.100.0/24')
    expect(formatIpv4(model!.management.gateway)).toBe('172.16.100.1')
  })

  test('replaces environment references, with defaults, and keeps doubled dollars', () => {
    const text = TWO_NODES.replace('demo', '${LAB:-fallback}').replace(
      '{kind: linux}',
      () => '{kind: linux, exec: ["echo $$HOME ${X}"]}',
    )
    expect(parse(text).model?.name).toBe('fallback')
    expect(parseContainerlab(text, { file, environment: new Map([['LAB', 'given']]) }).model?.name).toBe('given')
    expect(parse(text).model?.nodes[0]?.exec[0]?.command).toBe('echo $HOME ')
  })
})

describe('a mistake in a containerlab file is told with its place', () => {
  test('an unknown key, with a suggestion', () => {
    expect(messages(TWO_NODES.replace('kind: linux', 'kinds: linux'))).toContain(
      '/lab/lab.clab.yml:4:9: error: unknown key "kinds" (did you mean "kind"?) [containerlab/unknown-key]',
    )
  })

  test('a link to nowhere', () => {
    expect(messages(TWO_NODES.replace('"b:eth1"', '"bb:eth1"'))).toEqual([
      '/lab/lab.clab.yml:7:29: error: there is no node "bb" (did you mean "b"?) [containerlab/unknown-node]',
    ])
  })

  test('an endpoint that is used twice', () => {
    expect(messages(`${TWO_NODES}    - endpoints: ["a:eth1", "b:eth2"]\n`)[0]).toContain(
      'endpoint a:eth1 is used by two links (first at line 7)',
    )
  })

  test.each([
    ['binary', 'name: \0'],
    ['broken', 'name: [\n'],
    ['a list', '- a\n- b\n'],
    ['a kind that is not modelled', TWO_NODES.replace('kind: linux', 'kind: nokia_srlinux')],
    ['no kind', TWO_NODES.replace('{kind: linux}', '{}')],
    ['a bad network', `mgmt: {ipv4-subnet: 172.16.100.0/33}\n${TWO_NODES}`],
    ['an unresolved alias', 'name: *nothing\n'],
  ])('%s', (_name, text) => {
    const { model, diagnostics } = parse(text)
    expect(model).toBeUndefined()
    expect(diagnostics[0]).toMatchObject({ severity: 'error', source: { file } })
  })

  test('an alias bomb, quickly', () => {
    const levels = Array.from(
      { length: 30 },
      (_, index) => `l${index + 1}: &l${index + 1} [${Array(9).fill(`*l${index}`).join(', ')}]`,
    )
    const { model, diagnostics } = parse(`l0: &l0 [x]\n${levels.join('\n')}\n`)
    expect(model).toBeUndefined()
    expect(diagnostics[0]?.code).toBe('yaml/syntax')
  })

  test('a file of many megabytes, unread', () => {
    expect(messages(`name: ${'x'.repeat(9_000_000)}`)[0]).toContain('the file is too large')
  })

  test('every key of the format that is not modelled, as such and not as an error', () => {
    const { model, diagnostics } = parse(TWO_NODES.replace('{kind: linux}', '{kind: linux, healthcheck: {}, dns: {}}'))
    expect(model).toBeDefined()
    expect(diagnostics.map(one => [one.severity, one.message])).toEqual([
      ['unmodelled', '"healthcheck" is not modelled'],
      ['unmodelled', '"dns" is not modelled'],
    ])
  })

  test('no text makes the reader throw', () => {
    fc.assert(fc.property(fc.string(), text => void parse(text)))
    fc.assert(fc.property(fc.json(), text => void parse(text)))
    fc.assert(
      fc.property(
        fc.object({ key: fc.constantFrom('name', 'topology', 'nodes', 'links', 'kind', 'endpoints', 'mgmt', 'exec') }),
        value => void parse(JSON.stringify(value)),
      ),
    )
  })
})
