/** A row of `ip -j route`, as far as it is compared. */
export interface JsonRoute {
  readonly dst: string
  readonly type?: string
  readonly protocol?: string
  readonly metric?: number
  readonly gateway?: string
  readonly dev?: string
  readonly nexthops?: readonly { readonly gateway?: string; readonly dev?: string }[]
}

/** A path of `show ip bgp json`, as far as it is compared. */
export interface JsonPath {
  readonly peerId?: string
  readonly path?: string
  readonly locPrf?: number
  readonly metric?: number
  readonly origin?: string
  readonly weight?: number
  readonly bestpath?: boolean
  readonly multipath?: boolean
  readonly nexthops?: readonly { readonly ip?: string }[]
}

/** What real FRR showed on one node, and what of it hangs on timing. */
export interface RecordedNode {
  readonly fib: readonly JsonRoute[]
  readonly bgp?: { readonly routes?: Readonly<Record<string, readonly JsonPath[]>> }
}

/** Forwarding table as prefix → type, protocol, metric and the set of next hops. */
export function forwardingTable(rows: readonly JsonRoute[]): Map<string, string> {
  const table = new Map<string, string>()
  for (const row of rows) {
    if (row.type === 'broadcast' || row.type === 'local' || row.type === 'multicast') continue
    const hops = (row.nexthops ?? [row]).map(hop => `${hop.gateway ?? 'connected'} ${hop.dev ?? ''}`).sort()
    table.set(row.dst.replace(/\/32$/, ''), [row.type ?? 'unicast', row.protocol, row.metric ?? 0, ...hops].join(' | '))
  }
  return table
}

/** BGP table as prefix → best path and multipath set. */
export function bgpTable(
  routes: Readonly<Record<string, readonly JsonPath[]>> = {},
): Map<string, { best: string; multipath: string }> {
  const table = new Map<string, { best: string; multipath: string }>()
  for (const [prefix, paths] of Object.entries(routes)) {
    const best = paths.filter(path => path.bestpath).map(describe)
    const multipath = paths.filter(path => path.bestpath || path.multipath).map(describe)
    table.set(prefix, { best: best.join(), multipath: multipath.sort().join(' + ') })
  }
  return table
}

function describe(path: JsonPath): string {
  const isOwn = path.peerId === undefined || ['(unspec)', '0.0.0.0', '::'].includes(path.peerId)
  const hops = (path.nexthops ?? []).map(hop => hop.ip ?? '?').sort()
  const attributes = `as "${path.path ?? ''}" local-preference ${path.locPrf ?? '-'} med ${path.metric ?? '-'}`
  return `${isOwn ? 'own' : path.peerId} via ${hops.join()} ${attributes} ${path.origin} weight ${path.weight ?? 0}`
}
