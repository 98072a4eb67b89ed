import { describe, expect, test } from 'vitest'
import { formatDiagnostic } from '../../src/config/render-diagnostic.ts'
import { inspectTopology } from '../../src/shell/inspect-topology.ts'

const FRR = 'interface lo\n ip address 10.255.0.1/32\n!\n'

async function inspect(nodes: string, links = '', more: Readonly<Record<string, string>> = {}): Promise<string[]> {
  const files: Record<string, string> = {
    '/x/lab.clab.yml': `name: x\ntopology:\n  nodes:\n${nodes}${links === '' ? '' : `  links:\n${links}`}`,
    ...more,
  }
  const { diagnostics: found } = await inspectTopology('/x/lab.clab.yml', {
    readText: path => files[path],
    kindOf: path =>
      path in files ? 'file' : Object.keys(files).some(name => name.startsWith(`${path}/`)) ? 'folder' : undefined,
    list: path =>
      Object.keys(files).flatMap(name => (name.startsWith(`${path}/`) ? [name.slice(path.length + 1)] : [])),
  })
  return found.map(formatDiagnostic)
}

const CABLE = '    - endpoints: ["a:eth1", "b:eth1"]\n'

describe('what validate says of a topology', () => {
  test('nothing when all of it works', async () => {
    expect(await inspect('    a: {kind: linux}\n    b: {kind: linux}\n', CABLE)).toEqual([])
  })

  test('an exec line that is not modelled', async () => {
    expect(await inspect('    a: {kind: linux, exec: ["ip xfrm state flush"]}\n')).toEqual([
      '/x/lab.clab.yml:4:29: not modelled: exec on a: ip xfrm state flush: ip: object "xfrm" is not modelled by drylab [containerlab/exec-failed]',
    ])
  })

  test('an exec line that fails', async () => {
    const [line] = await inspect('    a: {kind: linux, exec: ["ip addr add 10.0.0.1/24 dev eth7"]}\n')
    expect(line).toContain(':4:29: warning: exec on a:')
    expect(line).toContain('Cannot find device "eth7"')
  })

  test('an address that two nodes on one cable have', async () => {
    const lines = await inspect(
      ['a', 'b'].map(name => `    ${name}: {kind: linux, exec: ["ip addr add 10.0.0.1/24 dev eth1"]}\n`).join(''),
      CABLE,
    )
    expect(lines).toEqual([
      '/x/lab.clab.yml:5:5: warning: address 10.0.0.1 is on a:eth1 and on b:eth1, which share a network [containerlab/duplicate-address]',
    ])
  })

  test('an address that two nodes behind two bridges have', async () => {
    const lines = await inspect(
      `    a: {kind: linux, exec: ["ip addr add 10.0.0.1/24 dev eth1"]}
    b: {kind: linux, exec: ["ip addr add 10.0.0.1/24 dev eth1"]}
    br1: {kind: bridge}
    br2: {kind: bridge}
`,
      ['"a:eth1", "br1:p1"', '"br1:p2", "br2:p3"', '"br2:p4", "b:eth1"']
        .map(one => `    - endpoints: [${one}]\n`)
        .join(''),
    )
    expect(lines.map(line => line.replace(/.*warning: /, ''))).toEqual([
      'address 10.0.0.1 is on a:eth1 and on b:eth1, which share a network [containerlab/duplicate-address]',
    ])
  })

  test('not the gateway that two leaves share towards their own hosts', async () => {
    const gateway = 'exec: ["ip addr add 10.0.0.1/24 dev eth1"]'
    expect(
      await inspect(
        `    a: {kind: linux, ${gateway}}\n    b: {kind: linux, ${gateway}}\n    h: {kind: linux}\n    i: {kind: linux}\n`,
        '    - endpoints: ["a:eth1", "h:eth1"]\n    - endpoints: ["b:eth1", "i:eth1"]\n',
      ),
    ).toEqual([])
  })

  test('a MAC that two ends of a cable have', async () => {
    const ends = ['a', 'b'].map(node => `{node: ${node}, interface: eth1, mac: "02:00:00:00:00:01"}`).join(', ')
    const lines = await inspect(
      '    a: {kind: linux}\n    b: {kind: linux}\n',
      `    - type: veth\n      endpoints: [${ends}]\n`,
    )
    expect(lines.join()).toContain('MAC address 02:00:00:00:00:01 is on a:eth1 and on b:eth1')
  })

  test('a container that the file expects from elsewhere, and goes on', async () => {
    const lines = await inspect('    a: {kind: linux, network-mode: "container:kind-worker", exec: ["nosuch"]}\n')
    expect(lines[0]).toContain('container "kind-worker" is not in this file')
    expect(lines[1]).toContain('nosuch: command not found')
  })

  test('what is wrong in a file of a folder that is bound', async () => {
    const lines = await inspect('    a: {kind: linux, image: "frr:8.4.1", binds: ["./a:/etc/frr"]}\n', '', {
      '/x/a/frr.conf': `${FRR}nonsense\n`,
    })
    expect(lines).toEqual(['/x/a/frr.conf:4:1: warning: % Unknown command: nonsense [frr/unknown-command]'])
  })
})
