import type { FrrVersion } from '../model/frr-version.ts'
import type { Origin } from '../sim/origin.ts'
import type { Simulator } from '../sim/simulator.ts'
import type { Prefix } from '../wire/address.ts'
import { chooseBest } from './choose-best.ts'
import { EntryResolver } from './entry-resolver.ts'
import type { Kernel } from './kernel.ts'
import { activeCount } from './next-hop.ts'
import type { NextHopGroups } from './next-hop-group.ts'
import type { ResolutionContext } from './resolve-next-hop.ts'
import type { RibProtocol } from './rib-row.ts'
import type { RibTable } from './rib-table.ts'
import { isSystemRoute, type RibNode, RouteEntry, type RouteRequest, replacesEntry } from './route-entry.ts'

/** Hold of zebra's work queue: requests of this span are handled together (`ZEBRA_RIB_PROCESS_HOLD_TIME`). */
const PROCESS_HOLD_NS = 10_000_000

/** From handing a route to the kernel until zebra knows that it is there; the data plane is a thread of its own. */
const KERNEL_ANSWER_NS = 100_000

/** Administrative distance of routes that are kept but never chosen, unless the kernel brought them (`DISTANCE_INFINITY`). */
const UNUSABLE_DISTANCE = 255

/** Order in which queued prefixes are processed (`enum meta_queue_indexes`). */
const QUEUE_RANK: Record<RibProtocol, number> = { connected: 0, local: 0, kernel: 1, static: 2, bgp: 3 }

export interface RibOptions {
  readonly simulator: Simulator
  readonly origin: Origin
  readonly version: FrrVersion
  readonly table: RibTable
  readonly groups: NextHopGroups
  readonly kernel: Kernel
  readonly resolution: ResolutionContext
  /** Whether `ip protocol bgp … route-map` looks at prefixes. */
  readonly hasBgpRouteMap: boolean
  isLoopback(interfaceIndex: number): boolean
  /** The chosen route of a prefix is in the kernel now, or the kernel refused it, or it is gone. */
  onAnswer(node: RibNode): void
  /** A chosen route goes without another taking its place at once; `next` may follow. */
  onDeselected(node: RibNode, old: RouteEntry, next: RouteEntry | undefined): void
}

type EarlyItem =
  | { readonly kind: 'add'; readonly prefixes: readonly Prefix[]; readonly request: RouteRequest }
  | { readonly kind: 'remove'; readonly prefixes: readonly Prefix[]; matches(entry: RouteEntry): boolean }

interface Answer {
  readonly node: RibNode
  readonly entry: RouteEntry
  readonly isInstalled: boolean
  readonly isAccepted: boolean
}

/**
 * zebra's routing table: candidates per prefix, the choice among them, and the way into the kernel.
 *
 * Requests are collected for 10 ms. Then all of them enter the table in the order they came, after that the prefixes are
 * processed (connected, kernel, static, bgp; within a class first come first served), and when the kernel has answered,
 * listeners learn of it. A route resolves over another one only when the other's kernel answer is already in
 * (`ROUTE_ENTRY_INSTALLED`), so within one batch the outcome depends on who was there first.
 *
 * Source: FRR 8.4.4 zebra/zebra_rib.c, process_subq_early_route_add to rib_process_result.
 */
export class Rib {
  readonly #options: RibOptions
  readonly #resolver: EntryResolver
  /** Rises when a connected route comes or goes. */
  connectedVersion = 0
  #early: EarlyItem[] = []
  #queue: RibNode[] = []
  #answers: Answer[] = []
  #isScheduled = false

  constructor(options: RibOptions) {
    this.#options = options
    this.#resolver = new EntryResolver(options)
  }

  /**
   * Adds a route, or puts it in place of what its protocol had for the prefixes. They are different ones; only those of bgp may
   * come together.
   */
  add(prefixes: readonly Prefix[], request: RouteRequest): void {
    if (prefixes.length > 1 && this.#options.hasBgpRouteMap) {
      for (const prefix of prefixes) this.add([prefix], request)
      return
    }
    this.#early.push({ kind: 'add', prefixes, request })
    this.#schedule()
  }

  /** Takes out the newest entry of each prefix for which the test holds. */
  remove(prefixes: readonly Prefix[], matches: (entry: RouteEntry) => boolean): void {
    this.#early.push({ kind: 'remove', prefixes, matches })
    this.#schedule()
  }

  /** Processes what is waiting at this instant, kernel answers included: what zebra found when it started. */
  processNow(): void {
    this.#run()
    this.#handleAnswers()
  }

