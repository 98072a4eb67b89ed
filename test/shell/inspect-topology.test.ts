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
