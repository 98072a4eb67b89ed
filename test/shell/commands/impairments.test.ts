import { describe, expect, test } from 'vitest'
import { openSettledLab } from '../../support/open-settled-lab.ts'

async function bench() {
  const { lab, terminal } = await openSettledLab('topologies/bfd-pair/lab.clab.yml')
  return {
    netem: (text: string) => terminal.run(`clab tools netem ${text}`, { node: lab.machine }),
    tc: (text: string) => terminal.run(`tc qdisc ${text}`, { node: lab.node('r1')! }),
  }
}

describe('clab tools netem', () => {
  test('set prints containerlab’s table of what it set', async () => {
    const { netem } = await bench()
    const { stdout } = await netem('set -n clab-bfd-pair-r1 -i eth1 --delay 10ms --jitter 2ms --loss 5')
    expect(stdout).toMatchInlineSnapshot(`
      "╭───────────┬───────┬────────┬─────────────┬─────────────┬────────────╮
      │ Interface │ Delay │ Jitter │ Packet Loss │ Rate (kbit) │ Corruption │
      ├───────────┼───────┼────────┼─────────────┼─────────────┼────────────┤
      │ eth1      │ 10ms  │ 2ms    │ 5.00%       │ 0           │ 0.00%      │
      ╰───────────┴───────┴────────┴─────────────┴─────────────┴────────────╯
      "
    `)
  })

  test('show lists every interface, N/A where nothing is set', async () => {
    const { netem } = await bench()
    await netem('set -n clab-bfd-pair-r1 -i eth2 --corruption 1.5')
    expect((await netem('show -n clab-bfd-pair-r1')).stdout).toMatchInlineSnapshot(`
      "╭───────────┬───────┬────────┬─────────────┬─────────────┬────────────╮
      │ Interface │ Delay │ Jitter │ Packet Loss │ Rate (kbit) │ Corruption │
      ├───────────┼───────┼────────┼─────────────┼─────────────┼────────────┤
      │ lo        │ N/A   │ N/A    │ N/A         │ N/A         │ N/A        │
      ├───────────┼───────┼────────┼─────────────┼─────────────┼────────────┤
      │ eth1      │ N/A   │ N/A    │ N/A         │ N/A         │ N/A        │
      ├───────────┼───────┼────────┼─────────────┼─────────────┼────────────┤
      │ eth2      │ 0s    │ 0s     │ 0.00%       │ 0           │ 1.50%      │
      ╰───────────┴───────┴────────┴─────────────┴─────────────┴────────────╯
      "
    `)
  })

  test('set is what tc shows on the node', async () => {
    const { netem, tc } = await bench()
    await netem('set -n clab-bfd-pair-r1 -i eth1 --delay 10ms --loss 5')
    expect((await tc('show dev eth1')).stdout).toContain('netem 8001: root refcnt 2')
    expect((await tc('show dev eth1')).stdout).toMatch(/delay 10(\.0)?ms loss 5%/)
  })

  test('reset takes everything away', async () => {
    const { netem, tc } = await bench()
    await netem('set -n clab-bfd-pair-r1 -i eth1 --delay 10ms')
    await netem('reset -n clab-bfd-pair-r1 -i eth1')
    expect((await tc('show dev eth1')).stdout).toContain('noqueue')
  })

  test.each([
    ['set -n clab-bfd-pair-r1 -i eth1 --jitter 1ms', 'jitter cannot be set without setting delay'],
    ['set -n clab-bfd-pair-r1 -i eth1 --loss 101', 'packet loss must be in the range between 0 and 100'],
    ['set -n clab-bfd-pair-r1 -i eth9 --loss 1', 'Link not found: eth9'],
    ['set -n clab-bfd-pair-r1 -i eth1 --rate 5', '--rate is not modelled by drylab'],
    ['show -n nosuch', 'container "nosuch" is not running'],
  ])('%s is refused', async (words, text) => {
    const { netem } = await bench()
    const { stderr, exitCode } = await netem(words)
    expect(stderr).toContain(text)
    expect(exitCode).not.toBe(0)
  })
})

describe('tc qdisc', () => {
  test.each([
    ['delay 10ms 2ms', /delay 10(\.0)?ms +2(\.0)?ms/],
    ['loss 5%', /loss 5%/],
    ['duplicate 1%', /duplicate 1%/],
    ['corrupt 2%', /corrupt 2%/],
    ['delay 10ms reorder 25% gap 5', /reorder 25% gap 5/],
    ['delay 10ms reorder 25%', /reorder 25% gap 1/],
  ])('add … netem %s is shown again', async (words, shown) => {
    const { tc } = await bench()
    expect(await tc(`add dev eth1 root netem ${words}`)).toMatchObject({ stderr: '', exitCode: 0 })
    expect((await tc('show dev eth1')).stdout).toMatch(shown)
  })

  test('change keeps what it does not name', async () => {
    const { tc } = await bench()
    await tc('add dev eth1 root netem delay 10ms loss 5%')
    await tc('change dev eth1 root netem duplicate 1%')
    expect((await tc('show dev eth1')).stdout).toMatch(/delay.*loss.*duplicate/)
  })

  test.each([
    ['add dev eth1 root netem reorder 25%', 'reordering not possible without specifying some delay', 1],
    ['add dev eth1 root netem duplicate x', 'Illegal "duplicate"', 1],
    ['add dev eth1 root netem foo', 'What is "foo"?', 1],
    ['add dev eth1 root netem rate 1mbit', 'tc: "netem … rate" is not modelled by drylab', 2],
    ['change dev eth1 root netem loss 1%', 'Error: Qdisc not found. To create specify NLM_F_CREATE flag.', 2],
    ['del dev eth1 root', 'Error: Cannot delete qdisc with handle of zero.', 2],
    ['add dev eth9 root netem loss 1%', 'Cannot find device "eth9"', 1],
  ])('%s is refused', async (words, text, exitCode) => {
    const { tc } = await bench()
    expect(await tc(words)).toEqual({ stdout: '', stderr: `${text}\n`, exitCode })
  })

  test('add on a device that has one already is refused', async () => {
    const { tc } = await bench()
    await tc('add dev eth1 root netem loss 1%')
    expect((await tc('add dev eth1 root netem loss 1%')).stderr).toBe('Error: Exclusivity flag on, cannot modify.\n')
  })
})
