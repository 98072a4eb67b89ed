import { type ConfigNode, childrenAt, nodeAt, valueAt } from './tree.ts'

/** Kernel settings every VyOS makes that change answers (src/etc/sysctl.d/30-vyos-router.conf). */
const ALWAYS: readonly (readonly [key: string, value: string])[] = [
  ['net.ipv4.ip_forward', '1'],
  ['net.ipv4.conf.all.rp_filter', '0'],
  ['net.ipv4.conf.default.rp_filter', '0'],
  ['net.ipv4.conf.all.arp_announce', '2'],
  ['net.ipv4.conf.all.arp_ignore', '0'],
  ['net.ipv4.conf.all.arp_filter', '0'],
  ['net.ipv4.icmp_errors_use_inbound_ifaddr', '1'],
  ['net.ipv4.conf.all.ignore_routes_with_linkdown', '1'],
  ['net.ipv4.conf.all.promote_secondaries', '1'],
  ['net.ipv4.conf.all.accept_redirects', '0'],
  ['net.ipv4.conf.all.send_redirects', '1'],
  ['net.ipv4.conf.all.bc_forwarding', '1'],
  ['net.ipv6.conf.all.keep_addr_on_down', '1'],
]

/** The sysctls of a VyOS router: its own ones, then those of `system ip` and `system sysctl`. */
export function convertSysctls(root: ConfigNode): ReadonlyMap<string, string> {
  const sysctls = new Map(ALWAYS)
  const ip = nodeAt(root, 'system', 'ip')
  if (nodeAt(ip, 'disable-forwarding') !== undefined) sysctls.set('net.ipv4.ip_forward', '0')
  if (nodeAt(ip, 'multipath', 'layer4-hashing') !== undefined) sysctls.set('net.ipv4.fib_multipath_hash_policy', '1')
  if (nodeAt(ip, 'multipath', 'ignore-unreachable-nexthops') !== undefined) {
    sysctls.set('net.ipv4.fib_multipath_use_neigh', '1')
  }
  for (const parameter of childrenAt(root, 'system', 'sysctl', 'parameter')) {
    const value = valueAt(parameter, 'value')
    if (value !== undefined) sysctls.set(parameter.name, value)
  }
  return sysctls
}
