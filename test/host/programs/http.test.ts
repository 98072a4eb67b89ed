import { expect, test } from 'vitest'
import { fetchHttp, type HttpFetch, type HttpResult } from '../../../src/host/programs/http-client.ts'
import { startHttpServer } from '../../../src/host/programs/http-server.ts'
import { startCoroutine } from '../../../src/sim/coroutine.ts'
import { type HttpContent, type HttpRequest, httpRecords } from '../../../src/wire/http.ts'
import type { Ipv4Packet } from '../../../src/wire/ipv4.ts'
import { TCP_FLAG, type TcpSegment } from '../../../src/wire/tcp.ts'
import { RoutedPair, SERVER } from './routed-pair.ts'

function get(target = '/', method = 'GET', headers: HttpRequest['headers'] = []): HttpRequest {
  return {
    protocol: 'http',
    kind: 'request',
    method,
    target,
    headers: [['Host', '10.1.1.134'], ['User-Agent', 'curl/8.7.1'], ['Accept', '*/*'], ...headers],
  }
}

function fetch(pair: RoutedPair, options: Partial<HttpFetch> = {}): HttpResult {
  const whole = { address: SERVER, port: 80, request: get(), ...options }
  const task = startCoroutine(pair.simulator, pair.client.origin, fetchHttp(pair.client, whole))
  for (let second = 0; second < 200 && !task.isDone; second += 1) pair.runFor(1)
  return task.result!
}

/** TCP segments at the client's port, with what tcpdump would print of them. */
function capture(pair: RoutedPair): string[] {
  const lines: string[] = []
  const bases = new Map<number, number>()
  pair.clientPort.taps.add(frame => {
    if (frame.payload.kind !== 'ipv4' || frame.payload.payload.kind !== 'tcp') return
    const packet: Ipv4Packet = frame.payload
    const segment: TcpSegment = frame.payload.payload
    if (segment.flags & TCP_FLAG.syn) bases.set(packet.source, segment.sequence)
    const side = packet.destination === SERVER ? '>' : '<'
    const flags = `${segment.flags & 1 ? 'F' : ''}${segment.flags & 2 ? 'S' : ''}${segment.flags & 8 ? 'P' : ''}.`
    const sequence = (segment.sequence - bases.get(packet.source)!) >>> 0
    lines.push(`${side} [${flags}] seq ${sequence} win ${segment.window} length ${segment.payloadBytes}`)
  })
  return lines
}

test("curl's GET through a router is the article's twelve packets", () => {
  const pair = new RoutedPair()
  startHttpServer(pair.server, { port: 80, server: 'nginx/1.27.0' })
  const lines = capture(pair)
  const result = fetch(pair)
  pair.runFor(1)
  expect(result.end).toEqual({ kind: 'response' })
  expect(lines).toEqual([
    '> [S.] seq 0 win 56760 length 0',
    '< [S.] seq 0 win 65160 length 0',
    '> [.] seq 1 win 444 length 0',
    '> [P.] seq 1 win 444 length 73',
    '< [.] seq 1 win 509 length 0',
    '< [P.] seq 1 win 509 length 238',
    '> [.] seq 74 win 443 length 0',
    '< [P.] seq 239 win 509 length 615',
    '> [.] seq 74 win 439 length 0',
    '> [F.] seq 74 win 439 length 0',
    '< [F.] seq 854 win 509 length 0',
    '> [.] seq 75 win 439 length 0',
  ])
})

test('the welcome page has 615 bytes and its head 238', () => {
  const pair = new RoutedPair()
  startHttpServer(pair.server, { port: 80 })
  const result = fetch(pair)
  expect([result.headBytes, result.bodyBytes, result.body.length]).toEqual([238, 615, 615])
  expect(result.body.split('\n').map(line => line.length)).toEqual([
    15, 6, 6, 32, 7, 34, 35, 50, 8, 7, 6, 26, 75, 47, 0, 55, 47, 34, 46, 0, 42, 7, 7, 0,
  ])
})

test('a missing page is 308 bytes in one segment', () => {
  const pair = new RoutedPair()
  startHttpServer(pair.server, { port: 80, server: 'nginx/1.22.1' })
  const lines = capture(pair)
  const result = fetch(pair, { request: get('/missing') })
  expect([result.response?.status, result.headBytes, result.bodyBytes]).toEqual([404, 155, 153])
  expect(lines.filter(line => line.endsWith('length 308'))).toHaveLength(1)
})

test('with tcp_nopush head and body leave in one segment of 853 bytes', () => {
  const pair = new RoutedPair()
  startHttpServer(pair.server, { port: 80, tcpNopush: true })
  const lines = capture(pair)
  fetch(pair)
  expect(lines.filter(line => line.endsWith('length 853'))).toHaveLength(1)
})

test('a request to close gets body and FIN in one segment after a head of 233 bytes', () => {
  const pair = new RoutedPair()
  startHttpServer(pair.server, { port: 80 })
  const lines = capture(pair)
  const result = fetch(pair, { request: get('/', 'GET', [['Connection', 'close']]) })
  expect([result.end.kind, result.headBytes]).toEqual(['response', 233])
  expect(lines.filter(line => line.startsWith('< [FP.]') && line.endsWith('length 615'))).toHaveLength(1)
})

test('HEAD is answered without a body', () => {
  const pair = new RoutedPair()
  startHttpServer(pair.server, { port: 80 })
  expect(fetch(pair, { request: get('/', 'HEAD') })).toMatchObject({
    headBytes: 238,
    bodyBytes: 0,
    end: { kind: 'response' },
  })
})

test('a closed port is refused, an unknown network unreachable, a silent host too after three seconds', () => {
  const pair = new RoutedPair()
  expect(fetch(pair).end).toEqual({ kind: 'connect-failed', reason: 'refused' })
  const silent = fetch(pair, { address: (SERVER + 1) as typeof SERVER })
  expect(silent.end).toEqual({ kind: 'connect-failed', reason: 'host-unreachable' })
  expect(Math.round(silent.totalNs / 1e8)).toBe(30)
})

test('the limits end a connection attempt and a slow answer', () => {
  const pair = new RoutedPair()
  pair.server.tcp.listen({ port: 80, onConnection: () => {} })
  expect(fetch(pair, { maximumNs: 2e9 })).toMatchObject({ end: { kind: 'timeout' }, totalNs: 2e9 })
  const silent = { address: (SERVER + 1) as typeof SERVER, connectTimeoutNs: 1e9 }
  expect(fetch(pair, silent).end).toEqual({ kind: 'connect-timeout', limit: 'connect' })
})

test('a server that closes without an answer, in the middle, or with RST is told apart', () => {
  const behaviours = ['empty-reply', 'partial', 'reset'] as const
  for (const behaviour of behaviours) {
    const pair = new RoutedPair()
    pair.server.tcp.listen({
      port: 80,
      onConnection(connection) {
        connection.onRecords = () => {
          const head: HttpContent = {
            protocol: 'http',
            kind: 'response',
            status: 200,
            reason: 'OK',
            headers: [['Content-Length', '100']],
          }
          if (behaviour === 'partial')
            connection.send(httpRecords([head, { protocol: 'http', kind: 'body', text: 'abc' }]))
          if (behaviour === 'reset') connection.abort()
          else connection.close()
        }
      },
    })
    expect(fetch(pair).end).toEqual({ kind: behaviour })
  }
})

test('a taken port is reported', () => {
  const pair = new RoutedPair()
  startHttpServer(pair.server, { port: 80 })
  expect(startHttpServer(pair.server, { port: 80 })).toEqual({ error: 'EADDRINUSE' })
})
