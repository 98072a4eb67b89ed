import { type FrrVersion, frrVersion } from '../model/frr-version.ts'

/** What FRR takes for granted where a configuration says nothing; differs by release and profile. */
export interface RouterDefaults {
  readonly keepaliveSeconds: number
  readonly holdSeconds: number
  readonly connectRetrySeconds: number
  readonly resolveViaDefault: boolean
  /** Switches of the BGP instance, by the words after `bgp`. */
  readonly flags: ReadonlyMap<string, boolean>
}

export interface RouterDefaultsOptions {
  /** The release that runs. */
  readonly version: FrrVersion
  /** The release named by a `frr version` line: defaults that changed later keep their old value. */
  readonly writtenVersion?: FrrVersion
  readonly profile: 'traditional' | 'datacenter'
}

/** Peers that come up by `bgp listen range` at most (bgpd/bgpd.h BGP_DYNAMIC_NEIGHBORS_LIMIT_DEFAULT). */
export const LISTEN_LIMIT = 100
/** LOCAL_PREF of routes that bring none (BGP_DEFAULT_LOCAL_PREF). */
export const LOCAL_PREFERENCE = 100
/** The TCP port of BGP, RFC 4271 §8.2.1. */
export const BGP_PORT = 179
/** Seconds; RFC 4724 restart time and how long stale paths stay (bgpd/bgpd.h BGP_DEFAULT_RESTART_TIME, …STALEPATH_TIME). */
export const RESTART_SECONDS = 120
export const STALE_PATH_SECONDS = 360
/** Administrative distances of BGP routes (ZEBRA_EBGP_DISTANCE_DEFAULT, ZEBRA_IBGP_DISTANCE_DEFAULT). */
export const DISTANCES = { external: 20, internal: 200, local: 200 }
/** zebra/zebra_router.h ZEBRA_DEFAULT_NHG_KEEP_TIMER */
export const NEXT_HOP_GROUP_KEEP_SECONDS = 180

/**
 * The defaults of a release and profile. Source: the FRR_CFG_DEFAULT tables at the top of bgpd/bgp_vty.c and in
 * zebra/zebra_cli.c; the releases in which they changed were found by comparing tags 8.4 to 10.7.
 */
export function routerDefaults(options: RouterDefaultsOptions): RouterDefaults {
  const { version, profile } = options
  const isDatacenter = profile === 'datacenter'
  const retry = version >= frrVersion(10, 3) ? 30 : 120
  return {
    keepaliveSeconds: isDatacenter ? 3 : 60,
    holdSeconds: isDatacenter ? 9 : 180,
    connectRetrySeconds: isDatacenter ? 10 : retry,
    resolveViaDefault: !isDatacenter && version >= frrVersion(9, 1),
    flags: bgpFlags(options),
  }
}

function bgpFlags({ version, writtenVersion, profile }: RouterDefaultsOptions): ReadonlyMap<string, boolean> {
  const written = writtenVersion ?? Number.POSITIVE_INFINITY
  const isDatacenter = profile === 'datacenter'
  return new Map([
    ['ebgp-requires-policy', !isDatacenter && written >= frrVersion(7, 4)],
    ['network import-check', isDatacenter || written >= frrVersion(7, 4)],
    ['suppress-duplicates', written >= frrVersion(7, 6)],
    ['hard-administrative-reset', written >= frrVersion(8, 3)],
    ['graceful-restart notification', written >= frrVersion(8, 3)],
    ['enforce-first-as', version >= frrVersion(10, 0) && written >= frrVersion(9, 1)],
    ['reject-as-sets', version >= frrVersion(10, 5)],
    ['log-neighbor-changes', isDatacenter],
    ['deterministic-med', isDatacenter],
    ['default show-hostname', isDatacenter],
    ['default show-nexthop-hostname', isDatacenter],
    ['fast-external-failover', true],
    ['client-to-client reflection', true],
  ])
}
