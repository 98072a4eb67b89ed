/**
 * Matchers for vitest: `import 'drylab/vitest'` in a test or a setup file, then
 *
 *     const lab = await loadLab('lab.clab.yml')
 *     await expect(lab).toHaveRoute('leaf1', '10.100.4.0/24', { via: ['10.1.1.0', '10.2.1.0'] })
 *     await expect(lab).toReach('host1', '10.100.4.10', { within: '10s' })
 *     await expect(lab).toKeepReachable('host1', '10.100.4.10', { atMost: '1s' }).during({ node: 'spine1' })
 *
 * All are asynchronous: await them.
 */
import { chai, expect } from 'vitest'
import { describeReport, LoadedLab } from '../api/loaded-lab.ts'
import type { CheckArgument, CheckName, Fault, When } from '../index.ts'
import { keepReachable } from './keep-reachable.ts'

/** The options of a check without what a matcher takes by position, and when it must hold. */
type Options<Name extends CheckName, Positional extends string> = Omit<CheckArgument<Name>, Positional> & When

/** The matchers, all of a lab from `loadLab`. */
export interface LabMatchers {
  /** The route to exactly this prefix: its whole next-hop set, device, protocol, metric, or (`absent`) that there is none. */
  toHaveRoute(node: string, prefix: string, options?: Options<'route', 'node' | 'to'>): Promise<void>
  /** Ping an address, open a TCP connection (`tcp://10.0.0.1:80`) or fetch a URL. */
  toReach(from: string, to: string, options?: Options<'reach', 'from' | 'to'>): Promise<void>
  /** The address is announced: by these nodes, by BGP or on the link. */
  toAnnounce(address: string, options?: Options<'announced', 'address'>): Promise<void>
  /** ARP: somebody on the node's link answers for the address. */
  toResolve(from: string, address: string, options?: Options<'resolve', 'from' | 'address'>): Promise<void>
  /** The BGP session with a peer is Established, or in another state. */
  toHaveSession(node: string, peer: string, options?: Options<'session', 'node' | 'peer'>): Promise<void>
  /** Any check, by its name in scenarios. */
  toHold<Name extends CheckName>(name: Name, argument: CheckArgument<Name>, when?: When): Promise<void>
  /** A flow is interrupted by a fault for a while at most. */
  toKeepReachable(
    from: string,
    to: string,
    options: { readonly atMost: string; readonly every?: string; readonly for?: string },
  ): { during(fault: Fault): Promise<void> }
}

declare module 'vitest' {
  interface Matchers<R extends void | Promise<void> = void | Promise<void>, T = unknown> extends LabMatchers {}
}

interface MatcherResult {
  readonly pass: boolean
  readonly message: () => string
}

/** Evaluates a check with a matcher's options, in which `when` is mixed with the check's own. */
async function judge(lab: unknown, name: CheckName, mixed: object): Promise<MatcherResult> {
  const { within, always, never, settled, ...argument } = mixed as When & Record<string, unknown>
  const when = Object.fromEntries(
    Object.entries({ within, always, never, settled }).filter(([, span]) => span !== undefined),
  )
  return judgeCheck(lab, name, argument, when)
}

async function judgeCheck(lab: unknown, name: CheckName, argument: object, when: When): Promise<MatcherResult> {
  if (!(lab instanceof LoadedLab)) throw new TypeError('expected a lab from loadLab()')
  const report = await lab.check(name, argument as never, when)
  return {
    pass: report.holds,
    message: () => (report.holds ? `expected not: ${report.expected}` : describeReport(report, lab.origin)),
  }
}

expect.extend({
  toHaveRoute: (lab, node: string, to: string, options = {}) => judge(lab, 'route', { node, to, ...options }),
  toReach: (lab, from: string, to: string, options = {}) => judge(lab, 'reach', { from, to, ...options }),
  toAnnounce: (lab, address: string, options = {}) => judge(lab, 'announced', { address, ...options }),
  toResolve: (lab, from: string, address: string, options = {}) => judge(lab, 'resolve', { from, address, ...options }),
  toHaveSession: (lab, node: string, peer: string, options = {}) => judge(lab, 'session', { node, peer, ...options }),
  toHold: (lab, name: CheckName, argument: object, when: When = {}) => judgeCheck(lab, name, argument, when),
})

chai.use((_, { addMethod, flag }) => {
  addMethod(
    chai.Assertion.prototype,
    'toKeepReachable',
    function (this: object, from: string, to: string, options: never) {
      const lab: unknown = flag(this, 'object')
      const isNegated = flag(this, 'negate') === true
      return { during: (fault: Fault) => keepReachable(lab, from, to, options, fault, isNegated) }
    },
  )
})
