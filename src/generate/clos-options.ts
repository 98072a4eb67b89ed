/** Configuration language of the generated routers: `frr.conf` for FRR, `config.boot` for VyOS. */
export type Dialect = 'frr' | 'vyos'

/** What a generated Clos fabric shall be. Counts are whole numbers. */
export interface ClosOptions {
  /** Spines in all; each pod has its equal share. */
  readonly spines: number
  /** Leaves in all; each pod has its equal share. */
  readonly leaves: number
  /** Super-spines, each joined to every spine of every pod. Default 0: two tiers. */
  readonly superSpines?: number
  /** Pods: every leaf of a pod is joined to every spine of it. Default 2 with super-spines, 1 without. */
  readonly pods?: number
  /** Hosts behind each leaf, each in a network of its own. Default 1. */
  readonly hostsPerLeaf?: number
  /** Prefixes that each leaf announces; the first ones are its hosts' networks. Default: one per host, at least 1. */
  readonly prefixesPerLeaf?: number
  readonly dialect?: Dialect
  /** One autonomous system with the spines (and super-spines) as route reflectors, instead of eBGP between the tiers. */
  readonly ibgpRouteReflectors?: boolean
}
