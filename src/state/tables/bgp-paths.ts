import { formatAsPath } from '../../bgp/as-path.ts'
import type { LossReason, PathRow, PrefixRow } from '../../bgp/snapshot.ts'
import type { Speaker } from '../../bgp/speaker.ts'
import { speakersOf } from '../../lab/speakers.ts'
import { communityNames, nextHopAddress, ORIGIN_NAMES } from '../../shell/commands/vtysh/bgp-names.ts'
import { pathStatus } from '../../shell/commands/vtysh/show-bgp-table.ts'
import { formatIpv4, formatPrefix, type Ipv4Address } from '../../wire/address.ts'
import { seconds } from '../seconds.ts'
import { stateNodes } from '../state-nodes.ts'
import { defineTable } from '../table.ts'

/** One path of a BGP table. */
export interface BgpPathRow {
  readonly node: string
  /** Of the speaker. */
  readonly asn: number
  readonly prefix: string
  /** Who sent it; null for own routes. */
  readonly peer: string | null
  /** `learned`, `network`, `redistributed`, `aggregate`, `originated`. */
  readonly kind: string
  /** The signs in front of the row of `show ip bgp`: `*>`, `*=`, `*>i`. */
  readonly status: string
  readonly nextHop: string
  readonly med: number | null
  readonly localPreference: number | null
  readonly weight: number
  /** `65001 65100`; empty for own routes. */
  readonly asPath: string
  /** `IGP`, `EGP`, `incomplete`. */
  readonly origin: string
  readonly communities: readonly string[]
  readonly isValid: boolean
  readonly isBest: boolean
  /** Carries packets beside the best path; the best path itself too when there are others. */
  readonly isMultipath: boolean
  /** Why it is the best in FRR's words, or the step it lost at with both values. */
  readonly reason: string
  /** Step of the decision at which it lost; null for the best path. */
  readonly lostAt: string | null
  /** Its value there, and the winner's. */
  readonly ownValue: string | number | null
  readonly winnerValue: string | number | null
  readonly ageSeconds: number
}

export const bgpPaths = defineTable<BgpPathRow>({
  name: 'bgpPaths',
  title: 'BGP tables',
  scope: 'node',
  key: ['node', 'asn', 'prefix', 'peer', 'kind'],
  volatile: ['ageSeconds'],
  rows: (lab, node) =>
    stateNodes(lab, node).flatMap(named =>
      speakersOf(lab, named.node).flatMap(speaker => pathRows(named.name, speaker, lab.simulator.nowNs)),
    ),
})

function pathRows(node: string, speaker: Speaker, nowNs: number): readonly BgpPathRow[] {
  const { asn } = speaker.model
  return speaker
    .snapshotTable()
    .prefixes.flatMap(row => row.paths.map(path => pathRow({ node, asn, nowNs }, row, path)))
}

interface PathPlace {
  readonly node: string
  readonly asn: number
  readonly nowNs: number
}

function pathRow({ node, asn, nowNs }: PathPlace, row: PrefixRow, path: PathRow): BgpPathRow {
  const { attributes, peer, lostAt } = path
  const values = lostAt === undefined ? undefined : lossValues(lostAt)
  return {
    node,
    asn,
    prefix: formatPrefix(row.prefix),
    peer: peer === undefined ? null : formatIpv4(peer.address),
    kind: path.kind,
    status: pathStatus(row, path).trimEnd(),
    nextHop: nextHopAddress(path),
    med: attributes.med ?? null,
    localPreference: attributes.localPreference ?? null,
    weight: path.weight,
    asPath: formatAsPath(attributes.asPath),
    origin: ORIGIN_NAMES[attributes.origin],
    communities: communityNames(attributes.communities),
    isValid: path.isValid,
    isBest: path.isBest,
    isMultipath: path.isMultipath,
    reason: path.isBest ? row.selectionReason : lossText(path, values),
    lostAt: lostAt?.step ?? null,
    ownValue: values?.own ?? null,
    winnerValue: values?.winner ?? null,
    ageSeconds: seconds(nowNs - path.updatedAtNs),
  }
}

/** Router ids, neighbours and origins are numbers inside. */
function lossValues({ step, own, winner }: LossReason): Pick<LossReason, 'own' | 'winner'> {
  const text = (value: number | string): number | string => {
    if (typeof value === 'string') return value
    if (step === 'router-id' || step === 'neighbor-address') return formatIpv4(value as Ipv4Address)
    return step === 'origin' ? ORIGIN_NAMES[value as 0 | 1 | 2] : value
  }
  return { own: text(own), winner: text(winner) }
}

function lossText({ isValid, lostAt }: PathRow, values: Pick<LossReason, 'own' | 'winner'> | undefined): string {
  if (lostAt === undefined || values === undefined) return isValid ? '' : 'invalid'
  if (lostAt.step === 'invalid') return String(values.own)
  return `${lostAt.step}: ${values.own} against ${values.winner}`
}
