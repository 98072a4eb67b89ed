import { describe, expect, test } from 'vitest'
import { faultSchema } from '../../src/scenario/fault-schema.ts'

describe('a fault', () => {
  test.each([
    [{ link: 'leaf01:eth3' }],
    [{ link: 'leaf01:eth3', loss: '10%' }],
    [{ link: 'leaf01:eth3', loss: 2.5 }],
    [{ link: 'leaf01:eth3', delay: '10ms', jitter: '2ms', reorder: '25%' }],
    [{ node: 'leaf01' }],
    [{ node: ['leaf01', 'leaf02'] }],
    [{ agent: 'worker' }],
    [{ pod: 'nginx-' }],
    [{ apiserver: ['worker'] }],
    [{ daemon: 'leaf01:bgpd' }],
  ])('may be %j', fault => {
    expect(faultSchema.safeParse(fault).success).toBe(true)
  })

  test.each([
    [{}, 'a fault names one of link, node, agent, pod, apiserver, daemon'],
    [{ node: 'a', agent: 'b' }, 'a fault names one of link, node, agent, pod, apiserver, daemon'],
    [{ node: 'a', loss: '1%' }, '"loss" needs a link'],
    [{ link: 'a:eth1', jitter: '1ms' }, '"jitter" needs a delay to vary'],
    [{ link: 'a:eth1', reorder: '1%' }, '"reorder" needs a delay that others wait'],
    [{ link: 'a' }, 'expected NODE:INTERFACE such as leaf01:eth3'],
    [{ link: 'a:eth1', loss: '101%' }, 'expected a share such as 10%'],
    [{ daemon: 'leaf01:zebra' }, 'expected NODE:bgpd'],
  ])('may not be %j: it says why', (fault, message) => {
    expect(faultSchema.safeParse(fault).error?.issues.map(issue => issue.message)).toContain(message)
  })

  test('may not have keys of its own invention', () => {
    expect(faultSchema.safeParse({ node: 'a', color: 'red' }).success).toBe(false)
  })
})
