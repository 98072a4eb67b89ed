import type { Statement } from '../statement.ts'
import { accessListStatements } from './access-list.ts'
import { asPathListStatements } from './as-path-list.ts'
import { bfdStatements } from './bfd.ts'
import { bgpFamilyStatements } from './bgp-family.ts'
import { bgpInstanceStatements } from './bgp-instance.ts'
import { blockStatements } from './block.ts'
import { communityListStatements } from './community-list.ts'
import { globalStatements } from './global.ts'
import { interfaceStatements } from './interface.ts'
import { neighborStatements } from './neighbor.ts'
import { neighborFamilyStatements } from './neighbor-family.ts'
import { neighborSessionStatements } from './neighbor-session.ts'
import { prefixListStatements } from './prefix-list.ts'
import { routeMapStatements } from './route-map.ts'
import { routeMapMatchStatements } from './route-map-match.ts'
import { routeMapSetStatements } from './route-map-set.ts'
import { routerBgpStatements } from './router-bgp.ts'
import { staticRouteStatements } from './static-route.ts'
import { unmodelledStatements } from './unmodelled.ts'
import { zebraStatements } from './zebra.ts'

/** Every statement of frr.conf that is understood. Among equally good fits the first one counts. */
export const STATEMENTS: readonly Statement[] = [
  ...globalStatements,
  ...interfaceStatements,
  ...staticRouteStatements,
  ...zebraStatements,
  ...bfdStatements,
  ...routerBgpStatements,
  ...bgpInstanceStatements,
  ...neighborStatements,
  ...neighborSessionStatements,
  ...bgpFamilyStatements,
  ...neighborFamilyStatements,
  ...prefixListStatements,
  ...accessListStatements,
  ...asPathListStatements,
  ...communityListStatements,
  ...routeMapStatements,
  ...routeMapMatchStatements,
  ...routeMapSetStatements,
  ...blockStatements,
  ...unmodelledStatements,
]
