import type { Ipv4Address, MacAddress } from '../wire/address.ts'
import type { EthernetFrame } from '../wire/ethernet.ts'
import type { Ipv4Packet } from '../wire/ipv4.ts'
import type { Interface } from './interface.ts'

/**
 * What a hook decides. `accept` may carry a rewritten packet. `stolen`: the hook took care of the packet itself.
 * `redirect` sends the packet out of another device of the host (bpf_redirect_neigh): to `mac` when given, else to the
 * resolved `gateway`, else to the next hop that the routing table has for the destination on that device, else to the
 * destination itself. With `ingress: true` the packet is received on that device instead (BPF_F_INGRESS).
 */
export type HookVerdict =
  | { readonly verdict: 'accept'; readonly packet?: Ipv4Packet }
  | { readonly verdict: 'drop'; readonly reason: string }
  | { readonly verdict: 'stolen' }
  | {
      readonly verdict: 'redirect'
      readonly interface: Interface
      readonly packet: Ipv4Packet
      readonly mac?: MacAddress
      readonly gateway?: Ipv4Address
      readonly ingress?: boolean
    }

export const ACCEPT: HookVerdict = { verdict: 'accept' }

/** Where a packet is when a netfilter-like hook sees it. Before routing there is no output device. */
interface HookContext {
  readonly input: Interface | undefined
  readonly output: Interface | undefined
}

/** Sees packets at a station of the IP stack. */
export type PacketHook = (packet: Ipv4Packet, context: HookContext) => HookVerdict

/** Sees frames at a device, ARP too, as a tc program does; `packet` of an accept or redirect replaces the IP payload. */
export type FrameHook = (frame: EthernetFrame, device: Interface) => HookVerdict

/** An ordered list of hooks; the first verdict that is not `accept` ends it. */
export class HookChain<Hook> {
  readonly list: Hook[] = []

  /** Appends a hook. Returns the function that takes it away. */
  add(hook: Hook): () => void {
    this.list.push(hook)
    return () => {
      const index = this.list.indexOf(hook)
      if (index >= 0) this.list.splice(index, 1)
    }
  }

  /** Puts a hook before all others. Returns the function that takes it away. */
  addFirst(hook: Hook): () => void {
    const remove = this.add(hook)
    this.list.unshift(this.list.pop() as Hook)
    return remove
  }

  get isEmpty(): boolean {
    return this.list.length === 0
  }
}

/** The places where a host's packets can be seen and changed, in the order in which a packet meets them. */
export class Hooks {
  /** tc ingress: each frame that a device receives, before the stack. */
  readonly ingress = new HookChain<FrameHook>()
  /** Each received IP packet before routing (NF_INET_PRE_ROUTING). */
  readonly prerouting = new HookChain<PacketHook>()
  /** Each packet for this host (NF_INET_LOCAL_IN). */
  readonly input = new HookChain<PacketHook>()
  /** Each packet that is passed on (NF_INET_FORWARD). */
  readonly forward = new HookChain<PacketHook>()
  /** Each packet of this host's own, after routing (NF_INET_LOCAL_OUT). A changed destination is routed anew. */
  readonly output = new HookChain<PacketHook>()
  /** Each packet that leaves, own or forwarded (NF_INET_POST_ROUTING). */
  readonly postrouting = new HookChain<PacketHook>()
  /** tc egress: each frame that a device sends, MAC addresses filled in. */
  readonly egress = new HookChain<FrameHook>()
}
