import { parseIpv4 } from '../../../src/wire/address.ts'
import type { Benchmark, Sample } from '../benchmark.ts'
import { settle, shorter, stopwatch } from '../support/measure.ts'
import { closFiles, openInMemory } from '../support/memory-lab.ts'

const GAP_NS = 10_000

/** Datagrams from host1 over leaf1, one of the spines and leaf2 to host2. A hop is a packet forwarded by one router. */
export const packetForwarding: Benchmark = {
  name: 'packet-forwarding',
  what: "UDP datagrams over three routers, spread over four spines by the kernel's flow hash",
  unit: 'hops',
  sizes: [10_000, 100_000].map(count => ({ name: count.toLocaleString('en'), run: () => forward(count) })),
}

async function forward(count: number): Promise<readonly Sample[]> {
  const { lab } = await openInMemory(closFiles({ spines: 4, leaves: 2 }))
  const { simulator } = lab
  settle(simulator)
  for (const name of ['leaf1', 'leaf2']) lab.node(name)!.host.sysctl.set('net.ipv4.fib_multipath_hash_policy', '1')
  const [source, target] = ['host1', 'host2'].map(name => lab.node(name)!.host)
  let received = 0
  target!.udp.bind({
    port: 9,
    onDatagram: () => {
      received += 1
    },
  })
  const sockets = Array.from({ length: 64 }, () => source!.udp.bind({}))
  const destination = parseIpv4('10.128.1.2')!
  const send = (index: number): void => {
    const socket = sockets[index % sockets.length]!
    if ('send' in socket) socket.send({ destination, destinationPort: 9, payloadBytes: 1000 })
    if (index + 1 < count) simulator.schedule(source!.origin, GAP_NS, () => send(index + 1))
  }
  let best: Sample | undefined
  for (let round = 0; round < 4; round += 1) {
    received = 0
    const events = simulator.executedEvents
    const elapsed = stopwatch()
    send(0)
    simulator.runUntil(simulator.nowNs + count * GAP_NS + 1e9)
    const times = elapsed()
    if (received !== count) throw new Error(`${received} of ${count} datagrams arrived`)
    best = shorter(best, { phase: 'forward', ...times, amount: 3 * count, events: simulator.executedEvents - events })
  }
  return [best!]
}
