import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Answer } from '../../src/why/answer.ts'
import { ROOT } from '../support/open-settled-lab.ts'

const CLOS = 'topologies/clos-2x4/lab.clab.yml'

function why(...args: string[]) {
  const env = { ...process.env, LC_ALL: 'C.UTF-8', NO_COLOR: '1' }
  return spawnSync(process.execPath, [join(ROOT, 'dist/cli/main.js'), 'why', ...args], {
    encoding: 'utf8',
    cwd: ROOT,
    env,
  })
}

describe('drylab why', () => {
  test('of a route that is there says so in the first line and ends with 0', () => {
    const { status, stdout, stderr } = why(CLOS, 'route', 'leaf1', '10.100.3.0/24')
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(stdout).toMatch(/^✓ leaf1 routes 10\.100\.3\.0\/24 over 2 next hops/)
  })

  test('of a route that is not there names file and line as editors take them and ends with 1', () => {
    const { status, stdout } = why(CLOS, 'route', 'leaf1', '10.1.2.0/31')
    expect(status).toBe(1)
    expect(stdout).toMatch(/^✗ leaf1 has no route to 10\.1\.2\.0\/31: leaf2 is connected/)
    expect(stdout).toContain('\n  topologies/clos-2x4/leaf2/frr.conf:20\n')
  })

  test('writes no line beyond 80 columns, places aside', () => {
    for (const question of [
      ['route', 'leaf1', '10.100.3.0/24'],
      ['route', 'leaf1', '10.1.2.0/31'],
      ['reach', 'host1', 'host3'],
      ['reach', 'leaf1', 'leaf3'],
    ])
      for (const line of why(CLOS, ...question).stdout.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80)
  })

  test('asks after a fault', () => {
    const cut = ['--fail', 'link=leaf3:eth1', '--fail', 'link=leaf3:eth2']
    const { status, stdout } = why(CLOS, 'reach', 'host1', 'host3', ...cut)
    expect(status).toBe(1)
    expect(stdout).toContain('the link to leaf3 eth1 is cut')
  })

  test('asks after commands', () => {
    const command = 'docker exec clab-clos-2x4-leaf3 ip link set eth3 down'
    const { status, stdout } = why(CLOS, 'route', 'leaf1', '10.100.3.10', '--run', command)
    expect(status).toBe(1)
    expect(stdout).toContain('leaf3 eth3 is down')
  })

  test('pings with a size', () => {
    expect(why(CLOS, 'reach', 'host1', 'host3', '--size', '9500').status).toBe(0)
    expect(why(CLOS, 'reach', 'host1', 'host3', '--size', '9501')).toMatchObject({ status: 1 })
  })

  test('prints the whole answer as JSON', () => {
    const { status, stdout } = why(CLOS, 'reach', 'host1', 'host3', '-o', 'json')
    const answer: Answer = JSON.parse(stdout)
    expect({ status, isPositive: answer.isPositive }).toEqual({ status: 0, isPositive: true })
    expect(answer.steps.map(step => step.text.split(':')[0])).toEqual([
      'there',
      'back',
      'a packet of 9500 bytes passes too',
    ])
  })

  test('gives the same bytes for the same seed', () => {
    const ask = () => why(CLOS, 'reach', 'host1', 'host3', '--seed', '7').stdout
    expect(ask()).toBe(ask())
  })

  test.each([
    [['gossip', 'leaf1'], '"gossip" is no question'],
    [['rout', 'leaf1', '10.0.0.0/8'], 'did you mean "route"'],
    [['route', 'leaf1'], 'write: why LAB route NODE PREFIX'],
    [['route', 'leaf9', '10.0.0.0/8'], 'there is no node "leaf9"'],
    [['route', 'leaf1', '10.0.0.0/99'], '"10.0.0.0/99" is no prefix'],
    [['reach', 'host1', 'host9'], '"host9" is no node'],
    [['vip', '10.0.0.1'], 'the lab has no Kubernetes cluster'],
    [['route', 'leaf1', '10.0.0.0/8', '--fail', 'link=leaf9:eth1'], 'there is no link at "leaf9:eth1"'],
    [['route', 'leaf1', '10.0.0.0/8', '--settle', 'soon'], '"soon" is not a duration'],
    [['reach', 'host1', 'host3', '--size', '12'], 'expected 28 to 65535 bytes'],
  ])('%j is refused with 2', (args, message) => {
    const { status, stdout, stderr } = why(CLOS, ...args)
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
    expect(stderr).toContain(message)
  })

  test('has help with examples', () => {
    const { status, stdout } = why('--help')
    expect(status).toBe(0)
    expect(stdout).toContain('drylab why topologies/clos-2x4/lab.clab.yml route leaf1 10.100.3.0/24')
    expect(stdout).toContain('Exit status: 0 there is a route')
  })
})
