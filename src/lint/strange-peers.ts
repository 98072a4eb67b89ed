import { prefixContains, prefixOf } from '../wire/address.ts'
import type { LintContext } from './context.ts'
import { isOnOwnNetwork } from './counterpart.ts'
import type { PeerView } from './speaker-view.ts'

/** Peers that are on no connected network, and not shut down. */
export function strangePeers({ speakers }: LintContext): readonly PeerView[] {
  return speakers
    .filter(speaker => !speaker.hasForeignRoutes)
    .flatMap(({ peers }) => peers)
    .filter(peer => !peer.model.shutdown && !isOnOwnNetwork(peer) && !isOnVlan(peer))
}

/** On the network of a VLAN interface: it is configured, only not simulated. */
function isOnVlan({ speaker, address }: PeerView): boolean {
  const interfaces = speaker.node.router?.model.interfaces ?? []
  return interfaces.some(
    ({ create, addresses }) =>
      create === 'vlan' && addresses.some(own => prefixContains(prefixOf(own.address, own.length), address)),
  )
}

/** Whether a route leads to the peer, or it is a loopback whose route the session may bring. */
export function mayHaveRoute(context: LintContext, peer: PeerView): boolean {
  const route = peer.speaker.host.fib.lookup(peer.address)
  if (route?.type === 'unicast') return true
  // between loopbacks: the address is somebody's, and a route may be what the session is to bring
  return context.wires.owners(peer.address).some(({ device }) => device.isLoopback || device.kind === 'dummy')
}
