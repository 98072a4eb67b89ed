import type { CheckArgument, CheckName } from '../scenario/assertions/table.ts'
import type { CheckReport, LoadedLab } from './loaded-lab.ts'
import type { When } from './timing.ts'

type CheckFunction<Name extends CheckName> = (
  lab: LoadedLab,
  argument: CheckArgument<Name>,
  when?: When,
) => Promise<CheckReport>

function checkFunction<Name extends CheckName>(name: Name): CheckFunction<Name> {
  return (lab, argument, when) => lab.check(name, argument, when)
}

/** Every check as a function: `await checks.route(lab, { node: 'leaf01', to: '10.0.0.0/24', via: ['10.1.1.0'] })`. */
export const checks = {
  /** What a BGP speaker sends to a peer. */
  advertised: checkFunction('advertised'),
  /** Who announces an address, by BGP or on the link. */
  announced: checkFunction('announced'),
  /** The best path of a prefix and the step that decided. */
  bestPath: checkFunction('best-path'),
  /** How long a flow is interrupted by a fault. */
  loss: checkFunction('loss'),
  /** An entry of an ARP table. */
  neighbor: checkFunction('neighbor'),
  /** Every way that routing may choose arrives. */
  noBlackHole: checkFunction('no-black-hole'),
  /** No way comes back to a node it has passed. */
  noLoop: checkFunction('no-loop'),
  /** Fields and conditions of a Kubernetes object. */
  object: checkFunction('object'),
  /** What a command prints. */
  output: checkFunction('output'),
  /** Frames that pass an interface. */
  packets: checkFunction('packets'),
  /** The way of a packet and of its answer, hop by hop. */
  path: checkFunction('path'),
  /** Ping, TCP or HTTP. */
  reach: checkFunction('reach'),
  /** What a BGP speaker has accepted from a peer. */
  received: checkFunction('received'),
  /** Who answers ARP for an address. */
  resolve: checkFunction('resolve'),
  /** A route with its whole next-hop set. */
  route: checkFunction('route'),
  /** The state of a BGP session. */
  session: checkFunction('session'),
}
