/** How the names of the L2 announcer's Leases begin. */
export const L2_LEASE_PREFIX = 'cilium-l2announce'

/** Name of the Lease, in kube-system, whose holder announces a service's addresses on the link. */
export function l2LeaseName(namespace: string, name: string): string {
  return `${L2_LEASE_PREFIX}-${namespace}-${name}`
}
