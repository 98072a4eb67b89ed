import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { realFiles } from '../../src/cli/real-files.ts'
import { TimeMachine } from '../../src/inspect/time-machine.ts'
import { Inspector } from '../../src/tui/inspector.ts'
import { parseKeys } from '../../src/tui/key.ts'
import { lineWidth, textOf } from '../../src/tui/line.ts'
import { makeTheme } from '../../src/tui/theme.ts'
import { ROOT } from '../support/open-settled-lab.ts'

interface FrameOptions {
  readonly columns?: number
  readonly rows?: number
  readonly hasUnicode?: boolean
}

async function openInspector(file: string, { columns = 100, rows = 24, hasUnicode = true }: FrameOptions = {}) {
  const machine = await TimeMachine.open({ path: join(ROOT, file), files: realFiles })
  await machine.settle()
  return new Inspector({
    machine,
    labName: 'lab',
    symbols: makeTheme({ hasColour: false, hasUnicode }).symbols,
    hasUnicode,
    columns,
    rows,
    wallMs: () => 0,
    listFolder: () => ['manifests/', 'setup.sh'],
    resolvePath: path => join(ROOT, path),
    shorten: text => text.replaceAll(`${ROOT}/`, ''),
    writeFile: () => {},
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

test('ASCII frames have ASCII characters only', async () => {
  const inspector = await openInspector(CLOS, { hasUnicode: false })
  for (const keys of ['1', '9', 'e', '2', '<enter>', '<escape>?']) {
    await pressAll(inspector, keys)
    expect(frameText(inspector)).toMatch(/^[\n -~]*$/)
  }
})
