import { type RecordList, recordList } from './stream.ts'
import { utf8Bytes } from './utf8.ts'

/** What HTTP/1.1 (RFC 9112) puts on a stream: a request's head, a response's head, or a body. */
export type HttpContent = HttpRequest | HttpResponse | HttpBody

/** Name and value of each header line, in order. */
export type HttpHeaders = readonly (readonly [name: string, value: string])[]

/** The head of a request. */
export interface HttpRequest {
  readonly protocol: 'http'
  readonly kind: 'request'
  readonly method: string
  /** Path and query. */
  readonly target: string
  readonly headers: HttpHeaders
}

/** The head of a response. */
export interface HttpResponse {
  readonly protocol: 'http'
  readonly kind: 'response'
  readonly status: number
  readonly reason: string
  readonly headers: HttpHeaders
}

/** A body, as text. */
export interface HttpBody {
  readonly protocol: 'http'
  readonly kind: 'body'
  readonly text: string
}

/** The bytes of a content as text; lines end in CRLF. */
export function httpText(content: HttpContent): string {
  if (content.kind === 'body') return content.text
  let text = `${startLine(content)}\r\n`
  for (const [name, value] of content.headers) text += `${name}: ${value}\r\n`
  return `${text}\r\n`
}

/** First line of a head, without its end. */
function startLine(head: HttpRequest | HttpResponse): string {
  return head.kind === 'request' ? `${head.method} ${head.target} HTTP/1.1` : `HTTP/1.1 ${head.status} ${head.reason}`
}

/** Contents as TCP takes them, for one write. */
export function httpRecords(contents: readonly HttpContent[]): RecordList {
  return recordList(contents, content => utf8Bytes(httpText(content)))
}

/** Value of a header; names compare without case. */
export function headerValue(headers: HttpHeaders, name: string): string | undefined {
  const wanted = name.toLowerCase()
  return headers.find(([own]) => own.toLowerCase() === wanted)?.[1]
}

/** An instant as `Date` and `Last-Modified` write it: `Tue, 28 May 2024 13:22:30 GMT`. @param wallMs since the epoch */
export function formatHttpDate(wallMs: number): string {
  return new Date(wallMs).toUTCString()
}
