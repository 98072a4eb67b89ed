import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { describe, expect, test } from 'vitest'

const SOURCE = join(import.meta.dirname, '../src')

/** Everything that makes up a running lab. */
const BELOW_LAB = [
  'bfd',
  'capture',
  'kubernetes',
  'zebra',
  'bgp',
  'host',
  'link',
  'wire',
  'sim',
  'model',
  'config',
  'text',
]

/**
 * Layers from the bottom up: a folder may import from those named for it, from itself, and from `assert.ts`.
 * `wire/address.ts` may be imported by everybody.
 */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  text: [],
  sim: ['text'],
  wire: ['text'],
  model: ['wire'],
  config: ['model', 'wire', 'text'],
  link: ['sim', 'wire'],
  capture: ['wire', 'text'],
  host: ['link', 'sim', 'wire', 'model'],
  zebra: ['host', 'wire', 'sim', 'model', 'bgp/route-manager.ts', 'link'],
  bgp: ['host', 'wire', 'sim', 'model'],
  bfd: ['host', 'wire', 'sim', 'model', 'bgp/bfd-service.ts'],
  kubernetes: ['bgp', 'host', 'link', 'wire', 'sim', 'model', 'config', 'text'],
  lab: BELOW_LAB,
  shell: [...BELOW_LAB, 'lab'],
  scenario: [
    'capture',
    'shell',
    'lab',
    'kubernetes',
    'zebra',
    'bgp',
    'host',
    'link',
    'wire',
    'sim',
    'model',
    'config',
    'text',
  ],
  api: ['cli/real-files.ts', 'cli/absolute-path.ts', 'scenario', 'shell', 'lab', 'config', 'sim', 'text'],
  vitest: ['index.ts', 'api', 'scenario'],
  state: [...BELOW_LAB, 'lab', 'shell'],
  why: [...BELOW_LAB, 'lab', 'shell', 'scenario/support', 'state'],
  diff: [...BELOW_LAB, 'lab', 'shell', 'scenario/support', 'state'],
  lint: [...BELOW_LAB, 'lab', 'shell'],
  graph: [...BELOW_LAB, 'lab', 'shell', 'scenario/support', 'state'],
  generate: ['model', 'wire', 'text'],
  inspect: [...BELOW_LAB, 'lab', 'shell', 'scenario', 'state', 'why'],
  serve: ['api', ...BELOW_LAB, 'lab', 'shell', 'scenario', 'state', 'why'],
  tui: ['graph/assign-tiers.ts', 'inspect', 'why', 'state', 'capture', 'lab', 'shell', 'sim', 'text', 'wire', 'config'],
  cli: [
    'tui',
    'serve',
    'inspect',
    'generate',
    'graph',
    'lint',
    'diff',
    'why',
    'state',
    'scenario',
    'shell',
    'capture',
    'lab',
    'config',
    'sim',
    'text',
    'wire',
    'link',
  ],
}

/** Where each package may be imported. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  'ip-address': ['wire/address.ts'],
  xstate: ['sim/transition-table.ts', 'host', 'bgp', 'bfd', 'kubernetes'],
  yaml: ['config', 'shell', 'kubernetes', 'inspect'],
  zod: ['scenario', 'config', 'serve'],
  'just-bash': ['shell/bash.ts', 'shell/bash-files.ts'],
  commander: ['cli'],
  vitest: ['vitest'],
  'smol-toml': ['config/gobgp'],
  ink: ['tui'],
  react: ['tui'],
}

interface Import {
  readonly from: string
  readonly to: string
}

const files = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' }).filter(path => /\.tsx?$/.test(path))
const texts = new Map(files.map(path => [path, readFileSync(join(SOURCE, path), 'utf8')]))
const imports: Import[] = [...texts].flatMap(([from, text]) =>
  [...text.matchAll(/\b(?:from |import\()'([\w@./:-]+)'/g)].map(([, to]) => ({
    from,
    to: to!.startsWith('.') ? relative(SOURCE, join(SOURCE, dirname(from), to!)) : to!,
  })),
)

const folderOf = (path: string): string => path.split('/')[0]!
const isInside = (path: string, places: readonly string[]): boolean =>
  places.some(place => path === place || path.startsWith(`${place}/`))

describe('the house', () => {
  test('imports point downwards only', () => {
    const wrong = imports.filter(({ from, to }) => {
      if (!/\.tsx?$/.test(to) || !from.includes('/') || to === 'assert.ts') return false
      const own = folderOf(from)
      return folderOf(to) !== own && to !== 'wire/address.ts' && !isInside(to, MAY_IMPORT[own] ?? [])
    })
    expect(wrong).toEqual([])
  })

  test('every folder has a layer', () => {
    const folders = new Set(files.filter(path => path.includes('/')).map(folderOf))
    expect([...folders].filter(folder => !(folder in MAY_IMPORT))).toEqual([])
  })

  test('packages are imported where they belong', () => {
    const wrong = imports.filter(
      ({ from, to }) => !/\.tsx?$/.test(to) && !to.startsWith('node:') && !isInside(from, PACKAGES[to] ?? []),
    )
    expect(wrong).toEqual([])
  })

  test('only the command line knows the real machine and the real time', () => {
    const forbidden =
      /\bMath\.random\b|\bDate\.now\b|\bnew Date\(\)|\bsetTimeout\s*\(|\bperformance\.|\bprocess\.|\bconsole\.|from 'node:/
    const wrong = [...texts]
      .filter(([path]) => folderOf(path) !== 'cli')
      .flatMap(([path, text]) =>
        text
          .split('\n')
          .filter(line => !/^\s*(\/\/|\*|\/\*)/.test(line) && forbidden.test(line))
          .map(line => `${path}: ${line.trim()}`),
      )
    expect(wrong).toEqual([])
  })

  test('no file is longer than 500 lines', () => {
    const long = [...texts].filter(([, text]) => text.split('\n').length > 501).map(([path]) => path)
    expect(long).toEqual([])
  })

  test('every file of a table folder is in its table', () => {
    const tables = [
      { folder: 'cli/commands', table: 'cli/program.ts' },
      { folder: 'lint/rules', table: 'lint/rules.ts' },
      { folder: 'state/tables', table: 'state/tables.ts' },
      { folder: 'scenario/assertions', table: 'scenario/assertions/table.ts' },
      { folder: 'scenario/steps', table: 'scenario/steps/table.ts', helpers: ['check-output.ts'] },
      { folder: 'tui/views', table: 'tui/views/table.ts' },
    ]
    for (const { folder, table, helpers = [] } of tables) {
      const missing = files
        .filter(path => dirname(path) === folder && path !== table && !helpers.includes(path.slice(folder.length + 1)))
        .filter(path => !texts.get(table)!.includes(`/${path.slice(folder.length + 1)}'`))
      expect(missing).toEqual([])
    }
  })
})
