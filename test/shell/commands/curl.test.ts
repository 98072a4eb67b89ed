import { expect, test } from 'vitest'
import { startHttpServer } from '../../../src/host/programs/http-server.ts'
import type { CommandResult } from '../../../src/shell/command.ts'
import { curl } from '../../../src/shell/commands/curl.ts'
import { parseAddressWithLength } from '../../../src/wire/address.ts'
import { Bench } from '../../support/run-command.ts'

function makeBench(): Bench {
  const bench = new Bench([curl])
  for (const name of ['client', 'server']) bench.addNode(name)
  bench.connect('client:eth1', 'server:eth1')
  for (const [name, text] of [
    ['client', '10.1.1.1/24'],
    ['server', '10.1.1.134/24'],
  ] as const) {
    const { host } = bench.node(name)
    host.addAddress(host.interfaces.get('eth1')!, parseAddressWithLength(text)!)
  }
  startHttpServer(bench.node('server').host, { port: 80 })
  return bench
}

function run(line: string, bench = makeBench()): CommandResult {
  return bench.run('client', line)
}

test('a page goes to stdout', () => {
  const { stdout, stderr, exitCode } = run('curl -s http://10.1.1.134/')
  expect([stdout.length, stdout.slice(0, 15), stderr, exitCode]).toEqual([615, '<!DOCTYPE html>', '', 0])
})

test("-w '%{http_code}' with -o /dev/null prints the code alone", () => {
  expect(run(`curl -s -o /dev/null -w '%{http_code}\\n' http://10.1.1.134`).stdout).toBe('200\n')
  expect(run(`curl -so /dev/null -w '%{http_code}' 10.1.1.134:81`)).toMatchObject({ stdout: '000', exitCode: 7 })
})

test('-I prints the head', () => {
  const lines = run('curl -sI 10.1.1.134').stdout.split('\r\n')
  expect(lines[0]).toBe('HTTP/1.1 200 OK')
  expect(lines.slice(1, -2).map(line => line.split(':')[0])).toEqual([
    'Server',
    'Date',
    'Content-Type',
    'Content-Length',
    'Last-Modified',
    'Connection',
    'ETag',
    'Accept-Ranges',
  ])
})

const FAILURES: readonly [string, string, number][] = [
  ['curl nowhere.example', 'curl: (6) Could not resolve host: nowhere.example', 6],
  [
    'curl http://10.1.1.134:81',
    "curl: (7) Failed to connect to 10.1.1.134 port 81 after 0 ms: Couldn't connect to server",
    7,
  ],
  [
    'curl http://192.0.2.1',
    "curl: (7) Failed to connect to 192.0.2.1 port 80 after 0 ms: Couldn't connect to server",
    7,
  ],
  [
    'curl --connect-timeout 1 http://10.1.1.99',
    'curl: (28) Failed to connect to 10.1.1.99 port 80 after 1001 ms: Timeout was reached',
    28,
  ],
  ['curl -m 2 http://10.1.1.99', 'curl: (28) Connection timed out after 2001 milliseconds', 28],
  ['curl -fsS http://10.1.1.134/missing', 'curl: (22) The requested URL returned error: 404', 22],
  ['curl https://10.1.1.134', 'curl: (1) Protocol "https" not supported or disabled in libcurl', 1],
]

test.each(FAILURES)('%s says %s', (line, message, exitCode) => {
  expect(run(line)).toEqual({ stdout: '', stderr: `${message}\n`, exitCode })
})

test('-s without -S is silent about failures', () => {
  expect(run('curl -s http://10.1.1.134:81').stderr).toBe('')
})

test('an unknown option is a usage error', () => {
  expect(run('curl --bogus x')).toMatchObject({
    stderr: "curl: option --bogus: is unknown\ncurl: try 'curl --help' for more information\n",
    exitCode: 2,
  })
})

test('-v tells of connection, request and answer', () => {
  const lines = run('curl -vs -o /dev/null http://10.1.1.134/').stderr.split('\n')
  expect(lines.slice(0, 9)).toEqual([
    '*   Trying 10.1.1.134:80...',
    '* Connected to 10.1.1.134 (10.1.1.134) port 80',
    '> GET / HTTP/1.1',
    '> Host: 10.1.1.134',
    '> User-Agent: curl/8.7.1',
    '> Accept: */*',
    '> ',
    '* Request completely sent off',
    '< HTTP/1.1 200 OK',
  ])
  expect(lines.slice(-3)).toEqual(['{ [615 bytes data]', '* Connection #0 to host 10.1.1.134 left intact', ''])
})

test('headers are added, replaced and taken away', () => {
  const { stderr } = run("curl -vs -o /dev/null -H 'X-Lab: dry' -H 'Host: page' -H 'Accept:' http://10.1.1.134/")
  expect(stderr).toContain('> Host: page\n> User-Agent: curl/8.7.1\n> X-Lab: dry\n> \n')
})

test('times and sizes are those of the exchange', () => {
  const { stdout } = run(
    `curl -s -o /dev/null -w '%{size_download} %{size_header} %{remote_ip} %{nope}' http://10.1.1.134/`,
  )
  expect(stdout).toBe('615 238 10.1.1.134 ')
})

test('a second request finds the first connection in TIME-WAIT and works', () => {
  const bench = makeBench()
  expect([run('curl -s 10.1.1.134', bench).exitCode, run('curl -s 10.1.1.134', bench).exitCode]).toEqual([0, 0])
})
