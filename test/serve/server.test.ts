import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Server } from '../../src/serve/server.ts'

const LAB = 'topologies/clos-2x4/lab.clab.yml'

interface Message {
  readonly id?: unknown
  readonly method?: string
  readonly params?: Record<string, unknown>
  // biome-ignore lint/suspicious/noExplicitAny: what a driver in any language would see
  readonly result?: any
  readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown }
}

/** A server and what it has sent. */
function start() {
  const sent: Message[] = []
  const server = new Server({
    send: line => sent.push(JSON.parse(line)),
    breathe: () => new Promise(resume => setImmediate(resume)),
  })
  let id = 0
  const call = async (method: string, params?: object): Promise<Message> => {
    id += 1
    server.receive(JSON.stringify({ jsonrpc: '2.0', id, method, params }))
    await server.drain()
    return sent.find(message => message.id === id)!
  }
  return { sent, server, call }
}

describe('messages', () => {
  test.each([
    ['is not JSON', '{"jsonrpc": "2.0", "method": "foobar, "params": "bar"]', -32700],
    ['is no request', '{"jsonrpc": "2.0", "method": 1, "params": "bar"}', -32600],
    ['is an empty batch', '[]', -32600],
    ['is a number', '5', -32600],
    ['is null', 'null', -32600],
    ['names no method there is', '{"jsonrpc": "2.0", "method": "lab.fly", "id": 1}', -32601],
    ['has wrong parameters', '{"jsonrpc": "2.0", "method": "lab.load", "params": {"lab": 5}, "id": 1}', -32602],
    ['names no lab there is', '{"jsonrpc":"2.0","method":"lab.run","params":{"lab":"x","for":"1s"},"id":1}', -32001],
    ['names no file there is', '{"jsonrpc":"2.0","method":"lab.load","params":{"lab":"x.clab.yml"},"id":1}', -32000],
  ])('a line that %s gets its error code', async (_what, line, code) => {
    const { sent, server } = start()
    server.receive(line)
    await server.drain()
    expect(sent.map(({ error }) => error?.code)).toEqual([code])
  })

  test('a batch gets one answer with one entry per request, notifications none', async () => {
    const { sent, server } = start()
    server.receive(
      '[1, {"jsonrpc":"2.0","method":"lab.fly","id":"a"}, {"jsonrpc":"2.0","method":"server.methods"}, null]',
    )
    await server.drain()
    expect(sent).toHaveLength(1)
    const [batch] = sent as unknown as Message[][]
    expect(batch!.map(({ error }) => error?.code)).toEqual([-32600, -32601, -32600])
  })

  test('a batch of one is answered with a batch of one', async () => {
    const { sent, server } = start()
    server.receive('[{"jsonrpc":"2.0","method":"lab.fly","id":1}]')
    await server.drain()
    expect(sent[0]).toHaveLength(1)
  })

  test('whatever comes, the server answers the next request', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.jsonValue().map(value => JSON.stringify(value)),
        ),
        async line => {
          const { call, server } = start()
          server.receive(line.replaceAll('\n', ' '))
          expect((await call('server.methods')).result.length).toBeGreaterThan(5)
        },
      ),
      { numRuns: 200 },
    )
  })

  test('wrong parameters are named one by one', async () => {
    const { call } = start()
    const { error } = await call('lab.load', { lab: LAB, seed: -1, colour: 'red' })
    expect(error?.data).toEqual({ issues: [expect.stringContaining('seed'), expect.stringContaining('colour')] })
  })
})

