import { formatAsPath } from '../../../bgp/as-path.ts'
import type { PathRow, PeerRouteRow, PrefixRow, TableSnapshot } from '../../../bgp/snapshot.ts'
import type { FrrVersion } from '../../../model/frr-version.ts'
import { formatIpv4, formatPrefix, type Ipv4Address } from '../../../wire/address.ts'
import type { PathAttributes } from '../../../wire/bgp/attributes.ts'
import { nextHopText, ORIGIN_LETTERS } from './bgp-names.ts'

/** How wide the columns are. */
export interface TableLayout {
  readonly version: FrrVersion
  readonly isWide: boolean
}

interface TableLine {
  readonly status: string
  /** Empty for further paths of a prefix. */
  readonly prefix: string
  readonly nextHop: string
  readonly attributes: PathAttributes
  readonly weight: number
}

/** Lines above the table, up to and with the heading (`BGP_SHOW_HEADER`, bgpd/bgp_route.h). */
export function tableHead(
  table: {
    readonly tableVersion: number
    readonly routerId: Ipv4Address
    readonly defaultLocalPreference: number
    readonly asn: number
  },
  layout: TableLayout,
): string {
  const unsorted = layout.version >= 1001 ? 'u unsorted, ' : ''
  const legend = [
    `Status codes:  s suppressed, d damped, h history, ${unsorted}* valid, > best, = multipath,`,
    '               i internal, r RIB-failure, S Stale, R Removed',
    "Nexthop codes: @NNN nexthop's vrf id, < announce-nh-self",
    'Origin codes:  i - IGP, e - EGP, ? - incomplete',
    'RPKI validation codes: V valid, I invalid, N Not found',
  ]
  const pad = ' '.repeat(statusWidth(layout.version))
  const heading = layout.isWide
    ? `${pad}Network                                      Next Hop                                  Metric LocPrf Weight Path`
    : `${pad}Network          Next Hop            Metric LocPrf Weight Path`
  const first = `BGP table version is ${table.tableVersion}, local router ID is ${formatIpv4(table.routerId)}, vrf id 0`
  const second = `Default local pref ${table.defaultLocalPreference}, local AS ${table.asn}`
  return `${[first, second, ...legend, '', heading].join('\n')}\n`
}

/** The table body: paths in list order. */
export function tableBody(prefixes: readonly PrefixRow[], table: TableSnapshot, layout: TableLayout): string {
  return prefixes
    .flatMap(row =>
      row.paths.map((path, index) =>
        lineText(
          {
            status: pathStatus(row, path),
            prefix: index === 0 ? formatPrefix(row.prefix) : '',
            nextHop: nextHopText(path, table.showHostname),
            attributes: path.attributes,
            weight: path.weight,
          },
          layout,
        ),
      ),
    )
    .join('')
}

/** `Displayed  8 routes and 12 total paths`; one blank since 10.0. */
export function tableFoot(routes: number, paths: number, version: FrrVersion): string {
  return `\nDisplayed ${version >= 1000 ? '' : ' '}${routes} routes and ${paths} total paths\n`
}

/** Body of `advertised-routes` and `received-routes`. */
export function neighborTableBody(rows: readonly PeerRouteRow[], layout: TableLayout): string {
  return rows
    .map(({ prefix, attributes, weight }) => {
      const nextHop = formatIpv4(attributes.nextHop)
      return lineText({ status: '*> ', prefix: formatPrefix(prefix), nextHop, attributes, weight }, layout)
    })
    .join('')
}

/** Three columns in 8.4; since 8.5 one for RPKI in front, since 10.1 one more. */
function statusWidth(version: FrrVersion): number {
  return version >= 1001 ? 5 : version >= 805 ? 4 : 3
}

/** The three signs in front of a row: `*> `, `*=i`. */
export function pathStatus(row: PrefixRow, path: PathRow): string {
  const first = path.isStale ? 'S' : row.isSuppressed && path.isBest ? 's' : path.isValid ? '*' : ' '
  const second = path.isBest ? '>' : path.isMultipath ? '=' : ' '
  const isInternal = path.peerType === 'internal' || path.peerType === 'confed-internal'
  return `${first}${second}${isInternal ? 'i' : ' '}`
}

function lineText(line: TableLine, layout: TableLayout): string {
  const { attributes } = line
  const path = formatAsPath(attributes.asPath)
  const metric = attributes.med === undefined ? '' : String(attributes.med)
  const preference = attributes.localPreference === undefined ? '' : String(attributes.localPreference)
  const numbers = `${metric.padStart(layout.isWide ? 7 : 10)}${preference.padStart(7)}${String(line.weight).padStart(7)} `
  const status = line.status.padStart(statusWidth(layout.version))
  const network = column(line.prefix, layout.isWide ? 45 : 17, 20)
  const nextHop = column(line.nextHop, layout.isWide ? 41 : 16, 36)
  return `${status}${network}${nextHop}${numbers}${path === '' ? '' : `${path} `}${ORIGIN_LETTERS[attributes.origin]}\n`
}

/** A text too long for its column takes a line of its own. */
function column(text: string, width: number, breakWidth: number): string {
  return text.length < width ? text.padEnd(width) : `${text}\n${' '.repeat(breakWidth)}`
}
