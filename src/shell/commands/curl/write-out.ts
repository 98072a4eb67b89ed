import type { HttpResult } from '../../../host/programs/http-client.ts'
import { formatIpv4 } from '../../../wire/address.ts'
import { headerValue } from '../../../wire/http.ts'
import type { CurlFailure } from './failure-text.ts'
import type { HttpUrl } from './url.ts'

/** What a transfer left for `-w`; `result` is undefined when no connection was tried. */
export interface Transfer {
  readonly url: HttpUrl
  readonly method: string
  readonly result: HttpResult | undefined
  readonly failure: CurlFailure | undefined
  readonly redirects: number
  readonly output: string | undefined
}

/** Expands `-w`. Unknown variables are named in `unknown`, as curl complains about them and goes on. */
export function expandWriteOut(
  format: string,
  transfer: Transfer,
): { readonly text: string; readonly unknown: string[] } {
  const unknown: string[] = []
  const text = format.replace(
    /%\{([^}]*)\}|%%|\\(.)/g,
    (all, name: string | undefined, escaped: string | undefined) => {
      if (escaped !== undefined) return ESCAPES[escaped] ?? all
      if (name === undefined) return '%'
      const variable = VARIABLES[name]
      if (variable !== undefined) return variable(transfer)
      unknown.push(name)
      return ''
    },
  )
  return { text, unknown }
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' }

const VARIABLES: Readonly<Record<string, (transfer: Transfer) => string>> = {
  http_code: responseCode,
  response_code: responseCode,
  http_connect: () => '000',
  http_version: ({ result }) => (result?.response === undefined ? '0' : '1.1'),
  content_type: ({ result }) => (result?.response && headerValue(result.response.headers, 'Content-Type')) ?? '',
  time_namelookup: ({ result }) => seconds(result === undefined ? 0 : 1),
  time_connect: ({ result }) => seconds(result?.connectedNs),
  time_appconnect: () => seconds(0),
  time_pretransfer: ({ result }) => seconds(result?.connectedNs),
  time_starttransfer: ({ result }) => seconds(result?.firstByteNs),
  time_redirect: () => seconds(0),
  time_total: ({ result }) => seconds(result?.totalNs),
  size_download: ({ result }) => String(result?.bodyBytes ?? 0),
  size_upload: () => '0',
  size_header: ({ result }) => String(result?.headBytes ?? 0),
  size_request: ({ result }) => String(result?.requestBytes ?? 0),
  speed_download: ({ result }) => speed(result),
  speed_upload: () => '0',
  remote_ip: ({ result }) => (isConnected(result) ? formatIpv4(result.connection.remoteAddress) : ''),
  remote_port: ({ result }) => (isConnected(result) ? String(result.connection.remotePort) : '0'),
  local_ip: ({ result }) => (isConnected(result) ? formatIpv4(result.connection.localAddress) : ''),
  local_port: ({ result }) => (isConnected(result) ? String(result.connection.localPort) : '0'),
  num_connects: ({ result }) => (isConnected(result) ? '1' : '0'),
  num_redirects: ({ redirects }) => String(redirects),
  exitcode: ({ failure }) => String(failure?.exitCode ?? 0),
  errormsg: ({ failure }) => failure?.text ?? '',
  url: ({ url }) => url.text,
  url_effective: ({ url }) => url.text,
  method: ({ method }) => method,
  scheme: ({ result, url }) => (isConnected(result) ? url.scheme : ''),
  filename_effective: ({ output }) => output ?? '',
  ssl_verify_result: () => '0',
}

function responseCode({ result }: Transfer): string {
  return String(result?.response?.status ?? 0).padStart(3, '0')
}

function isConnected(result: HttpResult | undefined): result is HttpResult {
  return result !== undefined && result.connectedNs > 0
}

function seconds(ns: number | undefined): string {
  return ((ns ?? 0) / 1e9).toFixed(6)
}

function speed(result: HttpResult | undefined): string {
  return result === undefined || result.totalNs === 0
    ? '0'
    : String(Math.floor((result.bodyBytes * 1e9) / result.totalNs))
}
