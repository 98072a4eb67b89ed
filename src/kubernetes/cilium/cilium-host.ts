/**
 * The device `cilium_host` with the router address, and the node's route to its own pod CIDR.
 * Differs from Cilium: `cilium_host` is a dummy device here, not one end of a veth pair with `cilium_net`.
 * Source: bpf/init.sh and pkg/datapath/linux/node.go (updateNodeRoute).
 */
import { formatIpv4, prefixOf } from '../../wire/address.ts'
import type { CiliumAgent } from './agent.ts'

const DEVICE = 'cilium_host'

/** Creates the device with the router address, and the routes to the node's pods through it. */
export function createCiliumHost(agent: CiliumAgent): void {
  const { host } = agent.node
  if (host.interfaces.get(DEVICE) !== undefined) return
  const added = host.addDummy(DEVICE, 'dummy')
  if (!added.ok) {
    agent.log(`cannot create ${DEVICE}: ${added.errno}`)
    return
  }
  const device = added.interface
  host.setInterfaceUp(device, true)
  host.addAddress(device, { address: agent.routerAddress, length: 32, scope: 'link' })
  host.sysctl.set('net.ipv4.ip_forward', '1')
  const common = { type: 'unicast' as const, table: 254, tos: 0, metric: 0, protocol: 'kernel' as const }
  const nextHop = { interface: device, weight: 1, onlink: false, isDead: false, isLinkDown: false }
  const toRouter = {
    ...common,
    prefix: prefixOf(agent.routerAddress, 32),
    scope: 'link' as const,
    nextHops: [nextHop],
  }
  const toPods = {
    ...common,
    prefix: agent.podPrefix,
    scope: 'global' as const,
    preferredSource: agent.routerAddress,
    nextHops: [{ ...nextHop, gateway: agent.routerAddress }],
  }
  for (const route of [toRouter, toPods]) {
    const result = host.addRoute(route, 'replace')
    if (!result.ok)
      agent.log(`cannot add route: ${result.errno} ${result.message ?? ''}`, {
        router: formatIpv4(agent.routerAddress),
      })
  }
}

/** Removes the device, and with it its routes. */
export function removeCiliumHost(agent: CiliumAgent): void {
  const { host } = agent.node
  const device = host.interfaces.get(DEVICE)
  if (device !== undefined) host.removeInterface(device)
}
