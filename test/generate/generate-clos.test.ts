import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { realFiles } from '../../src/cli/real-files.ts'
import type { ClosOptions } from '../../src/generate/clos-options.ts'
import { generateClos } from '../../src/generate/generate-clos.ts'
import { lint } from '../../src/lint/lint.ts'
import { SourceTexts } from '../../src/lint/source-texts.ts'
import type { ReadOnlyFiles } from '../../src/shell/files.ts'
import { inspectTopology } from '../../src/shell/inspect-topology.ts'
import { type OpenedLab, openLab } from '../../src/shell/open-lab.ts'
import { formatIpv4, prefixAddress } from '../../src/wire/address.ts'
import { output } from '../support/open-settled-lab.ts'

const FOLDER = '/generated'
const LAB = join(FOLDER, 'lab.clab.yml')

/** The generated files as a folder, without touching the disk. */
function inMemory(files: ReadonlyMap<string, string>): ReadOnlyFiles {
  const inside = (path: string) => path.slice(FOLDER.length + 1)
  return {
    readText: path => files.get(inside(path)) ?? realFiles.readText(path),
    kindOf: path => (files.has(inside(path)) ? 'file' : undefined),
    list: () => [],
  }
}

function generate(options: ClosOptions) {
  const lab = generateClos(options)
  if ('problems' in lab) throw new Error(lab.problems.join('\n'))
  return lab
}

function problemsOf(options: ClosOptions): readonly string[] {
  const lab = generateClos(options)
  return 'problems' in lab ? lab.problems : []
}

async function settle(files: ReadonlyMap<string, string>): Promise<OpenedLab> {
  const opened = await openLab({ path: LAB, files: inMemory(files) })
  expect(opened.setup.exitCode).toBe(0)
  const { simulator } = opened.lab
  expect(simulator.runUntilQuiet(simulator.nowNs + 600e9)).toBe('quiet')
  return opened
}

const small = fc
  .record({
    spinesPerPod: fc.integer({ min: 1, max: 2 }),
    leavesPerPod: fc.integer({ min: 1, max: 3 }),
    superSpines: fc.integer({ min: 0, max: 2 }),
    pods: fc.integer({ min: 1, max: 3 }),
    hostsPerLeaf: fc.integer({ min: 0, max: 2 }),
    morePrefixes: fc.integer({ min: 0, max: 2 }),
    dialect: fc.constantFrom('frr' as const, 'vyos' as const),
    ibgpRouteReflectors: fc.boolean(),
  })
  .map(({ spinesPerPod, leavesPerPod, morePrefixes, ...rest }): ClosOptions => {
    const pods = rest.superSpines === 0 ? 1 : rest.pods
    const prefixesPerLeaf = Math.max(1, rest.hostsPerLeaf + morePrefixes)
    return { ...rest, pods, spines: spinesPerPod * pods, leaves: leavesPerPod * pods, prefixesPerLeaf }
  })

