import type { FrrVersion } from '../model/frr-version.ts'

/** Which program the speaker imitates. */
export type BgpImplementation =
  | {
      readonly kind: 'frr'
      readonly version: FrrVersion
      /** Multipath limit of the build: 256 on Debian, 64 in the Alpine containers, 16 plain. Default 256. */
      readonly maximumPaths?: number
      /** Host name announced in capability 73. Default: the host's name. */
      readonly hostName?: string
      /** `!frr version` or profile lines that arm the 4 s start delay: the file has route-maps. Default: policy has any. */
      readonly hasRouteMaps?: boolean
    }
  | {
      readonly kind: 'gobgp'
      /** As in capability 75: `3.17.0`. */
      readonly version: string
      readonly hostName?: string
      /** Listens there; undefined: never listens. */
      readonly listenPort?: number
      /** The daemon of its own, gobgpd; otherwise the library inside Cilium, which refuses all that it receives. */
      readonly isDaemon?: boolean
    }

/** What the program does differently from others, as plain data worked out from its version. Times in nanoseconds. */
export interface BgpBehaviour {
  readonly kind: 'frr' | 'gobgp'
  /** FRR's release, 0 for others. */
  readonly version: FrrVersion
  readonly softwareVersion: string
  readonly hostName: string
  /** From reading the configuration to the first connect; incoming connections are closed meanwhile. */
  readonly startHoldNs: number
  /** Undefined: it never listens. */
  readonly listenPort: number | undefined
  /** Multipath limit of the build. */
  readonly maximumPaths: number
  readonly sorts: boolean
  readonly multipathInOrder: boolean
  readonly reflectsMedZero: boolean
  readonly packsAsSent: boolean
  readonly detectsLoopAlone: boolean
  /** Hold of the queue that batches decision runs. */
  readonly decisionDelayNs: number
  /** Between the loss of a session and its routes' removal from the table. */
  readonly clearDelayNs: number
  /** Start timer after a loss; doubled by each error. */
  readonly startTimerNs: number
  /** Dials at random instants: first after 5 to 9 s, then after one to two connect-retry times. */
  readonly dialsAtRandom: boolean
  /** Everything received is refused after counting (Cilium's global import policy). */
  readonly rejectsImports: boolean
  /** IPv6 unicast is offered beside IPv4, as by Cilium. */
  readonly offersIpv6: boolean
  /** First UPDATE waits for the coalesce timer. */
  readonly coalesces: boolean
}

const SECOND_NS = 1e9
const BGP_PORT = 179

/** @param hasRouteMaps the configuration has route-maps, so the start waits for the rest of their 5 s timer */
export function behaviourOf(
  implementation: BgpImplementation,
  context: { readonly hostName: string; readonly hasRouteMaps: boolean },
): BgpBehaviour {
  const hostName = implementation.hostName ?? context.hostName
  if (implementation.kind === 'gobgp') return gobgpBehaviour(implementation, hostName)
  const { version } = implementation
  const hasRouteMaps = implementation.hasRouteMaps ?? context.hasRouteMaps
  return {
    kind: 'frr',
    version,
    softwareVersion: '',
    hostName,
    startHoldNs: hasRouteMaps ? 4_100_000_000 : 1_100_000_000, // measured on FRR 8.4.4: 1.1 s against 4.1 s
    listenPort: BGP_PORT,
    maximumPaths: implementation.maximumPaths ?? 256,
    sorts: version >= 1001,
    multipathInOrder: version >= 1002,
    reflectsMedZero: version < 1002,
    packsAsSent: false,
    detectsLoopAlone: version >= 805,
    decisionDelayNs: 50e6,
    clearDelayNs: 10e6,
    startTimerNs: SECOND_NS,
    dialsAtRandom: false,
    rejectsImports: false,
    offersIpv6: false,
    coalesces: true,
  }
}

function gobgpBehaviour(implementation: Extract<BgpImplementation, { kind: 'gobgp' }>, hostName: string): BgpBehaviour {
  const { isDaemon = false } = implementation
  return {
    kind: 'gobgp',
    version: 0,
    softwareVersion: implementation.version,
    hostName,
    startHoldNs: 0,
    listenPort: implementation.listenPort,
    maximumPaths: 1,
    sorts: true,
    multipathInOrder: true,
    reflectsMedZero: false,
    packsAsSent: true,
    detectsLoopAlone: true,
    decisionDelayNs: 0,
    clearDelayNs: 0,
    startTimerNs: (isDaemon ? 30 : 5) * SECOND_NS, // idle-hold-time-after-reset: Cilium sets 5
    dialsAtRandom: true,
    rejectsImports: !isDaemon,
    offersIpv6: !isDaemon,
    coalesces: false,
  }
}
