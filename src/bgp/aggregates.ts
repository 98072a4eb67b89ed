import type { AggregateStatement } from '../model/bgp.ts'
import { type Prefix, prefixCovers, prefixLength, UNSPECIFIED } from '../wire/address.ts'
import { aggregateAsPaths } from './as-path.ts'
import { DEFAULT_ATTRIBUTES, RouteDraft } from './attributes.ts'
import { compareLargeCommunities } from './community-list.ts'
import type { Path } from './path.ts'
import { ORIGIN_CODE } from './policy.ts'
import { OWN_WEIGHT, type RouteTable } from './route-table.ts'

/**
 * `aggregate-address` (FRR bgp_aggregate_route): present while one valid more-specific path exists, best or not; aggregates
 * do not contribute to each other. `summary-only` and suppress-maps keep contributing paths from being announced.
 */
export class AggregateSet {
  readonly #table: RouteTable
  readonly #statements: readonly AggregateStatement[]
  readonly #dirty = new Set<AggregateStatement>()
  /** Paths each statement suppresses. */
  readonly #suppressed = new Map<AggregateStatement, Set<Path>>()
  /** The new path, where that was the last thing to happen under a statement. */
  readonly #latest = new Map<AggregateStatement, Path | undefined>()

  constructor(table: RouteTable, statements: readonly AggregateStatement[]) {
    this.#table = table
    this.#statements = statements
  }

  get isEmpty(): boolean {
    return this.#statements.length === 0
  }

  /** A path of the prefix came, went or changed; `newPath`: it has just been learned, and was valid at once. */
  onChange(prefix: Prefix, newPath?: Path): void {
    for (const statement of this.#statements) {
      if (statement.prefix === prefix || !prefixCovers(statement.prefix, prefix)) continue
      this.#dirty.add(statement)
      this.#latest.set(statement, newPath)
    }
  }

  /** Works out the aggregates whose contributors changed; may queue destinations. */
  refresh(): void {
    for (const statement of this.#statements) {
      if (this.#dirty.delete(statement)) this.#refreshOne(statement)
    }
  }

  #refreshOne(statement: AggregateStatement): void {
    const contributors = this.#contributors(statement)
    const isMatching = !statement.matchingMedOnly || this.#hasOneMed(contributors)
    const draft = contributors.length === 0 || !isMatching ? undefined : this.#aggregate(statement, contributors)
    const isDenied = draft === undefined && isMatching
    this.#suppress(statement, isDenied ? this.#leftSuppressed(statement, contributors) : isMatching ? contributors : [])
    if (draft === undefined) this.#table.removeOwn(statement.prefix, 'aggregate')
    else this.#table.setOwn(statement.prefix, 'aggregate', draft)
  }

  #contributors(statement: AggregateStatement): Path[] {
    const contributors: Path[] = []
    for (const { prefix, paths } of this.#table.rib.sorted()) {
      if (prefixLength(prefix) <= prefixLength(statement.prefix)) continue
      if (!prefixCovers(statement.prefix, prefix)) continue
      for (const path of paths) {
        if (path.isValid && !path.isRemoved && path.kind !== 'aggregate') contributors.push(path)
      }
    }
    return contributors
  }

  /**
   * When the route-map denies the aggregate, FRR lifts the suppression of the paths in the table; the path that has just been
   * learned is not in it yet and stays suppressed (bgp_aggregate_increment comes before bgp_path_info_add; measured on 8.4.4).
   */
  #leftSuppressed(statement: AggregateStatement, contributors: readonly Path[]): Path[] {
    return contributors.filter(path => path === this.#latest.get(statement))
  }

  /** `matching-MED-only`. */
  #hasOneMed(contributors: readonly Path[]): boolean {
    const missing = this.#table.model.bestPath.medMissingAsWorst ? 0xffffffff : 0
    return new Set(contributors.map(path => path.attributes.med ?? missing)).size <= 1
  }

  #suppress(statement: AggregateStatement, contributors: readonly Path[]): void {
    const before = this.#suppressed.get(statement) ?? new Set()
    const now = new Set(contributors.filter(path => this.#isSuppressed(statement, path)))
    this.#suppressed.set(statement, now)
    for (const path of before) if (!now.has(path)) this.#changeSuppression(path, -1)
    for (const path of now) if (!before.has(path)) this.#changeSuppression(path, 1)
  }

  #changeSuppression(path: Path, by: number): void {
    path.suppressors += by
    path.hasChangedAttributes = true // announced or withdrawn anew although the path is the same
    if (!path.isRemoved) this.#table.queue(path.destinations)
  }

  /** Where there are aggregates, every destination stands alone. */
  #prefixOf({ destinations }: Path): Prefix {
    return this.#table.rib.numbers.prefixOf(destinations.numbers[0]!)
  }

  #isSuppressed(statement: AggregateStatement, path: Path): boolean {
    if (statement.summaryOnly) return true
    if (statement.suppressMap === undefined) return false
    // The map is asked about the prefix alone: FRR hands it empty attributes (aggr_suppress_map_test).
    const draft = new RouteDraft(DEFAULT_ATTRIBUTES)
    return this.#table.policy.applyRouteMap(statement.suppressMap, this.#prefixOf(path), draft, {
      direction: 'local',
    })
  }

  /** Undefined when the route-map denies the aggregate. */
  #aggregate(statement: AggregateStatement, contributors: readonly Path[]): RouteDraft | undefined {
    const { model, policy, routerId } = this.#table
    const draft = new RouteDraft(DEFAULT_ATTRIBUTES, UNSPECIFIED, OWN_WEIGHT)
    draft.med = 0
    for (const path of contributors) if (path.attributes.origin > draft.origin) draft.origin = path.attributes.origin
    if (statement.origin !== undefined) draft.origin = ORIGIN_CODE[statement.origin]
    // A contributor's own ATOMIC_AGGREGATE is not passed on: measured on FRR 8.4.4, whose incremental path ignores it.
    draft.atomicAggregate = !statement.asSet
    draft.aggregator = { asn: model.confederation?.identifier ?? model.asn, address: routerId }
    if (statement.asSet) joinAttributes(draft, contributors)
    if (statement.routeMap !== undefined) {
      const isPermitted = policy.applyRouteMap(statement.routeMap, statement.prefix, draft, { direction: 'local' })
      if (!isPermitted) return undefined
    }
    if (model.gracefulShutdown) draft.addGracefulShutdown()
    return draft
  }
}

/**
 * `as-set`: the ASes and the communities of all contributors. graceful-shutdown stays: FRR 8.4.4 means to drop it and looks for
 * it in the wrong byte order (bgp_attr_aggregate_intern; measured).
 */
function joinAttributes(draft: RouteDraft, contributors: readonly Path[]): void {
  draft.asPath = aggregateAsPaths(contributors.map(path => path.attributes.asPath))
  const communities = new Set<number>()
  const large = new Set<string>()
  for (const { attributes } of contributors) {
    for (const community of attributes.communities) communities.add(community)
    for (const community of attributes.largeCommunities) large.add(community)
  }
  draft.communities = [...communities].sort((a, b) => a - b)
  draft.largeCommunities = [...large].sort(compareLargeCommunities)
}
