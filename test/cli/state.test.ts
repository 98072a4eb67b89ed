import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { STATE_TABLE_NAMES } from '../../src/state/table-names.ts'
import { STATE_TABLES } from '../../src/state/tables.ts'
import { openSettledLab, ROOT } from '../support/open-settled-lab.ts'

const CLOS = 'topologies/clos-2x4/lab.clab.yml'

function state(...args: string[]) {
  return spawnSync(process.execPath, [join(ROOT, 'dist/cli/main.js'), 'state', ...args], {
    encoding: 'utf8',
    cwd: ROOT,
  })
}

describe('drylab state', () => {
  test('names every table, in the order of the tables', () => {
    expect(STATE_TABLE_NAMES).toEqual(Object.keys(STATE_TABLES))
    const { status, stdout } = state(CLOS)
    expect(status).toBe(0)
    const names = stdout
      .trimEnd()
      .split('\n')
      .map(line => line.split(' ')[0])
    expect(names).toEqual(['TABLE', ...STATE_TABLE_NAMES])
  })

  test('prints the rows of a table as JSON', async () => {
    const { lab } = await openSettledLab(CLOS)
    const { status, stdout } = state(CLOS, 'routes', 'leaf1', '-o', 'json')
    expect(status).toBe(0)
    expect(JSON.parse(stdout)).toEqual(STATE_TABLES.routes.rows(lab, lab.node('leaf1')!))
  })

  test('prints all tables of a node as one object', () => {
    const tables = JSON.parse(state(CLOS, '-o', 'json').stdout)
    expect(Object.keys(tables)).toEqual([...STATE_TABLE_NAMES])
    expect(tables.bgpSessions).toHaveLength(16)
  })

  test('prints the columns asked for, aligned', () => {
    const { stdout } = state(CLOS, 'bgpSessions', 'leaf1', '--columns', 'peer,remoteAsn,state,isUp')
    expect(stdout).toBe(
      'PEER      REMOTE ASN  STATE        UP\n10.1.1.0  65100       Established  yes\n10.2.1.0  65100       Established  yes\n',
    )
  })

  test('runs commands first', () => {
    const run = 'docker exec clab-clos-2x4-leaf1 ip route add 10.99.0.0/24 via 10.1.1.0'
    const { stdout } = state(CLOS, 'routes', 'leaf1', '--columns', 'destination', '--run', run)
    expect(stdout.split('\n')).toContain('10.99.0.0/24')
  })

  test.each([
    { args: [CLOS, 'rutes'], says: 'Allowed choices are nodes, routes' },
    { args: [CLOS, 'routes', 'leef1'], says: 'did you mean "leaf1"?' },
    { args: [CLOS, 'routes', 'leaf1', '--columns', 'gatewy'], says: 'did you mean "gateway"?' },
    { args: [CLOS, 'routes', '--run', 'false'], says: 'false: exit status 1' },
    { args: ['nowhere.clab.yml', 'routes'], says: 'nowhere.clab.yml' },
  ])('ends with 2 at $args', ({ args, says }) => {
    const { status, stdout, stderr } = state(...args)
    expect(stderr).toContain(says)
    expect([status, stdout]).toEqual([2, ''])
  })
})
