import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { realFiles } from '../../src/cli/real-files.ts'
import { TimeMachine } from '../../src/inspect/time-machine.ts'
import { Inspector } from '../../src/tui/inspector.ts'
import { parseKeys } from '../../src/tui/key.ts'
import { lineWidth, textOf } from '../../src/tui/line.ts'
import { makeTheme } from '../../src/tui/theme.ts'
import { VIEWS } from '../../src/tui/views/table.ts'
import { ROOT } from '../support/open-settled-lab.ts'

interface FrameOptions {
  readonly wallMs?: () => number
  readonly columns?: number
  readonly rows?: number
  readonly hasUnicode?: boolean
}

async function openInspector(
  file: string,
  { columns = 100, rows = 24, hasUnicode = true, wallMs = () => 0 }: FrameOptions = {},
) {
  const machine = await TimeMachine.open({ path: join(ROOT, file), files: realFiles })
  await machine.settle()
  return new Inspector({
    machine,
    labName: 'lab',
    symbols: makeTheme({ hasColour: false, hasUnicode }).symbols,
    hasUnicode,
    columns,
    rows,
    wallMs,
    listFolder: () => ['manifests/', 'setup.sh'],
    resolvePath: path => join(ROOT, path),
    shorten: text => text.replaceAll(`${ROOT}/`, ''),
    writeFile: (path, _, mayReplace) => mayReplace || !path.endsWith('there.yaml'),
    leave: () => {},
  })
}

async function pressAll(inspector: Inspector, keys: string): Promise<void> {
  for (const key of parseKeys(keys)) await inspector.press(key)
}

function frameText(inspector: Inspector): string {
  const frame = inspector.frame()
  expect(frame).toHaveLength(inspector.rows)
  expect(frame.map(lineWidth)).toEqual(frame.map(() => inspector.columns))
  return `${frame.map(line => textOf(line).trimEnd()).join('\n')}\n`
}

const CLOS = 'topologies/clos-2x4/lab.clab.yml'
const CILIUM = 'topologies/cilium-bgp/setup.sh'
const recorded = (name: string): string => join(import.meta.dirname, `../golden/tui/${name}.txt`)

describe('frames of a fabric', async () => {
  const inspector = await openInspector(CLOS)

  test.each([
    ['nodes', ':nodes<enter>'],
    ['routes', ':routes leaf1<enter>'],
    ['ribs', ':ribs leaf1<enter>'],
    ['neighbors', ':neighbors leaf1<enter>'],
    ['interfaces', ':interfaces leaf1<enter>'],
    ['bgp', ':bgp spine1<enter>'],
    ['paths', ':paths leaf1<enter>'],
    ['groups', ':groups leaf1<enter>'],
    ['announcements', ':announcements<enter>'],
    ['topology', '9'],
    ['why-route', ':routes leaf1<enter>/10.100.4<enter><enter>'],
    ['row', '<escape><escape>:interfaces leaf1<enter>d'],
    ['help', '<escape>?'],
    ['events', '<escape>1e'],
    ['act', '<escape>:bgp leaf1<enter>x'],
    ['views', '<escape>v'],
  ])('%s', async (name, keys) => {
    await pressAll(inspector, keys)
    await expect(frameText(inspector)).toMatchFileSnapshot(recorded(name))
  })
})

describe('frames of a cluster', async () => {
  const inspector = await openInspector(CILIUM)

  test.each([
    ['services', ':services<enter>'],
    ['leases', ':leases<enter>'],
    ['pods', ':pods<enter>'],
    ['pools', ':pools<enter>'],
    ['bgppolicies', ':bgppolicies<enter>'],
    ['l2policies', ':l2policies<enter>'],
    ['mac', ':mac<enter>'],
    ['cluster-topology', '9'],
  ])('%s', async (name, keys) => {
    await pressAll(inspector, keys)
    await expect(frameText(inspector)).toMatchFileSnapshot(recorded(name))
  })

  test('a packet is followed hop by hop, its way drawn over the topology', async () => {
    await pressAll(
      inspector,
      ':capture leaf02 eth1 icmp<enter><tab>:routes client<enter>!ping -c 1 10.0.10.11<enter>pkf',
    )
    await expect(frameText(inspector)).toMatchFileSnapshot(recorded('journey'))
  })
})

test('acting otherwise after going back leaves a branch, which x goes back to', async () => {
  const inspector = await openInspector(CLOS)
  await pressAll(inspector, ':break leaf1:eth1<enter>u:time -1s<enter>:time 2590ms<enter>')
  expect(inspector.picture().links.filter(({ hasCarrier }) => !hasCarrier)).toHaveLength(1)
  await pressAll(inspector, ':time 2570ms<enter>')
  expect(inspector.picture().links.filter(({ hasCarrier }) => !hasCarrier)).toHaveLength(0)
  await pressAll(inspector, ':break leaf2:eth1<enter>1x<end>')
  expect(frameText(inspector)).toMatch(/▸ switch to branch .*break link leaf1:eth1/)
  await pressAll(inspector, '<enter>:time 2590ms<enter>')
  const [down] = inspector.picture().links.filter(({ hasCarrier }) => !hasCarrier)
  expect(down).toMatchObject({ a: 'spine1', b: 'leaf1' })
})

