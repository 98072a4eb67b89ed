import type { PathRow, PeerRouteRow, PrefixRow } from '../../../bgp/snapshot.ts'
import { left } from '../../../text/table.ts'
import { formatIpv4, formatPrefix, type Ipv4Address, UNSPECIFIED } from '../../../wire/address.ts'
import type { PathAttributes } from '../../../wire/bgp/attributes.ts'
import { communityNames, ORIGIN_LETTERS } from '../vtysh/bgp-names.ts'
import { formatAge } from './age.ts'

/** A column is at least this wide. */
const COLUMN = 20
const AGE_COLUMN = 10

interface Line {
  readonly mark: string
  readonly network: string
  readonly nextHop: string
  readonly asPath: string
  readonly age: string | undefined
  readonly attributes: string
}

/** `gobgp global rib`: the best path of a prefix first. */
export function ribTable(prefixes: readonly PrefixRow[], nowNs: number): string {
  const lines = prefixes.flatMap(row =>
    [...row.paths]
      .sort((a, b) => Number(b.isBest) - Number(a.isBest))
      .map(path => ({
        ...routeLine(row.prefix, path.attributes, path.isBest ? '*>' : '* '),
        age: formatAge(nowNs - path.updatedAtNs),
        attributes: attributeText(path.attributes, isOwn(path)),
      })),
  )
  return tableText(lines, '  ', true)
}

function idColumn(id: number | string): string {
  return `   ${left(id, 3)}`.slice(0, 6)
}

/** Identifiers of paths, which count only with add-path: received ones have none, those sent number from 1. */
const RECEIVED_ID = 0
const SENT_ID = 1

/**
 * `gobgp neighbor ADDRESS adj-in` and, with the session's own address (the next hop of own routes), `adj-out`.
 *
 * @param ageOf span since a route was received; undefined where that is not kept
 */
export function adjacencyTable(
  rows: readonly PeerRouteRow[],
  ownAddress: Ipv4Address | undefined,
  ageOf: (row: PeerRouteRow) => string | undefined,
): string {
  const isSent = ownAddress !== undefined
  const lines = rows.map(row => {
    const nextHop = isSent && row.attributes.nextHop === UNSPECIFIED ? ownAddress : row.attributes.nextHop
    const mark = idColumn(isSent ? SENT_ID : RECEIVED_ID)
    return { ...routeLine(row.prefix, { ...row.attributes, nextHop }, mark), age: ageOf(row) }
  })
  return tableText(lines, idColumn('ID'), !isSent)
}

function isOwn(path: PathRow): boolean {
  return path.peer === undefined
}

function routeLine(prefix: PrefixRow['prefix'], attributes: PathAttributes, mark: string): Line {
  return {
    mark,
    network: formatPrefix(prefix),
    nextHop: formatIpv4(attributes.nextHop),
    asPath: asPathText(attributes),
    age: undefined,
    attributes: attributeText(attributes, false),
  }
}

function tableText(lines: readonly Line[], mark: string, hasAge: boolean): string {
  if (lines.length === 0) return 'Network not in table\n'
  const width = (texts: readonly string[]): number => Math.max(COLUMN, ...texts.map(text => text.length))
  const networkWidth = width(lines.map(line => line.network))
  const nextHopWidth = width(lines.map(line => line.nextHop))
  const asPathWidth = width(lines.map(line => line.asPath))
  const format = (line: Line): string =>
    `${line.mark} ${left(line.network, networkWidth)} ${left(line.nextHop, nextHopWidth)} ` +
    `${left(line.asPath, asPathWidth)} ${hasAge ? `${left(line.age ?? '', AGE_COLUMN)} ` : ''}${line.attributes}\n`
  const titles = { network: 'Network', nextHop: 'Next Hop', asPath: 'AS_PATH', age: 'Age', attributes: 'Attrs' }
  return format({ mark, ...titles }) + lines.map(format).join('')
}

/** GoBGP joins AS numbers with blanks, sets in braces with commas. */
function asPathText({ asPath }: PathAttributes): string {
  return asPath.map(({ type, asns }) => (type === 'set' ? `{${asns.join(',')}}` : asns.join(' '))).join(' ')
}

/** By type code. An own route's LOCAL_PREF is added when it is sent; here it shows what it was given. */
function attributeText(attributes: PathAttributes, isOwnRoute: boolean): string {
  const { med, localPreference, aggregator, communities, originatorId, clusterList, largeCommunities } = attributes
  const items = [`Origin: ${ORIGIN_LETTERS[attributes.origin]}`]
  if (med !== undefined) items.push(`Med: ${med}`)
  if (localPreference !== undefined && !(isOwnRoute && localPreference === 100))
    items.push(`LocalPref: ${localPreference}`)
  if (attributes.atomicAggregate) items.push('AtomicAggregate')
  if (aggregator !== undefined)
    items.push(`Aggregate: {AS: ${aggregator.asn}, Address: ${formatIpv4(aggregator.address)}}`)
  if (communities.length > 0) items.push(`Communities: ${communityNames(communities).join(', ')}`)
  if (originatorId !== undefined) items.push(`Originator: ${formatIpv4(originatorId)}`)
  if (clusterList.length > 0) items.push(`ClusterList: [${clusterList.map(formatIpv4).join(' ')}]`)
  if (largeCommunities.length > 0) items.push(`LargeCommunity: [ ${largeCommunities.join(', ')}]`)
  return `[${items.map(item => `{${item}}`).join(' ')}]`
}
