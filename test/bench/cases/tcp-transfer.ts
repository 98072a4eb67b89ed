import { parseIpv4 } from '../../../src/wire/address.ts'
import { eachRecord, recordList } from '../../../src/wire/stream.ts'
import type { Benchmark, Sample } from '../benchmark.ts'
import { settle, shorter, stopwatch } from '../support/measure.ts'
import { closFiles, openInMemory } from '../support/memory-lab.ts'

const RECORD_BYTES = 64_000

/** One connection from host1 to host2 over three routers; the application writes 64 kB at a time. */
export const tcpTransfer: Benchmark = {
  name: 'tcp-transfer',
  what: 'bytes over one TCP connection across three routers, MTU 9500',
  unit: 'megabytes',
  sizes: [10, 100].map(megabytes => ({ name: `${megabytes} MB`, run: () => transfer(megabytes) })),
}

async function transfer(megabytes: number): Promise<readonly Sample[]> {
  const { lab } = await openInMemory(closFiles({ spines: 2, leaves: 2 }))
  const { simulator } = lab
  settle(simulator)
  const [client, server] = ['host1', 'host2'].map(name => lab.node(name)!.host)
  const bytes = Math.ceil((megabytes * 1e6) / RECORD_BYTES) * RECORD_BYTES
  let received = 0
  server!.tcp.listen({
    port: 5001,
    onConnection(connection) {
      connection.onRecords = eachRecord((_, length) => {
        received += length
      })
    },
  })
  let best: Sample | undefined
  for (let round = 0; round < 3; round += 1) {
    received = 0
    const events = simulator.executedEvents
    const elapsed = stopwatch()
    const connection = client!.tcp.connect({ destination: parseIpv4('10.128.1.2')!, port: 5001 })
    connection.onEstablished = () => {
      for (let sent = 0; sent < bytes; sent += RECORD_BYTES)
        connection.send(recordList([{ protocol: 'bytes' }], () => RECORD_BYTES))
    }
    simulator.runWhile(() => received < bytes, simulator.nowNs + 3600e9)
    const times = elapsed()
    if (received !== bytes) throw new Error(`${received} of ${bytes} bytes arrived`)
    connection.abort()
    best = shorter(best, {
      phase: 'transfer',
      ...times,
      amount: bytes / 1e6,
      events: simulator.executedEvents - events,
    })
  }
  return [best!]
}
