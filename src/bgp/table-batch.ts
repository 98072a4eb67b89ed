import { type Prefix, prefixLength } from '../wire/address.ts'
import type { ExportContext, ExportedRoute } from './export.ts'
import type { Path, PathPeer } from './path.ts'
import type { Rib } from './rib.ts'
import type { Session } from './session.ts'
import { UpdateBatch } from './update-batch.ts'

/** A whole table as the peers of an update group are told it when their sessions come up together. */
export class TableBatch {
  readonly batch = new UpdateBatch()
  readonly #context: ExportContext
  readonly #ribVersion: number
  readonly #changes: number
  readonly #nowNs: number
  /** Networks on which next hops lie, with the peers whose routes have these. */
  readonly #networks = new Map<Prefix, Set<PathPeer>>()

  constructor(
    context: ExportContext,
    rib: Rib,
    nowNs: number,
    exportPath: (best: Path, number: number) => ExportedRoute | undefined,
  ) {
    this.#context = context
    this.#ribVersion = rib.version
    this.#changes = context.changes
    this.#nowNs = nowNs
    let last: Path | undefined
    for (const number of rib.sortedNumbers()) {
      const best = rib.at(number)?.best
      if (best === undefined) continue
      this.batch.add(number, exportPath(best, number))
      if (best === last) continue
      last = best
      const network = context.routes.connectedNetwork(best.nextHop)?.prefix
      if (network === undefined) continue
      const peers = this.#networks.get(network)
      if (peers === undefined) this.#networks.set(network, new Set([best.peer]))
      else peers.add(best.peer)
    }
  }

  /** Whether it is still what the table looks like. */
  isOf(rib: Rib, changes: number, nowNs: number): boolean {
    return this.#ribVersion === rib.version && this.#changes === changes && this.#nowNs === nowNs
  }

  /** Whether a next hop might be passed on to the peer (`passesNextHopOn`), so that it is not told the same. */
  passesNextHopTo(peer: Session): boolean {
    if (peer.type !== 'ebgp') return false
    const network = this.#context.routes.connectedNetwork(peer.address)?.prefix
    const peers = network === undefined ? undefined : this.#networks.get(network)
    if (network === undefined || peers === undefined) return false
    const isItsOwnLink = prefixLength(network) >= 30 && peers.size === 1 && peers.has(peer)
    return !isItsOwnLink
  }
}
