import { ACCEPTED_KINDS } from './kinds/accepted.ts'
import { CILIUM_BGP_PEERING_POLICY } from './kinds/cilium-bgp-peering-policy.ts'
import { CILIUM_L2_ANNOUNCEMENT_POLICY } from './kinds/cilium-l2-announcement-policy.ts'
import { CILIUM_LOAD_BALANCER_IP_POOL } from './kinds/cilium-load-balancer-ip-pool.ts'
import { CILIUM_NODE } from './kinds/cilium-node.ts'
import { CONFIG_MAP, LEASE, NAMESPACE, SECRET, SERVICE_ACCOUNT } from './kinds/configuration.ts'
import { DAEMON_SET } from './kinds/daemon-set.ts'
import { DEPLOYMENT } from './kinds/deployment.ts'
import { ENDPOINT_SLICE } from './kinds/endpoint-slice.ts'
import { INERT_KINDS } from './kinds/inert.ts'
import { NODE } from './kinds/node.ts'
import { POD } from './kinds/pod.ts'
import { REPLICA_SET } from './kinds/replica-set.ts'
import { SERVICE } from './kinds/service.ts'
import type { ManifestKind } from './manifest-kind.ts'

/** Every kind whose objects are understood, one line each. */
export const MANIFEST_KINDS: readonly ManifestKind[] = [
  CILIUM_BGP_PEERING_POLICY,
  CILIUM_L2_ANNOUNCEMENT_POLICY,
  CILIUM_LOAD_BALANCER_IP_POOL,
  CILIUM_NODE,
  CONFIG_MAP,
  DAEMON_SET,
  DEPLOYMENT,
  ENDPOINT_SLICE,
  LEASE,
  NAMESPACE,
  NODE,
  POD,
  REPLICA_SET,
  SECRET,
  SERVICE,
  SERVICE_ACCOUNT,
  ...ACCEPTED_KINDS,
  ...INERT_KINDS,
]

/** The kind's checks; any version of the group will do, as the server converts. */
export function manifestKind(kind: string): ManifestKind | undefined {
  return MANIFEST_KINDS.find(one => one.kind === kind)
}
