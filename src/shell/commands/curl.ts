/**
 * curl 8.7.1, plain HTTP over IPv4.
 *
 * Differs from curl: no progress meter; every URL gets a connection of its own; https and the other protocols are refused
 * as by a curl built without them.
 */
import { fetchHttp, type HttpResult } from '../../host/programs/http-client.ts'
import type { Coroutine } from '../../sim/coroutine.ts'
import { formatIpv4 } from '../../wire/address.ts'
import { type HttpHeaders, type HttpRequest, headerValue, httpText } from '../../wire/http.ts'
import type { Command, CommandContext } from '../command.ts'
import { type CurlArguments, parseCurlArguments } from './curl/arguments.ts'
import { type CurlFailure, describeConnectError, describeFailure } from './curl/failure-text.ts'
import { type HttpUrl, parseHttpUrl } from './curl/url.ts'
import { expandWriteOut, type Transfer } from './curl/write-out.ts'
import { resolveHost } from './resolve-host.ts'

/** Its length makes the GET of a ten-character host 73 bytes long. */
const CURL_VERSION = '8.7.1'

/** CURLOPT_MAXREDIRS as the tool sets it. */
const REDIRECTS_MAX = 50

export const curl: Command = {
  name: 'curl',
  where: 'everywhere',
  *run(context) {
    if (context.args.some(word => word === '-V' || word === '--version')) {
      context.out(`curl ${CURL_VERSION} (drylab) libcurl/${CURL_VERSION}\nProtocols: http\n`)
      return 0
    }
    const parsed = parseCurlArguments(context.args)
    if ('error' in parsed) {
      context.error(`curl: ${parsed.error}\n`)
      return parsed.exitCode
    }
    let exitCode = 0
    for (const url of parsed.urls) exitCode = yield* transferUrl(context, parsed, url)
    return exitCode
  },
}

function* transferUrl(context: CommandContext, options: CurlArguments, text: string): Coroutine<number> {
  const url = parseHttpUrl(text)
  if (url === undefined)
    return complain(context, options, { exitCode: 3, text: 'URL rejected: Malformed input to a URL function' })
  const transfer = yield* follow(context, options, url)
  const { failure } = transfer
  if (failure?.exitCode === 130) return 130
  if (transfer.result !== undefined) writeBody(context, options, transfer.result, failure)
  if (failure !== undefined) complain(context, options, failure)
  if (options.writeOut !== undefined) {
    const expanded = expandWriteOut(options.writeOut, transfer)
    context.out(expanded.text)
    for (const name of expanded.unknown) context.error(`curl: unknown --write-out variable: '${name}'\n`)
  }
  return failure?.exitCode ?? 0
}

/** One request, and with -L those that its answers lead to. */
function* follow(context: CommandContext, options: CurlArguments, first: HttpUrl): Coroutine<Transfer> {
  let url = first
  for (let redirects = 0; ; redirects += 1) {
    const transfer = yield* request(context, options, url, redirects)
    const { response } = transfer.result ?? {}
    const location = response && headerValue(response.headers, 'Location')
    const isRedirect =
      location !== undefined && response !== undefined && response.status >= 300 && response.status < 400
    if (!options.followRedirects || !isRedirect || transfer.failure !== undefined) return transfer
    if (redirects === REDIRECTS_MAX) {
      return { ...transfer, failure: { exitCode: 47, text: `Maximum (${REDIRECTS_MAX}) redirects followed` } }
    }
    const next = parseHttpUrl(location.startsWith('/') ? `${url.scheme}://${url.authority}${location}` : location)
    if (next === undefined) return { ...transfer, failure: { exitCode: 3, text: 'URL rejected: Bad location' } }
    url = next
  }
}