describe('a lab', () => {
  test('is loaded, asked, broken and let go', async () => {
    const { call } = start()
    const loaded = await call('lab.load', { lab: LAB, seed: 3 })
    expect(loaded.result).toMatchObject({ lab: 'lab-1' })
    const route = await call('node.exec', { lab: 'lab-1', node: 'leaf1', command: 'ip route show 10.100.4.0/24' })
    expect(route.result).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('proto bgp') })
    await call('lab.fault', { lab: 'lab-1', fail: { node: ['spine1', 'spine2'] } })
    await call('lab.run', { lab: 'lab-1', until: 'settled' })
    const gone = await call('lab.check', {
      lab: 'lab-1',
      check: 'route',
      argument: { node: 'leaf1', to: '10.100.4.0/24', absent: true },
      when: { within: '200s' },
    })
    expect(gone.result).toMatchObject({ holds: true })
    expect((await call('lab.close', { lab: 'lab-1' })).result).toEqual({})
    expect((await call('lab.run', { lab: 'lab-1', for: '1s' })).error?.code).toBe(-32001)
  })

  test('tells the kinds of events that were asked for, before the answer', async () => {
    const { call, sent } = start()
    await call('lab.load', { lab: LAB, events: ['bgp.session'] })
    const kinds = new Set(sent.filter(({ method }) => method === 'lab.event').map(({ params }) => params!.kind))
    expect([...kinds]).toEqual(['bgp.session'])
    expect(sent.at(-1)).toHaveProperty('result.lab', 'lab-1')
  })

  test('passes as much time as is asked for', async () => {
    const { call } = start()
    const { result: before } = await call('lab.load', { lab: LAB })
    const { result: after } = await call('lab.run', { lab: 'lab-1', for: '1m30s' })
    expect(after.nowNs - before.nowNs).toBe(90e9)
  })

  test('gives rows of the tables that are named', async () => {
    const { call } = start()
    await call('lab.load', { lab: LAB })
    const { result } = await call('lab.snapshot', { lab: 'lab-1', tables: ['routes'], node: 'leaf1' })
    expect(Object.keys(result.tables)).toEqual(['routes'])
    expect(result.tables.routes).toContainEqual(
      expect.objectContaining({ node: 'leaf1', destination: '10.100.4.0/24' }),
    )
  })

  test('refuses a table that there is not, and says which there are', async () => {
    const { call } = start()
    await call('lab.load', { lab: LAB })
    const { error } = await call('lab.snapshot', { lab: 'lab-1', tables: ['rooms'] })
    expect(error).toMatchObject({ code: -32602, data: { issues: [expect.stringContaining('routes')] } })
  })

  test('answers why', async () => {
    const { call } = start()
    await call('lab.load', { lab: LAB })
    const { result } = await call('lab.why', { lab: 'lab-1', question: 'route', about: ['leaf1', '10.100.3.0/24'] })
    expect(result).toMatchObject({ isPositive: true, verdict: expect.stringContaining('2 next hops') })
    const { error } = await call('lab.why', { lab: 'lab-1', question: 'rute', about: [] })
    expect(error).toMatchObject({ code: -32602, data: { issues: [expect.stringContaining('did you mean')] } })
  })

  test('stops what runs when that is cancelled, and lives on', async () => {
    const { sent, server, call } = start()
    await call('lab.load', { lab: LAB })
    server.receive('{"jsonrpc":"2.0","id":"long","method":"lab.run","params":{"lab":"lab-1","for":"100d"}}')
    await new Promise(resume => setTimeout(resume, 50))
    server.receive('{"jsonrpc":"2.0","id":"cancel","method":"lab.cancel","params":{"lab":"lab-1"}}')
    await server.drain()
    expect(sent.find(({ id }) => id === 'long')?.error).toMatchObject({ code: -32000 })
    expect((await call('lab.run', { lab: 'lab-1', for: '1s' })).result).toBeDefined()
  })
})

describe('a capture', () => {
  test('sends a line per packet', async () => {
    const { sent, call } = start()
    await call('lab.load', { lab: LAB })
    await call('capture.start', { lab: 'lab-1', node: 'leaf1', interface: 'eth3', filter: 'icmp' })
    await call('node.exec', { lab: 'lab-1', node: 'host1', command: 'ping -c 2 10.100.4.10' })
    const { result } = await call('capture.stop', { lab: 'lab-1', capture: 'capture-1' })
    const lines = sent.filter(({ method }) => method === 'capture.line').map(({ params }) => params!.line)
    expect(lines).toHaveLength(4)
    expect(lines[0]).toContain('ICMP echo request')
    expect(result.stderr).toContain('4 packets captured')
  })

  test('gives a file', async () => {
    const { call } = start()
    await call('lab.load', { lab: LAB })
    await call('capture.start', { lab: 'lab-1', node: 'leaf1', interface: 'eth3', filter: 'icmp', format: 'pcap' })
    await call('node.exec', { lab: 'lab-1', node: 'host1', command: 'ping -c 1 10.100.4.10' })
    const { result } = await call('capture.stop', { lab: 'lab-1', capture: 'capture-1' })
    const bytes = Buffer.from(result.pcap, 'base64')
    expect(bytes.readUInt32LE(0)).toBe(0xa1b2c3d4)
  })

  test('is refused where tcpdump refuses it', async () => {
    const { call } = start()
    await call('lab.load', { lab: LAB })
    const { error } = await call('capture.start', { lab: 'lab-1', node: 'leaf1', interface: 'eth77' })
    expect(error?.message).toContain('eth77')
  })
})