describe('a generated Clos fabric', () => {
  test('has nothing wrong or unmodelled in any file, and every prefix has a route on every leaf and an answer', async () => {
    await fc.assert(
      fc.asyncProperty(small, async options => {
        const { files, plan } = generate(options)
        const { diagnostics, lab } = await inspectTopology(LAB, inMemory(files))
        expect(diagnostics).toEqual([])
        expect(lint(lab!, new SourceTexts(LAB, inMemory(files)))).toEqual([])
        const opened = await settle(files)
        const targets = plan.routers.flatMap(router => router.announced.map(prefix => prefixAddress(prefix) + 1))
        const hosts = plan.hosts.map(host => host.address.address)
        for (const target of [...targets, ...hosts].map(formatIpv4)) {
          for (const { name, address } of plan.hosts.slice(0, 3)) {
            if (formatIpv4(address.address) === target) continue
            expect(await output(opened, name, `ping -n -c 1 -W 1 ${target}`), `${name} to ${target}`).toContain(
              ' 0% packet loss',
            )
          }
        }
        // what a loopback is in stands in the local table
        const inLoopback = options.prefixesPerLeaf! - options.hostsPerLeaf!
        for (const { name } of plan.routers.filter(router => router.announced.length > 0)) {
          const routes = [...(await output(opened, name, 'ip route')).matchAll(/^10\.(12[89]|1[3-9]\d|2\d\d)\./gm)]
          expect(routes, name).toHaveLength(targets.length - inLoopback)
        }
      }),
      { numRuns: 20 },
    )
  }, 60_000)

  test.each([true, false])('forwards alike in both dialects (route reflectors: %s)', async ibgpRouteReflectors => {
    const shape = { spines: 4, leaves: 4, superSpines: 2, hostsPerLeaf: 1, prefixesPerLeaf: 2, ibgpRouteReflectors }
    const [frr, vyos] = await Promise.all(
      (['frr', 'vyos'] as const).map(async dialect => settle(generate({ ...shape, dialect }).files)),
    )
    for (const node of ['leaf1', 'leaf4', 'spine2', 'super1']) {
      const table = async (opened: OpenedLab) =>
        (await output(opened, node, 'ip route'))
          .replace(/ nhid \d+/g, '')
          .split('\n')
          .map(line => line.trim())
          .sort()
      expect(await table(vyos!)).toEqual(await table(frr!))
    }
  })

  test('uses every spine for every other leaf', async () => {
    const opened = await settle(generate({ spines: 4, leaves: 3, hostsPerLeaf: 0 }).files)
    const routes = await output(opened, 'leaf3', 'ip route show 10.128.0.0/24')
    expect(routes.match(/nexthop via/g)).toHaveLength(4)
  })

  test('no address of a link, a loopback or a prefix is given twice', () => {
    const { plan } = generate({ spines: 6, leaves: 9, superSpines: 4, pods: 3, hostsPerLeaf: 2, prefixesPerLeaf: 5 })
    const addresses = [
      ...plan.routers.flatMap(router => [...router.loopbackAddresses, ...router.interfaces.map(one => one.address)]),
      ...plan.hosts.map(host => host.address),
    ].map(one => one.address)
    expect(new Set(addresses).size).toBe(addresses.length)
    const ends = plan.links.flat().map(end => end.join(':'))
    expect(new Set(ends).size).toBe(ends.length)
  })

  test('gives the leaf an autonomous system of its own, and the spines of a pod one together', () => {
    const { plan } = generate({ spines: 4, leaves: 4, superSpines: 1, hostsPerLeaf: 0 })
    expect(plan.routers.map(({ name, autonomousSystem }) => [name, autonomousSystem])).toEqual([
      ['super1', 4230000001],
      ['spine1', 4220000001],
      ['spine2', 4220000001],
      ['spine3', 4220000002],
      ['spine4', 4220000002],
      ['leaf1', 4210000001],
      ['leaf2', 4210000002],
      ['leaf3', 4210000003],
      ['leaf4', 4210000004],
    ])
  })

  test.each([
    [256, 128, 24],
    [257, 128, 26],
    [512, 500, 28],
  ])('%i leaves with %i prefixes each announce a /%i', (leaves, prefixesPerLeaf, length) => {
    const { plan } = generate({ spines: 1, leaves, prefixesPerLeaf, hostsPerLeaf: 0 })
    expect(plan.routers.at(-1)!.announced.at(-1)! % 64).toBe(length)
  })

  test.each<[ClosOptions, string]>([
    [{ spines: 0, leaves: 4 }, 'spines must be a whole number, at least 1: 0'],
    [{ spines: 2, leaves: 1.5 }, 'leaves must be a whole number, at least 1: 1.5'],
    [{ spines: 2, leaves: 4, prefixesPerLeaf: 0 }, 'prefixes per leaf must be a whole number, at least 1: 0'],
    [{ spines: 3, leaves: 4, superSpines: 1 }, '3 spines cannot be shared equally by 2 pods: choose other counts'],
    [{ spines: 2, leaves: 4, pods: 2 }, '2 pods without super-spines are not connected to each other'],
    [
      { spines: 2, leaves: 4, hostsPerLeaf: 3, prefixesPerLeaf: 2 },
      'each host has a prefix of its own: 3 hosts on each leaf, but 2 prefixes',
    ],
    [{ spines: 1, leaves: 10_000 }, '20001 nodes are too many for one lab: at most 20000'],
    [
      { spines: 1000, leaves: 3000, hostsPerLeaf: 0 },
      '3000000 leaf-to-spine links are too many: 10.0.0.0/10 has room for 2097152',
    ],
    [
      { spines: 1, leaves: 3000, hostsPerLeaf: 0, prefixesPerLeaf: 1000 },
      '3000000 announced prefixes are too many: 10.128.0.0/9 has room for 2097152',
    ],
  ])('%j is refused', (options, problem) => {
    expect(problemsOf(options)).toContain(problem)
  })
})
