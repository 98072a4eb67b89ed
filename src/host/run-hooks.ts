import type { EthernetFrame } from '../wire/ethernet.ts'
import type { Ipv4Packet } from '../wire/ipv4.ts'
import { drop } from './drop.ts'
import type { FrameHook, HookChain, HookVerdict, PacketHook } from './hooks.ts'
import type { Host } from './host.ts'
import type { Interface } from './interface.ts'
import { emitFrame } from './output.ts'
import { packetWatcher } from './packet-watch.ts'
import { receivePacket } from './receive.ts'

/** Runs the hooks of an IP station. The packet that goes on, or undefined when a hook ended it. */
export function runPacketHooks(
  host: Host,
  chain: HookChain<PacketHook>,
  packet: Ipv4Packet,
  input: Interface | undefined,
  output: Interface | undefined,
): Ipv4Packet | undefined {
  let current = packet
  for (const hook of chain.list) {
    const verdict = hook(current, { input, output })
    if (verdict.verdict !== 'accept') {
      end(host, verdict, current, output ?? input ?? host.loopback)
      return undefined
    }
    if (verdict.packet !== undefined) packetWatcher(host.simulator)?.onRewrite(host.name, current, verdict.packet)
    current = verdict.packet ?? current
  }
  return current
}

/** Runs the hooks of a device. The frame that goes on, or undefined when a hook ended it. */
export function runFrameHooks(
  host: Host,
  chain: HookChain<FrameHook>,
  frame: EthernetFrame,
  device: Interface,
): EthernetFrame | undefined {
  let current = frame
  for (const hook of chain.list) {
    const verdict = hook(current, device)
    if (verdict.verdict !== 'accept') {
      if (current.payload.kind === 'ipv4') end(host, verdict, current.payload, device)
      else if (verdict.verdict !== 'stolen') host.counters.drop('hook')
      return undefined
    }
    if (verdict.packet !== undefined) {
      if (current.payload.kind === 'ipv4')
        packetWatcher(host.simulator)?.onRewrite(host.name, current.payload, verdict.packet)
      current = { ...current, payload: verdict.packet }
    }
  }
  return current
}

/** Carries out a verdict that ends the packet's way here. */
function end(
  host: Host,
  verdict: Exclude<HookVerdict, { verdict: 'accept' }>,
  packet: Ipv4Packet,
  device: Interface,
): void {
  if (verdict.verdict === 'drop') {
    drop(host, 'hook', packet, device, verdict.reason)
    return
  }
  if (verdict.verdict !== 'redirect') return
  if (verdict.packet !== packet) packetWatcher(host.simulator)?.onRewrite(host.name, packet, verdict.packet)
  redirect(host, verdict)
}

function redirect(host: Host, verdict: Extract<HookVerdict, { verdict: 'redirect' }>): void {
  const { interface: device, packet, mac, gateway } = verdict
  if (verdict.ingress) {
    receivePacket(host, device, packet, true)
    return
  }
  if (mac !== undefined) {
    emitFrame(host, device, mac, packet)
    return
  }
  if (gateway !== undefined) {
    host.neighbors.send(device, gateway, packet, undefined)
    return
  }
  const route = host.fib.lookup(packet.destination, packet.tos, device)
  const hop = route?.nextHops.find(candidate => candidate.interface === device)
  host.neighbors.send(device, hop?.gateway ?? packet.destination, packet, undefined)
}
