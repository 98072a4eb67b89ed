import type { PeerRow } from '../bgp/snapshot.ts'
import type { LabMap, SpeakerAt } from '../lab/lab-map.ts'
import { formatIpv4, networkAddress, parseAddressWithLength } from '../wire/address.ts'
import type { GraphLink, GraphSession } from './graph.ts'
import type { Identifiers, Unplaced } from './read-graph.ts'

interface Sessions {
  /** By index of the link they run on. */
  readonly onLinks: ReadonlyMap<number, GraphSession>
  readonly others: readonly GraphSession[]
  /** Peers' addresses that nobody has. */
  readonly strangers: readonly Unplaced[]
}

/** One side of a session, as its speaker sees it. */
interface Side {
  readonly from: string
  readonly to: string
  readonly row: PeerRow
  /** Index of the link it runs on. */
  readonly link: number | undefined
}

/** Reads the BGP sessions, each once, however many sides of it are configured. */
export function readSessions(map: LabMap, ids: Identifiers, links: readonly GraphLink[]): Sessions {
  const strangers = new Map<string, Unplaced>()
  const pairs = new Map<string, Side[]>()
  for (const at of map.speakers) {
    for (const row of at.speaker.snapshotPeers().peers) {
      const side = sideOf(at, row)
      const key = `${[side.from, side.to].sort().join(' ')} ${side.link ?? ''}`
      pairs.set(key, [...(pairs.get(key) ?? []), side])
    }
  }
  const onLinks = new Map<number, GraphSession>()
  const others: GraphSession[] = []
  for (const sides of pairs.values()) {
    const { link } = sides[0]!
    if (link === undefined) others.push(merge(sides))
    else onLinks.set(link, merge(sides))
  }
  return { onLinks, others, strangers: [...strangers.values()] }

  function sideOf({ node }: SpeakerAt, row: PeerRow): Side {
    const from = ids.of(node)
    const link = linkOf(from, row)
    const owner = map.owners(row.address).find(one => one.node !== undefined)?.node
    const far = link === undefined ? undefined : links[link]!.ends.find(end => end.node !== from)?.node
    const to = owner === undefined ? (far ?? stranger(row)) : ids.of(owner)
    return { from, to, row, link: far === to ? link : undefined }
  }

  /** The link whose end here is in the peer's network, or is the interface of an unnumbered peer. */
  function linkOf(from: string, row: PeerRow): number | undefined {
    const index = links.findIndex(({ ends }) =>
      ends.some(
        end =>
          end.node === from &&
          (end.interface === row.interface || end.addresses.some(address => isInside(address, row.address))),
      ),
    )
    return index < 0 ? undefined : index
  }

  function stranger(row: PeerRow): string {
    const name = row.interface ?? formatIpv4(row.address)
    strangers.set(name, { id: name, name, kind: 'absent', asns: [row.remoteAs], isRunning: true })
    return name
  }
}

/** Up when both sides say so; a side alone speaks for itself. */
function merge(sides: readonly Side[]): GraphSession {
  const { from, to, row } = sides[0]!
  const states = [...new Set(sides.map(side => side.row.state))]
  return {
    a: from,
    b: to,
    kind: row.isInternal ? 'iBGP' : 'eBGP',
    state: states.join(' / '),
    isUp: states.length === 1 && states[0] === 'Established',
  }
}

function isInside(cidr: string, address: number): boolean {
  const own = parseAddressWithLength(cidr)
  return own !== undefined && networkAddress(own.address, own.length) === networkAddress(address, own.length)
}
