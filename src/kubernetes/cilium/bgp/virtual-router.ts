/**
 * One virtual router of a node's peering policy: a GoBGP server, its neighbors and what it announces. `reconcile` brings it
 * to the wanted state; called again with the same state it changes nothing. Routes are put into the table before neighbors
 * are added, so that one initial burst of UPDATEs carries everything.
 * Source: pkg/bgpv1/manager/reconciler (preflight 10, pod CIDR, service 40, policy, neighbor 60).
 */
import { GobgpRouteManager } from '../../../bgp/gobgp-route-manager.ts'
import { Speaker } from '../../../bgp/speaker.ts'
import type { Host } from '../../../host/host.ts'
import type { BgpPeerModel } from '../../../model/bgp.ts'
import type { PrefixListEntry, RouteMapEntry } from '../../../model/policy.ts'
import { EMPTY_POLICY } from '../../../model/policy.ts'
import type { SourceRef } from '../../../model/source.ts'
import { formatIpv4, formatPrefix, type Ipv4Address, type Prefix } from '../../../wire/address.ts'
import type { BgpNeighbor, BgpVirtualRouter } from '../../api/cilium-resources.ts'
import { changedMiddle } from '../changed-middle.ts'
import { attributePolicy, type SelectedAttributes } from './path-attribute-policy.ts'
import { instanceModel, neighborAddress, peerModel } from './peer-model.ts'

/** What a virtual router should be at this instant. */
export interface WantedRouter {
  readonly router: BgpVirtualRouter
  readonly routerId: Ipv4Address
  /** Undefined: the server does not listen. */
  readonly listenPort: number | undefined
  /** Prefixes to announce, without repetition. */
  readonly prefixes: readonly Prefix[]
  /** `advertisedPathAttributes` of a neighbor with the prefixes each element selects. */
  attributesOf(neighbor: BgpNeighbor): readonly SelectedAttributes[]
  /** Password of a neighbor with `authSecretRef`. */
  passwordOf(neighbor: BgpNeighbor): string | undefined
}

export interface VirtualRouterOptions {
  readonly host: Host
  readonly gobgpVersion: string
  readonly source: SourceRef
  log(message: string, detail?: Readonly<Record<string, string | number>>): void
}

export class VirtualRouter {
  readonly localAsn: number
  readonly #options: VirtualRouterOptions
  readonly #prefixes = new Set<Prefix>()
  /** As last told; `#prefixes` has the same ones in the order in which they came. */
  #wantedPrefixes: readonly Prefix[] = []
  /** Configuration of each neighbor as text, by address. */
  readonly #neighbors = new Map<Ipv4Address, string>()
  readonly #routeMaps = new Map<string, readonly RouteMapEntry[]>()
  readonly #prefixLists = new Map<string, readonly PrefixListEntry[]>()
  #serverKey = ''
  #speaker: Speaker | undefined

  constructor(localAsn: number, options: VirtualRouterOptions) {
    this.localAsn = localAsn
    this.#options = options
  }

  /** The server; undefined before the first reconciliation and after `stop`. */
  get speaker(): Speaker | undefined {
    return this.#speaker
  }

  /** Prefixes that are announced now, in order of address. */
  get prefixes(): readonly Prefix[] {
    return [...this.#prefixes].sort((one, other) => one - other)
  }

  reconcile(wanted: WantedRouter): void {
    this.#reconcileServer(wanted)
    this.#reconcilePrefixes(wanted.prefixes)
    this.#reconcileNeighbors(wanted)
  }

  /** Takes neighbors away (they are told so) and ends the server. */
  stop(): void {
    for (const address of this.#neighbors.keys()) this.#speaker?.removePeer(address)
    this.#speaker?.stop()
    this.#forget()
  }

  /** Vanishes without a word to anybody. */
  crash(): void {
    this.#speaker?.crash()
    this.#forget()
  }

  #forget(): void {
    this.#speaker = undefined
    this.#serverKey = ''
    this.#neighbors.clear()
    this.#prefixes.clear()
    this.#wantedPrefixes = []
  }

  /** A changed router id or port needs a new server. */
  #reconcileServer(wanted: WantedRouter): void {
    const restarting = wanted.router.neighbors.find(neighbor => neighbor.gracefulRestart?.enabled === true)
    const key = JSON.stringify([wanted.routerId, wanted.listenPort, restarting?.gracefulRestart])
    if (this.#speaker !== undefined && key === this.#serverKey) return
    if (this.#speaker !== undefined) {
      this.#options.log('Recreating virtual router', { asn: this.localAsn, routerId: formatIpv4(wanted.routerId) })
      this.stop()
    }
    const { host, gobgpVersion, source } = this.#options
    this.#serverKey = key
    this.#speaker = new Speaker({
      host,
      model: instanceModel(this.localAsn, wanted.routerId, restarting?.gracefulRestart, source),
      policy: { ...EMPTY_POLICY, routeMaps: this.#routeMaps, prefixLists: this.#prefixLists },
      routes: new GobgpRouteManager(),
      implementation: {
        kind: 'gobgp',
        version: gobgpVersion,
        ...(wanted.listenPort === undefined ? {} : { listenPort: wanted.listenPort }),
      },
    })
    this.#speaker.start()
  }