test.each([
  [80, 24],
  [40, 10],
  [200, 60],
])('every view fills %dx%d exactly', async (columns, rows) => {
  const inspector = await openInspector(CLOS, { columns, rows })
  for (const digit of '1234567890') {
    await pressAll(inspector, `${digit}e`)
    frameText(inspector)
    await pressAll(inspector, 'e')
    frameText(inspector)
  }
})

test.each([CLOS, CILIUM])('no view of %s at 80x24 has a column that the border cuts', async file => {
  const inspector = await openInspector(file, { columns: 80, rows: 24 })
  for (const { name } of VIEWS) {
    await pressAll(inspector, `:${name} leaf01<enter>`)
    const cut = frameText(inspector)
      .split('\n')
      .filter((line, row) => row === 2 && line.endsWith('…│'))
    expect([name, ...cut]).toEqual([name])
  }
})

test('x offers to crash what runs, and to start what does not', async () => {
  const inspector = await openInspector(CLOS)
  await pressAll(inspector, ':bgp leaf1<enter>x')
  expect(frameText(inspector)).toMatch(/kill bgpd on leaf1/)
  await pressAll(inspector, '<escape>:bgpdown leaf1<enter>x')
  expect(frameText(inspector)).toMatch(/start bgpd on leaf1/)
  expect(frameText(inspector)).not.toMatch(/kill bgpd/)
  const cluster = await openInspector(CILIUM)
  await pressAll(cluster, ':pods<enter>x')
  expect(frameText(cluster)).toMatch(/crash Cilium agent on (.*\n)*.*part .* from the API server/)
  expect(frameText(cluster)).not.toMatch(/start Cilium agent|join /)
  await pressAll(cluster, '<escape>:agentdown cilium-bgp-control-plane<enter>x')
  expect(frameText(cluster)).toMatch(/start Cilium agent on cilium-bgp-control-plane/)
})

test('a manifest is found from where the user is, and what kubectl says of it is told', async () => {
  const inspector = await openInspector(CILIUM)
  await pressAll(inspector, ':apply topologies/cilium-bgp/manifests/nginx.yaml<enter>')
  expect(inspector.state.message).toMatchObject({ role: 'good', text: expect.stringContaining('created') })
  await pressAll(inspector, 'a')
  await pressAll(inspector, 'no/such.yaml<enter>')
  expect(inspector.state.message).toMatchObject({ role: 'bad', text: expect.stringContaining('does not exist') })
})

test('Tab offers devices to commands of nodes, not to those of the machine', async () => {
  const inspector = await openInspector(CLOS)
  await pressAll(inspector, ':routes leaf1<enter>!tcpdump -i e')
  expect(frameText(inspector)).toMatch(/eth1 {2}eth2 {2}eth3/)
  await pressAll(inspector, '<escape>!kubectl get e<tab>')
  expect(frameText(inspector)).toMatch(/kubectl get e *\n$/)
})

test('a file that is there is replaced only when asked', async () => {
  const inspector = await openInspector(CLOS)
  await pressAll(inspector, ':save there<enter>')
  expect(inspector.state.message).toMatchObject({ role: 'bad', text: expect.stringContaining(':save! there') })
  await pressAll(inspector, ':save! there<enter>')
  expect(inspector.state.message?.text).toMatch(/^written/)
  await pressAll(inspector, ':save there<enter>')
  expect(inspector.state.message?.text).toMatch(/^written/)
})

test('rows stand in the order of a column, either way, and the cursor stays at its row', async () => {
  const inspector = await openInspector(CLOS)
  const names = () => inspector.table().rows.map(({ node }) => node)
  const asPrinted = names()
  await pressAll(inspector, 'jjO')
  expect(frameText(inspector)).toMatch(/Order by/)
  await pressAll(inspector, 'jjjjj<enter>')
  expect(frameText(inspector)).toMatch(/SESSIONS ▴/)
  expect(names().slice(0, 6)).toEqual(['leaf1', 'leaf2', 'leaf3', 'leaf4', 'spine1', 'spine2'])
  expect(inspector.row()?.node).toBe('host3')
  await pressAll(inspector, 'O<enter>')
  expect(names().slice(0, 3)).toEqual(['spine1', 'spine2', 'leaf1'])
  await pressAll(inspector, 'O<end><enter>')
  expect(names()).toEqual(asPrinted)
})

test('a step without a change says so and lets no time pass', async () => {
  const inspector = await openInspector(CLOS)
  for (let steps = 0; inspector.state.message?.role !== 'dim' && steps < 100; steps += 1) await inspector.press('n')
  expect(inspector.state.message?.text).toBe('nothing changes within 10 minutes; t lets time pass')
  expect(inspector.machine.nowNs).toBeLessThan(400e9)
})

test('copies of the lab are begun only while no key is pressed', async () => {
  let nowMs = 0
  const inspector = await openInspector(CLOS, { wallMs: () => nowMs })
  await pressAll(inspector, 'j')
  await inspector.tick()
  expect(inspector.machine.replicaCount).toBe(0)
  nowMs = 10_000
  await inspector.tick()
  expect(inspector.machine.replicaCount).toBe(1)
})

test('ASCII frames have ASCII characters only', async () => {
  const inspector = await openInspector(CLOS, { hasUnicode: false })
  for (const keys of ['1', '9', 'e', '2', '<enter>', '<escape>?']) {
    await pressAll(inspector, keys)
    expect(frameText(inspector)).toMatch(/^[\n -~]*$/)
  }
})
