/** The parts of a URL that a request needs. */
export interface HttpUrl {
  readonly scheme: string
  /** As written, without the port. */
  readonly hostName: string
  readonly port: number
  /** Value of the `Host` header: with the port unless it is 80. */
  readonly authority: string
  /** Path and query; at least `/`. */
  readonly target: string
  /** `%{url_effective}`. */
  readonly text: string
}

/** Parses a URL as curl does: a missing scheme is http. Undefined when it is malformed. */
export function parseHttpUrl(text: string): HttpUrl | undefined {
  const match = /^(?:([a-z][a-z0-9+.-]*):\/\/)?([^/?#:\s]+)(?::(\d*))?([/?][^#\s]*)?(#\S*)?$/i.exec(text)
  if (match === null) return undefined
  const scheme = (match[1] ?? 'http').toLowerCase()
  const port = match[3] === undefined || match[3] === '' ? 80 : Number(match[3])
  if (port > 65535) return undefined
  const path = match[4] ?? '/'
  const target = path.startsWith('?') ? `/${path}` : path
  const authority = port === 80 ? match[2]! : `${match[2]}:${port}`
  const shownPort = match[3] === undefined ? '' : `:${match[3]}`
  return { scheme, hostName: match[2]!, port, authority, target, text: `${scheme}://${match[2]}${shownPort}${target}` }
}