  #reconcilePrefixes(wanted: readonly Prefix[]): void {
    const { before, after } = changedMiddle(this.#wantedPrefixes, wanted)
    this.#wantedPrefixes = wanted
    const keep = new Set(after)
    const gone = new Set(before.filter(prefix => !keep.has(prefix)))
    for (const prefix of gone.size === 0 ? [] : [...this.#prefixes]) {
      if (!gone.has(prefix)) continue
      this.#prefixes.delete(prefix)
      this.#speaker?.withdrawOriginated(prefix)
      this.#options.log('withdrawing route', { asn: this.localAsn, prefix: formatPrefix(prefix) })
    }
    for (const prefix of after) {
      if (this.#prefixes.has(prefix)) continue
      this.#prefixes.add(prefix)
      this.#speaker?.originate(prefix)
      this.#options.log('advertising route', { asn: this.localAsn, prefix: formatPrefix(prefix) })
    }
  }

  #reconcileNeighbors(wanted: WantedRouter): void {
    const peers = new Map<Ipv4Address, BgpNeighbor>()
    for (const neighbor of wanted.router.neighbors) {
      const address = neighborAddress(neighbor)
      if (address === undefined) this.#options.log('IPv6 neighbors are not modelled', { peer: neighbor.peerAddress })
      else peers.set(address, neighbor)
    }
    for (const address of [...this.#neighbors.keys()]) {
      if (peers.has(address)) continue
      this.#neighbors.delete(address)
      this.#speaker?.removePeer(address)
      this.#options.log('Removed peer', { asn: this.localAsn, peer: formatIpv4(address) })
    }
    for (const [address, neighbor] of peers) this.#reconcileNeighbor(address, neighbor, wanted)
  }

  #reconcileNeighbor(address: Ipv4Address, neighbor: BgpNeighbor, wanted: WantedRouter): void {
    const isPolicyChanged = this.#reconcilePolicy(address, neighbor, wanted)
    const name = routeMapName(address)
    const model: BgpPeerModel = peerModel(neighbor, address, {
      routeMap: this.#routeMaps.has(name) ? name : undefined,
      password: wanted.passwordOf(neighbor),
      source: this.#options.source,
    })
    const text = JSON.stringify(model)
    const known = this.#neighbors.get(address)
    if (known !== text) {
      this.#neighbors.set(address, text)
      this.#speaker?.addPeer(model)
      if (known === undefined) {
        const detail = { asn: this.localAsn, peer: formatIpv4(address), peerAsn: neighbor.peerASN }
        this.#options.log('Added peer', detail)
      }
    } else if (isPolicyChanged) {
      this.#speaker?.clear(address, 'soft-out')
    }
  }

  /** Rebuilds the neighbor's route-map. True when it changed. */
  #reconcilePolicy(address: Ipv4Address, neighbor: BgpNeighbor, wanted: WantedRouter): boolean {
    const name = routeMapName(address)
    const elements = wanted.attributesOf(neighbor)
    const before = this.#policyText(name)
    for (const list of [...this.#prefixLists.keys()]) if (list.startsWith(`${name}-`)) this.#prefixLists.delete(list)
    if (elements.length === 0) {
      this.#routeMaps.delete(name)
    } else {
      const policy = attributePolicy(name, elements, neighbor.peerASN === this.localAsn)
      this.#routeMaps.set(name, policy.routeMap)
      for (const [list, entries] of policy.prefixLists) this.#prefixLists.set(list, entries)
    }
    return before !== this.#policyText(name)
  }

  #policyText(name: string): string {
    const lists = [...this.#prefixLists].filter(([list]) => list.startsWith(`${name}-`))
    return JSON.stringify([this.#routeMaps.get(name) ?? null, lists])
  }
}

function routeMapName(address: Ipv4Address): string {
  return `peer-${formatIpv4(address)}`
}
