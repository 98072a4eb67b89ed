import type { HttpResult } from '../../../host/programs/http-client.ts'
import { formatIpv4 } from '../../../wire/address.ts'
import type { HttpUrl } from './url.ts'

/** curl's message without `curl: (N) `, and its exit code. */
export interface CurlFailure {
  readonly exitCode: number
  readonly text: string
}

/** What curl 8.7.1 says of a transfer; undefined when it is complete. */
export function describeFailure(result: HttpResult, url: HttpUrl): CurlFailure | undefined {
  const { end } = result
  const ms = Math.floor(result.totalNs / 1e6)
  const connect = `Failed to connect to ${url.hostName} port ${url.port} after ${ms} ms:`
  switch (end.kind) {
    case 'response':
      return undefined
    case 'connect-failed':
      // The kernel's own timeout has exit code 28 and the other text.
      return { exitCode: end.reason === 'timeout' ? 28 : 7, text: `${connect} Couldn't connect to server` }
    case 'connect-timeout':
      return end.limit === 'connect'
        ? { exitCode: 28, text: `${connect} Timeout was reached` }
        : { exitCode: 28, text: `Connection timed out after ${ms} milliseconds` }
    case 'timeout': {
      const amount =
        result.expectedBodyBytes === undefined
          ? `${result.bodyBytes} bytes`
          : `${result.bodyBytes} out of ${result.expectedBodyBytes} bytes`
      return { exitCode: 28, text: `Operation timed out after ${ms} milliseconds with ${amount} received` }
    }
    case 'empty-reply':
      return { exitCode: 52, text: 'Empty reply from server' }
    case 'reset':
      return { exitCode: 56, text: 'Recv failure: Connection reset by peer' }
    case 'partial': {
      const missing = (result.expectedBodyBytes ?? 0) - result.bodyBytes
      return { exitCode: 18, text: `transfer closed with ${missing} bytes remaining to read` }
    }
    case 'interrupted':
      return { exitCode: 130, text: '' }
  }
}

/** The line of `-v` about why connect(2) failed; undefined when it did not. */
export function describeConnectError(result: HttpResult, url: HttpUrl): string | undefined {
  if (result.end.kind !== 'connect-failed') return undefined
  const { localAddress, localPort } = result.connection
  const from = localAddress === 0 ? '' : ` from ${formatIpv4(localAddress)} port ${localPort}`
  return `connect to ${url.hostName} port ${url.port}${from} failed: ${CONNECT_ERRORS[result.end.reason] ?? result.end.reason}`
}

const CONNECT_ERRORS: Readonly<Record<string, string>> = {
  refused: 'Connection refused',
  reset: 'Connection reset by peer',
  timeout: 'Connection timed out',
  'host-unreachable': 'No route to host',
  'network-unreachable': 'Network is unreachable',
}