  /** Looks at all routes of a protocol again (`rib_update_route_node`). */
  reconsider(protocol: RibProtocol): void {
    for (const { node } of this.#options.table.sorted()) {
      let isAny = false
      for (const entry of node.entries) {
        if (entry.request.protocol !== protocol) continue
        entry.isChanged = true
        isAny = true
      }
      if (isAny) this.#enqueue(node)
    }
  }

  /** Somebody else removed a route of ours from the kernel: put it back. */
  reinstall(prefix: Prefix): void {
    for (const node of this.#nodesOf([prefix], false)) {
      if (node.fibEntry === undefined || isSystemRoute(node.fibEntry) || !node.fibEntry.isInstalled) return
      this.#install(node, node.fibEntry, undefined)
    }
  }

  /** The nodes that hold these prefixes and no others. */
  #nodesOf(prefixes: readonly Prefix[], makes: boolean): readonly RibNode[] {
    const { table } = this.#options
    return table.nodesOf(prefixes, makes, (node, position) => this.#part(node, position))
  }

  /** Different things happen to the prefixes of a node from now on: those behind the position leave, and wait where they did. */
  #part(node: RibNode, position: number): RibNode {
    const { table, groups } = this.#options
    const rest = table.part(node, position)
    for (const { group } of rest.entries) groups.acquire(group)
    if (node.isQueued) this.#queue.splice(this.#queue.indexOf(node) + 1, 0, rest)
    this.#answers = this.#answers.flatMap(answer => {
      if (answer.node !== node) return answer
      return [answer, { ...answer, node: rest, entry: answer.entry === node.fibEntry ? rest.fibEntry! : answer.entry }]
    })
    return rest
  }

  #schedule(): void {
    if (this.#isScheduled) return
    this.#isScheduled = true
    const { simulator, origin } = this.#options
    simulator.schedule(origin, PROCESS_HOLD_NS, () => this.#run(), 'work')
  }

  #enqueue(node: RibNode): void {
    if (node.isQueued) return
    node.isQueued = true
    this.#queue.push(node)
    this.#schedule()
  }

  #run(): void {
    const early = this.#early
    this.#early = []
    for (const item of early) {
      const nodes = this.#nodesOf(item.prefixes, item.kind === 'add')
      if (item.kind === 'add') for (const node of nodes) this.#insert(node, item.request)
      else for (const node of nodes) this.#markRemoved(node, item.matches)
    }
    const queue = this.#queue
    this.#queue = []
    this.#isScheduled = false
    const ranks: RibNode[][] = [[], [], [], [], []]
    for (const node of queue) ranks[rankOf(node)]!.push(node)
    for (const nodes of ranks) {
      for (const node of nodes) {
        node.isQueued = false
        if (node.prefixes.length > 1 && this.#resolver.concerns(node)) this.#processEach(node)
        else this.#process(node)
      }
    }
  }

  /** One prefix after the other: they hold gateways, so that their routes resolve differently. */
  #processEach(node: RibNode): void {
    let rest: RibNode | undefined = node
    while (rest !== undefined) {
      const next: RibNode | undefined = rest.prefixes.length > 1 ? this.#part(rest, 1) : undefined
      this.#process(rest)
      rest = next
    }
  }

  #insert(node: RibNode, request: RouteRequest): void {
    const { groups, simulator } = this.#options
    if (request.protocol === 'bgp') this.#resolver.watch(request.nextHops)
    const group = groups.find(request.nextHops)
    groups.acquire(group)
    const old = node.entries.find(entry => !entry.isRemoved && replacesEntry(request, entry.request))
    const entry = new RouteEntry(request, group, simulator.nowNs)
    node.entries = node.entries.length === 0 ? [entry] : [entry, ...node.entries]
    if (old !== undefined) old.isRemoved = true
    // What has never reached the kernel need not wait for the processing.
    for (const each of node.entries) if (each.isRemoved && each !== node.fibEntry) this.#unlink(node, each)
    this.#noteChange(node, request.protocol)
    this.#enqueue(node)
  }

  #markRemoved(node: RibNode, matches: (entry: RouteEntry) => boolean): void {
    const entry = node.entries.find(candidate => !candidate.isRemoved && matches(candidate))
    if (entry === undefined) return
    entry.isRemoved = true
    this.#noteChange(node, entry.request.protocol)
    this.#enqueue(node)
  }

  #unlink(node: RibNode, entry: RouteEntry): void {
    node.entries = node.entries.filter(other => other !== entry)
    this.#options.groups.release(entry.group)
  }

  /** What resolves over the prefixes must be looked at anew. */
  #noteChange(node: RibNode, protocol: RibProtocol): void {
    this.#resolver.onChange(node)
    if (protocol === 'connected') this.connectedVersion += 1
  }

  /** `rib_process`. */
  #process(node: RibNode): void {
    const oldFib = node.fibEntry
    const oldSelected = node.entries.find(entry => entry.isSelected)
    const selected = this.#choose(node)
    if (oldSelected !== selected || selected?.isChanged === true) {
      if (selected !== undefined) selected.isSelected = true
      if (oldSelected !== undefined) {
        if (oldSelected !== selected) oldSelected.isSelected = false
        if (selected === undefined || oldSelected.isRemoved) this.#options.onDeselected(node, oldSelected, selected)
      }
    }
    if (selected !== undefined) this.#updateKernel(node, selected, oldFib)
    else if (oldFib !== undefined) this.#withdraw(node, oldFib)
    for (const entry of node.entries) if (entry.isRemoved) this.#unlink(node, entry)
    this.#resolver.onChange(node)
    this.#options.table.discard(node)
  }

  #choose(node: RibNode): RouteEntry | undefined {
    const { version, isLoopback } = this.#options
    const isOnLoopback = (entry: RouteEntry): boolean =>
      entry.group.nextHops.some(hop => isLoopback(hop.interfaceIndex))
    let selected: RouteEntry | undefined
    for (const entry of node.entries) {
      if (entry.isRemoved) continue
      const active = entry.isChanged ? this.#resolver.update(node, entry) : activeCount(entry.group.nextHops)
      if (active === 0) continue
      if (entry.request.distance === UNUSABLE_DISTANCE && entry.request.protocol !== 'kernel') {
        entry.isChanged = false
        continue
      }
      const best = chooseBest(selected, entry, isOnLoopback, version)
      if (selected !== undefined && best !== selected) selected.isChanged = false
      if (best !== entry) entry.isChanged = false
      selected = best
    }
    return selected
  }

  #updateKernel(node: RibNode, entry: RouteEntry, old: RouteEntry | undefined): void {
    if (entry !== old || entry.isChanged || !entry.isInstalled || isSystemRoute(entry)) this.#install(node, entry, old)
    if (old !== undefined) old.isChanged = false
    entry.isChanged = false
  }

  /** `rib_install_kernel`: the next-hop objects first, also those of connected and kernel routes (up to 10.1). */
  #install(node: RibNode, entry: RouteEntry, old: RouteEntry | undefined): void {
    const { groups, kernel, version } = this.#options
    const isSystem = isSystemRoute(entry)
    if (!isSystem || version < 1002) groups.install(entry.group)
    node.fibEntry = entry
    entry.isQueued = true
    const groupId = groups.installedId(entry.group)
    let isAccepted = true
    if (isSystem) {
      if (old !== undefined && old !== entry && !isSystemRoute(old)) kernel.removeRoute(node.prefixes, old)
    } else {
      isAccepted = kernel.installRoute(node.prefixes, entry, groupId)
      if (isAccepted) entry.installedGroupId = groupId
    }
    if (old !== undefined && old !== entry) old.isInstalled = false
    this.#answer({ node, entry, isInstalled: true, isAccepted })
  }

  /** `rib_process_del_fib`. */
  #withdraw(node: RibNode, old: RouteEntry): void {
    const isSystem = isSystemRoute(old)
    if (!isSystem) this.#options.kernel.removeRoute(node.prefixes, old)
    node.fibEntry = undefined
    old.isQueued = false
    old.isInstalled = false
    old.isChanged = false
    if (old.request.protocol === 'kernel') old.isRemoved = true
    this.#answer({ node, entry: old, isInstalled: false, isAccepted: true })
  }

  #answer(answer: Answer): void {
    this.#answers.push(answer)
    if (this.#answers.length > 1) return
    const { simulator, origin } = this.#options
    simulator.schedule(origin, KERNEL_ANSWER_NS, () => this.#handleAnswers(), 'work')
  }

  /** `rib_process_result`. */
  #handleAnswers(): void {
    const answers = this.#answers
    this.#answers = []
    for (const { node, entry, isInstalled, isAccepted } of answers) {
      if (isInstalled && node.fibEntry === entry) {
        entry.isQueued = false
        entry.isInstalled = isAccepted
        entry.isRejected = !isAccepted
        if (isAccepted) this.#options.groups.markInFib(entry.group)
        this.#resolver.onChange(node)
      }
    }
    for (const { node } of answers) this.#options.onAnswer(node)
  }
}

/** The class of a prefix is that of its most urgent entry. */
function rankOf(node: RibNode): number {
  let rank = 4
  for (const { request } of node.entries) rank = Math.min(rank, QUEUE_RANK[request.protocol])
  return rank
}
