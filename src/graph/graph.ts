/** A lab as a picture shows it: flat data, so that every format draws the same. */
export interface Graph {
  readonly name: string
  readonly nodes: readonly GraphNode[]
  readonly links: readonly GraphLink[]
  /** BGP sessions that do not run along one link: over a bridge, between loopbacks, or with nobody. */
  readonly sessions: readonly GraphSession[]
  readonly way?: GraphWay
}

export interface GraphNode {
  /** Unique in the graph. */
  readonly id: string
  /** As in the topology file. */
  readonly name: string
  readonly kind: 'router' | 'node' | 'host' | 'bridge' | 'absent'
  /** Of its BGP speakers. */
  readonly asns: readonly number[]
  readonly isRunning: boolean
  /** Row in the picture, from the top: 0, 1, … */
  readonly tier: number
  /** From containerlab's label `graph-level`, which overrides what the names and links say. */
  readonly level?: number
}

export interface GraphEnd {
  readonly node: string
  readonly interface: string
  /** With lengths: `10.1.1.0/31`. */
  readonly addresses: readonly string[]
}

export interface GraphLink {
  readonly ends: readonly [GraphEnd, GraphEnd]
  readonly hasCarrier: boolean
  /** The BGP session between its two ends. */
  readonly session?: GraphSession
}

export interface GraphSession {
  /** Node identifiers. */
  readonly a: string
  readonly b: string
  readonly kind: 'eBGP' | 'iBGP'
  /** `Established`, or the states of both ends: `Active / Idle`. */
  readonly state: string
  readonly isUp: boolean
}

/** The way of a packet and of its answer, as links: bridges included. */
export interface GraphWay {
  readonly from: string
  readonly to: string
  readonly isAnswered: boolean
  /** Where and why it ended, when it was not answered. */
  readonly end: string
  readonly there: readonly GraphHop[]
  readonly back: readonly GraphHop[]
}

/** One step between two nodes. */
export interface GraphHop {
  readonly from: string
  readonly to: string
  /** Index of the link in the graph; undefined when the packet crossed none of the topology's. */
  readonly link: number | undefined
}

/** `eBGP Established`. */
export function describeSession({ kind, state }: GraphSession): string {
  return `${kind} ${state}`
}

/** `leaf1`, `AS 65001`, and that it is down: the lines of a node's label. */
export function nodeLines({ name, asns, isRunning, kind }: GraphNode): readonly string[] {
  return [
    name,
    ...(asns.length === 0 ? [] : [`AS ${asns.join(', ')}`]),
    ...(isRunning ? [] : ['down']),
    ...(kind === 'absent' ? ['nobody has this address'] : []),
  ]
}

/** `eth1 10.1.1.0/31`. */
export function describeEnd({ interface: device, addresses }: GraphEnd): string {
  return [device, ...addresses].join(' ')
}

/** What a link's middle says: its session, or that it has no carrier. */
export function linkState(link: GraphLink): 'down' | 'up' | 'established' | 'not-established' {
  if (!link.hasCarrier) return 'down'
  if (link.session === undefined) return 'up'
  return link.session.isUp ? 'established' : 'not-established'
}