function* request(
  context: CommandContext,
  options: CurlArguments,
  url: HttpUrl,
  redirects: number,
): Coroutine<Transfer> {
  const method = options.method ?? (options.isHead ? 'HEAD' : 'GET')
  const base = { url, method, redirects, output: options.output }
  const fail = (exitCode: number, text: string): Transfer => ({
    ...base,
    result: undefined,
    failure: { exitCode, text },
  })
  if (url.scheme !== 'http') return fail(1, `Protocol "${url.scheme}" not supported or disabled in libcurl`)
  const { host } = context.node
  const address = resolveHost(host, url.hostName)
  if (address === undefined) return fail(6, `Could not resolve host: ${url.hostName}`)
  const say = (text: string): void => {
    if (options.isVerbose) context.error(text)
  }
  const shown = formatIpv4(address)
  say(`*   Trying ${shown}:${url.port}...\n`)
  const message: HttpRequest = {
    protocol: 'http',
    kind: 'request',
    method,
    target: url.target,
    headers: headersOf(options, url),
  }
  const result = yield* fetchHttp(host, {
    address,
    port: url.port,
    request: message,
    ...(options.connectTimeoutNs === undefined ? {} : { connectTimeoutNs: options.connectTimeoutNs }),
    ...(options.maximumNs === undefined ? {} : { maximumNs: options.maximumNs }),
    onConnected: () => {
      say(`* Connected to ${url.hostName} (${shown}) port ${url.port}\n`)
      say(prefixLines('> ', httpText(message)))
      say('* Request completely sent off\n')
    },
  })
  const failure = describeFailure(result, url) ?? httpFailure(options, result)
  sayEnd(say, options, result, failure, url)
  return { ...base, result, failure }
}

function headersOf(options: CurlArguments, url: HttpUrl): HttpHeaders {
  const defaults: [string, string][] = [
    ['Host', url.authority],
    ['User-Agent', options.userAgent ?? `curl/${CURL_VERSION}`],
    ['Accept', '*/*'],
  ]
  const own = new Map(options.headers.map(([name, value]) => [name.toLowerCase(), value]))
  const kept = defaults.map(([name, value]): [string, string] => [name, own.get(name.toLowerCase()) ?? value])
  const names = new Set(defaults.map(([name]) => name.toLowerCase()))
  const added = options.headers.filter(([name]) => !names.has(name.toLowerCase()))
  return [...kept, ...added].filter(([, value]) => value !== '')
}

function httpFailure(options: CurlArguments, result: HttpResult): CurlFailure | undefined {
  const status = result.response?.status ?? 0
  if (!options.failOnError || status < 400) return undefined
  return { exitCode: 22, text: `The requested URL returned error: ${status}` }
}

function sayEnd(
  say: (text: string) => void,
  options: CurlArguments,
  result: HttpResult,
  failure: CurlFailure | undefined,
  url: HttpUrl,
): void {
  if (result.response !== undefined) say(prefixLines('< ', httpText(result.response)))
  if (result.bodyBytes > 0 && options.output !== undefined) say(`{ [${result.bodyBytes} bytes data]\n`)
  const connectError = describeConnectError(result, url)
  if (connectError !== undefined) say(`* ${connectError}\n`)
  if (failure === undefined) say(`* Connection #0 to host ${url.hostName} left intact\n`)
  else say(`* ${failure.text}\n* Closing connection\n`)
}

function writeBody(
  context: CommandContext,
  options: CurlArguments,
  result: HttpResult,
  failure: CurlFailure | undefined,
): void {
  const head = (options.includeHead || options.isHead) && result.response !== undefined ? httpText(result.response) : ''
  const text = head + (failure?.exitCode === 22 ? '' : result.body)
  if (options.output === undefined || options.output === '-') context.out(text)
  else if (options.output !== '/dev/null' && text !== '') context.writeFile(options.output, text)
}

function complain(context: CommandContext, options: CurlArguments, failure: CurlFailure): number {
  if (options.showError) context.error(`curl: (${failure.exitCode}) ${failure.text}\n`)
  return failure.exitCode
}

function prefixLines(prefix: string, text: string): string {
  return text
    .split('\r\n')
    .slice(0, -1)
    .map(line => `${prefix}${line}\n`)
    .join('')
}
