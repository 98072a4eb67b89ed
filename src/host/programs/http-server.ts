/**
 * nginx with static files, as its official image runs it: `sendfile on`, `tcp_nopush off`, so that headers and body are two
 * writes and Nagle's rule stands between them until TCP_NODELAY is set. Not modelled: TLS, ranges, conditional requests
 * (If-None-Match is answered in full), request bodies, pipelining beyond one request at a time.
 */
import { assert } from '../../assert.ts'
import {
  formatHttpDate,
  type HttpContent,
  type HttpHeaders,
  type HttpRequest,
  headerValue,
  httpRecords,
} from '../../wire/http.ts'
import { eachRecord } from '../../wire/stream.ts'
import { utf8Bytes } from '../../wire/utf8.ts'
import type { Host } from '../host.ts'
import { Alarm } from '../tcp/alarm.ts'
import type { TcpConnection } from '../tcp/connection.ts'
import { errorPage, WELCOME_PAGE } from './nginx-pages.ts'

export interface HttpServerOptions {
  readonly port: number
  /** `Server` header. Default `nginx/1.27.0`. */
  readonly server?: string
  /** Bodies by path. Default: the welcome page under `/` and `/index.html`. */
  readonly pages?: ReadonlyMap<string, string>
  /** Modification time of the pages, milliseconds since the epoch. Default: that of nginx 1.27.0's files. */
  readonly modifiedMs?: number
  /** `tcp_nopush on`: headers and body leave in one segment. Default false. */
  readonly tcpNopush?: boolean
}

export interface HttpServer {
  /** Requests answered. */
  readonly requests: number
  /** Stops listening and closes what is open, as the end of the process does. */
  stop(): void
}

/** From the arrival of a request to the first write. Ours: the size of what a small server takes. */
const THINKING_NS = 50_000

/** Between the body's write and setsockopt(TCP_NODELAY): 0.1 to 0.3 ms were measured. */
const NO_DELAY_GAP_NS = 250_000

/** keepalive_timeout of nginx.conf. */
const KEEPALIVE_NS = 65_000_000_000

const MODIFIED_MS = Date.UTC(2024, 4, 28, 13, 22, 30)
const DEFAULT_PAGES = new Map([
  ['/', WELCOME_PAGE],
  ['/index.html', WELCOME_PAGE],
])

/** Starts the server on a host. The port may be taken. */
export function startHttpServer(host: Host, options: HttpServerOptions): HttpServer | { readonly error: 'EADDRINUSE' } {
  const server = new Server(host, options)
  const listener = host.tcp.listen({ port: options.port, onConnection: connection => server.accept(connection) })
  if ('error' in listener) return listener
  return {
    get requests() {
      return server.requests
    },
    stop() {
      listener.close()
      server.closeAll()
    },
  }
}

class Server {
  requests = 0
  readonly #host: Host
  readonly #options: HttpServerOptions
  readonly #open = new Set<TcpConnection>()

  constructor(host: Host, options: HttpServerOptions) {
    this.#host = host
    this.#options = options
  }

  accept(connection: TcpConnection): void {
    this.#open.add(connection)
    const { simulator, origin } = this.#host
    const idle = new Alarm(this.#host, connection, () => connection.close())
    connection.onRecords = eachRecord(content => {
      const request = content as HttpContent
      if (request.kind !== 'request') return
      idle.stop()
      simulator.schedule(origin, THINKING_NS, () => this.#answer(connection, request, idle))
    })
    connection.onRemoteClose = () => {
      idle.stop()
      connection.close()
    }
    connection.onClosed = () => {
      idle.stop()
      this.#open.delete(connection)
    }
  }

  closeAll(): void {
    for (const connection of this.#open) connection.close()
    this.#open.clear()
  }

  #answer(connection: TcpConnection, request: HttpRequest, idle: Alarm<TcpConnection>): void {
    this.requests += 1
    const { simulator, origin } = this.#host
    const isLast = headerValue(request.headers, 'Connection')?.toLowerCase() === 'close'
    const answer = this.#select(request)
    const head: HttpContent = { protocol: 'http', kind: 'response', ...this.#head(answer, isLast) }
    const hasBody = request.method !== 'HEAD' && answer.body.length > 0
    const body: HttpContent[] = hasBody ? [{ protocol: 'http', kind: 'body', text: answer.body }] : []
    if (answer.status === 200 && this.#options.tcpNopush !== true && hasBody) {
      connection.send(httpRecords([head]))
      connection.send(httpRecords(body))
    } else {
      connection.send(httpRecords([head, ...body]))
    }
    if (isLast) {
      connection.close()
      return
    }
    simulator.schedule(origin, NO_DELAY_GAP_NS, () => {
      connection.noDelay = true
    })
    idle.restart(KEEPALIVE_NS, 'background')
  }

  #select(request: HttpRequest): Answer {
    const path = request.target.split('?')[0]!
    const page = (this.#options.pages ?? DEFAULT_PAGES).get(path)
    if (request.method !== 'GET' && request.method !== 'HEAD') return this.#refuse(405, 'Not Allowed')
    if (page === undefined) return this.#refuse(404, 'Not Found')
    return { status: 200, reason: 'OK', body: page }
  }

  #refuse(status: number, reason: string): Answer {
    return { status, reason, body: errorPage(status, reason, this.#serverName) }
  }

  #head({ status, reason, body }: Answer, isLast: boolean): { status: number; reason: string; headers: HttpHeaders } {
    const length = utf8Bytes(body)
    const headers: [string, string][] = [
      ['Server', this.#serverName],
      ['Date', formatHttpDate(this.#host.simulator.wallMs)],
      ['Content-Type', 'text/html'],
      ['Content-Length', String(length)],
    ]
    const modifiedMs = this.#options.modifiedMs ?? MODIFIED_MS
    assert(modifiedMs >= 0, 'pages are not older than the epoch')
    if (status === 200) headers.push(['Last-Modified', formatHttpDate(modifiedMs)])
    headers.push(['Connection', isLast ? 'close' : 'keep-alive'])
    if (status === 200) {
      headers.push(['ETag', `"${Math.floor(modifiedMs / 1000).toString(16)}-${length.toString(16)}"`])
      headers.push(['Accept-Ranges', 'bytes'])
    }
    return { status, reason, headers }
  }

  get #serverName(): string {
    return this.#options.server ?? 'nginx/1.27.0'
  }
}

interface Answer {
  readonly status: number
  readonly reason: string
  readonly body: string
}
