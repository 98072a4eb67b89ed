/**
 * curl's engine: one request on a connection of its own, with curl's two time limits. It takes simulated time, so it is a
 * coroutine. Not modelled: TLS, HTTP/2, chunked bodies, more than one request per connection.
 */
import { type Coroutine, Signal } from '../../sim/coroutine.ts'
import type { Ipv4Address } from '../../wire/address.ts'
import { type HttpContent, type HttpRequest, type HttpResponse, headerValue, httpRecords } from '../../wire/http.ts'
import { eachRecord, listBytes } from '../../wire/stream.ts'
import type { Host } from '../host.ts'
import type { TcpCloseReason, TcpConnection } from '../tcp/connection.ts'

export interface HttpFetch {
  readonly address: Ipv4Address
  readonly port: number
  readonly request: HttpRequest
  /** Limits from the start, nanoseconds. */
  readonly connectTimeoutNs?: number
  readonly maximumNs?: number
  /** The connection stands, before the request is sent. */
  readonly onConnected?: (connection: TcpConnection) => void
}

/** How it ended. */
type HttpEnd =
  | { readonly kind: 'response' }
  | { readonly kind: 'connect-failed'; readonly reason: TcpCloseReason }
  /** A limit expired before the connection stood. */
  | { readonly kind: 'connect-timeout'; readonly limit: 'connect' | 'total' }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'empty-reply' }
  | { readonly kind: 'reset' }
  | { readonly kind: 'partial' }
  | { readonly kind: 'interrupted' }

export interface HttpResult {
  readonly end: HttpEnd
  readonly connection: TcpConnection
  readonly response: HttpResponse | undefined
  readonly body: string
  /** Lengths on the wire; `expectedBodyBytes` is the Content-Length, undefined before the head. */
  readonly requestBytes: number
  readonly headBytes: number
  readonly bodyBytes: number
  readonly expectedBodyBytes: number | undefined
  /** Spans since the start, nanoseconds; 0 when the point was not reached. */
  readonly connectedNs: number
  readonly firstByteNs: number
  readonly totalNs: number
}

/** While it connects, curl notices a limit a millisecond late: its messages say 1001 (measured on 7.88.1 and 8.7.1). */
const CONNECT_LATENESS_NS = 1_000_000

/** Sends one request and waits for its answer. */
export function* fetchHttp(host: Host, fetch: HttpFetch): Coroutine<HttpResult> {
  const exchange = new Exchange(host, fetch)
  while (exchange.end === undefined) {
    const remainingNs = exchange.remainingNs()
    const wake = yield { signal: exchange.changed, ...(remainingNs === undefined ? {} : { sleepNs: remainingNs }) }
    if (wake === 'interrupt') exchange.stop({ kind: 'interrupted' })
    else if (wake === 'time') exchange.expire()
  }
  return exchange.result()
}

class Exchange {
  readonly changed = new Signal()
  end: HttpEnd | undefined
  readonly #host: Host
  readonly #fetch: HttpFetch
  readonly #connection: TcpConnection
  readonly #startNs: number
  #connectedNs = 0
  #firstByteNs = 0
  #totalNs = 0
  #requestBytes = 0
  #headBytes = 0
  #response: HttpResponse | undefined
  #body = ''

  constructor(host: Host, fetch: HttpFetch) {
    this.#host = host
    this.#fetch = fetch
    this.#startNs = host.simulator.nowNs
    this.#connection = host.tcp.connect({ destination: fetch.address, port: fetch.port, noDelay: true })
    this.#connection.onEstablished = () => this.#send()
    this.#connection.onRecords = eachRecord((content, bytes) => this.#receive(content as HttpContent, bytes))
    this.#connection.onRemoteClose = () => this.#receiveEnd()
    this.#connection.onClosed = reason => this.#receiveClose(reason)
  }

  /** Time until the next limit; undefined without one. */
  remainingNs(): number | undefined {
    const { connectTimeoutNs, maximumNs } = this.#fetch
    const connectNs = this.#connectedNs === 0 ? connectTimeoutNs : undefined
    const limitNs = Math.min(connectNs ?? Number.POSITIVE_INFINITY, maximumNs ?? Number.POSITIVE_INFINITY)
    const latenessNs = this.#connectedNs === 0 ? CONNECT_LATENESS_NS : 0
    return Number.isFinite(limitNs) ? Math.max(0, limitNs + latenessNs - this.#elapsedNs()) : undefined
  }

  /** A limit is reached. */
  expire(): void {
    if (this.#connectedNs > 0) {
      this.stop({ kind: 'timeout' })
      return
    }
    const isTotal = this.#fetch.maximumNs !== undefined && this.#elapsedNs() >= this.#fetch.maximumNs
    this.stop({ kind: 'connect-timeout', limit: isTotal ? 'total' : 'connect' })
  }

  /** Ends the exchange and closes the connection. */
  stop(end: HttpEnd): void {
    if (this.end !== undefined) return
    this.end = end
    this.#totalNs = this.#elapsedNs()
    this.#connection.close()
    this.changed.notify()
  }

  result(): HttpResult {
    return {
      end: this.end!,
      connection: this.#connection,
      response: this.#response,
      body: this.#body,
      requestBytes: this.#requestBytes,
      headBytes: this.#headBytes,
      bodyBytes: Math.max(0, this.#connection.receivedBytes - this.#headBytes),
      expectedBodyBytes: this.#expectedBytes(),
      connectedNs: this.#connectedNs,
      firstByteNs: this.#firstByteNs,
      totalNs: this.#totalNs,
    }
  }

  #send(): void {
    this.#connectedNs = Math.max(1, this.#elapsedNs())
    this.#fetch.onConnected?.(this.#connection)
    const records = httpRecords([this.#fetch.request])
    this.#requestBytes = listBytes(records)
    this.#connection.send(records)
    this.changed.notify()
  }

  #receive(content: HttpContent, bytes: number): void {
    if (this.#firstByteNs === 0) this.#firstByteNs = this.#elapsedNs()
    if (content.kind === 'response') {
      this.#response = content
      this.#headBytes = bytes
      if (this.#fetch.request.method === 'HEAD' || this.#expectedBytes() === 0) this.stop({ kind: 'response' })
    } else if (content.kind === 'body') {
      this.#body += content.text
      const arrived = this.#connection.receivedBytes - this.#headBytes
      if (arrived >= (this.#expectedBytes() ?? Number.POSITIVE_INFINITY)) this.stop({ kind: 'response' })
    }
  }

  /** FIN: the end of a body without a length, or an answer that stopped short. */
  #receiveEnd(): void {
    if (this.#response === undefined) this.stop({ kind: 'empty-reply' })
    else this.stop({ kind: this.#expectedBytes() === undefined ? 'response' : 'partial' })
  }

  #receiveClose(reason: TcpCloseReason): void {
    if (this.#connectedNs === 0) this.stop({ kind: 'connect-failed', reason })
    else this.stop(reason === 'timeout' ? { kind: 'timeout' } : { kind: 'reset' })
  }

  #expectedBytes(): number | undefined {
    const text = this.#response && headerValue(this.#response.headers, 'Content-Length')
    return text === undefined ? undefined : Number(text)
  }

  #elapsedNs(): number {
    return this.#host.simulator.nowNs - this.#startNs
  }
}
