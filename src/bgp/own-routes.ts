import type { NetworkStatement, RedistributeStatement } from '../model/bgp.ts'
import { type Prefix, UNSPECIFIED } from '../wire/address.ts'
import type { PathAttributes } from '../wire/bgp/attributes.ts'
import { DEFAULT_ATTRIBUTES, RouteDraft } from './attributes.ts'
import type { RedistributedRoute } from './route-manager.ts'
import { OWN_WEIGHT, type RouteTable } from './route-table.ts'

const ORIGIN_INCOMPLETE = 2

/** Routes the speaker brings in itself: `network`, `redistribute`, and what a program originates. */
export class OwnRoutes {
  readonly #table: RouteTable
  readonly #redistributions: { stop(): void }[] = []

  constructor(table: RouteTable) {
    this.#table = table
  }

  start(): void {
    for (const network of this.#table.model.networks) if (!network.backdoor) this.#addNetwork(network)
    for (const statement of this.#table.model.redistribute) this.#addRedistribution(statement)
  }

  stop(): void {
    for (const redistribution of this.#redistributions) redistribution.stop()
  }

  originate(prefix: Prefix, attributes: Partial<PathAttributes>): void {
    const draft = new RouteDraft({ ...DEFAULT_ATTRIBUTES, ...attributes }, attributes.nextHop)
    this.#table.setOwn(prefix, 'originated', draft)
  }

  withdraw(prefix: Prefix): void {
    this.#table.removeOwn(prefix, 'originated')
  }

  /** Origin IGP, MED 0, next hop self; with import-check valid only while another protocol has the exact prefix. */
  #addNetwork(network: NetworkStatement): void {
    const draft = this.#newDraft()
    draft.med = 0
    if (!this.#applyPolicy(network.routeMap, network.prefix, draft)) return
    const path = this.#table.setOwn(network.prefix, 'network', draft)
    if (!this.#table.model.networkImportCheck) return
    const check = this.#table.routes.trackPrefix(network.prefix, () => {
      this.#table.setReachability(path, check.isPresent, check.isPresent ? check.metric : 0)
    })
    path.importCheck = check
    path.isValid = check.isPresent
    path.igpMetric = check.isPresent ? check.metric : 0
  }

  #addRedistribution(statement: RedistributeStatement): void {
    const { protocol } = statement
    const redistribution = this.#table.routes.redistribute(
      protocol,
      route => this.#addRedistributed(statement, route),
      prefix => this.#removeRedistributed(prefix, protocol),
    )
    this.#redistributions.push(redistribution)
  }

  /** Origin incomplete, MED as the metric says, next hop = the route's gateway. */
  #addRedistributed(statement: RedistributeStatement, route: RedistributedRoute): void {
    const draft = this.#newDraft()
    draft.tag = route.tag
    draft.interface = route.interface
    draft.origin = ORIGIN_INCOMPLETE
    draft.med = statement.metric ?? route.metric
    draft.nextHop = route.nextHop ?? UNSPECIFIED
    if (!this.#applyPolicy(statement.routeMap, route.prefix, draft, statement.protocol)) {
      this.#removeRedistributed(route.prefix, statement.protocol)
      return
    }
    this.#table.setOwn(route.prefix, 'redistributed', draft, statement.protocol)
  }

  #removeRedistributed(prefix: Prefix, protocol: string): void {
    const path = this.#table.findOwn(prefix, 'redistributed')
    if (path?.sourceProtocol === protocol) this.#table.removeOwn(prefix, 'redistributed')
  }

  #newDraft(): RouteDraft {
    const draft = new RouteDraft(DEFAULT_ATTRIBUTES, UNSPECIFIED, OWN_WEIGHT)
    draft.hiddenLocalPreference = this.#table.model.defaultLocalPreference
    return draft
  }

  #applyPolicy(routeMap: string | undefined, prefix: Prefix, draft: RouteDraft, protocol = 'bgp'): boolean {
    const { model, policy } = this.#table
    if (routeMap !== undefined) {
      const context = { direction: 'local', sourceProtocol: protocol } as const
      if (!policy.applyRouteMap(routeMap, prefix, draft, context)) return false
    }
    if (model.gracefulShutdown) draft.addGracefulShutdown()
    return true
  }
}
