import type { ScheduledEvent } from '../../sim/event-queue.ts'
import { type Ipv4Address, type MacAddress, ZERO_MAC } from '../../wire/address.ts'
import type { Interface } from '../interface.ts'
import type { RouteProtocol } from '../route-protocol.ts'
import { STATE } from './neighbor-transitions.ts'
import { PendingPackets } from './pending-packets.ts'

/** One entry of the neighbour table: the data beside the state machine. */
export class Neighbor {
  readonly interface: Interface
  readonly address: Ipv4Address
  mac: MacAddress = ZERO_MAC
  /** Number of a state, `STATE`. */
  state: number = STATE.none
  /** Last use by the slow path: sending in REACHABLE does not count (neigh_event_send). */
  usedAtNs: number
  confirmedAtNs: number
  updatedAtNs: number
  /** Requests sent, counted as the kernel does: resolution starts at ucast_solicit. */
  probes = 0
  isExternallyLearned = false
  protocol: RouteProtocol = 'unspec'
  readonly pending = new PendingPackets()
  timer: ScheduledEvent | undefined

  constructor(device: Interface, address: Ipv4Address, nowNs: number, confirmedAtNs: number) {
    this.interface = device
    this.address = address
    this.usedAtNs = nowNs
    this.updatedAtNs = nowNs
    this.confirmedAtNs = confirmedAtNs
  }

  /** NUD_VALID: there is a MAC address that may be used. */
  get isValid(): boolean {
    const { state } = this
    return (state >= STATE.reachable && state <= STATE.probe) || state >= STATE.permanent
  }
}
