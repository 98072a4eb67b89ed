import { expect, it } from 'vitest'
import { workCounters } from '../../src/bgp/work-counters.ts'
import { Fabric, router } from './fabric.ts'

it('counts a prefix once where it is sent, once where it is taken, and the echo likewise', () => {
  const fabric = new Fabric(
    {
      r1: router(65001, 1, { '10.0.1.2': 65002 }, { prefixes: ['10.1.0.0/24'] }),
      r2: router(65002, 2, { '10.0.1.1': 65001 }),
    },
    [['r1', 'r2']],
  ).settle()
  const work = workCounters(fabric.simulator)
  expect(work).toMatchObject({ prefixesSent: 2, prefixesReceived: 2, paths: 2, decisions: 2, installations: 1 })
})
