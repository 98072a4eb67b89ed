import type { HttpBody, HttpContent, HttpRequest, HttpResponse } from './http.ts'
import { httpText } from './http.ts'
import type { StreamContent } from './stream.ts'

/**
 * Reads a head of HTTP/1.1 and the text behind it, as far as they are written the way `httpText` writes them.
 * Returns how many bytes it took; text without a head is a body.
 */
export function decodeHttp(bytes: Uint8Array, add: (content: StreamContent, length: number) => void): number {
  const text = decodeText(bytes)
  if (text === undefined) return 0
  const end = text.indexOf('\r\n\r\n')
  const head = end < 0 ? undefined : parseHead(text.slice(0, end))
  const headText = head === undefined ? '' : text.slice(0, end + 4)
  const isHead = head !== undefined && httpText(head) === headText
  let taken = 0
  const take = (content: HttpContent): void => {
    const length = new TextEncoder().encode(httpText(content)).length
    add(content, length)
    taken += length
  }
  if (isHead) take(head)
  const body = isHead ? text.slice(headText.length) : text
  if (body !== '') take({ protocol: 'http', kind: 'body', text: body } satisfies HttpBody)
  return taken
}

/** The bytes as UTF-8; undefined when they are not. */
function decodeText(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}

function parseHead(text: string): HttpRequest | HttpResponse | undefined {
  const [start = '', ...lines] = text.split('\r\n')
  const headers: [string, string][] = []
  for (const line of lines) {
    const colon = line.indexOf(': ')
    if (colon < 1) return undefined
    headers.push([line.slice(0, colon), line.slice(colon + 2)])
  }
  const response = /^HTTP\/1\.1 (\d{3}) (.*)$/.exec(start)
  if (response !== null) {
    return { protocol: 'http', kind: 'response', status: Number(response[1]), reason: response[2]!, headers }
  }
  const request = /^([A-Z]+) (\S+) HTTP\/1\.1$/.exec(start)
  if (request === null) return undefined
  return { protocol: 'http', kind: 'request', method: request[1]!, target: request[2]!, headers }
}
