import type { BfdSettings } from '../../model/bfd.ts'
import type { FrrVersion } from '../../model/frr-version.ts'
import type { SourceRef } from '../../model/source.ts'
import type { BgpDraft } from './bgp-draft.ts'
import type { InterfaceDraft, RouteMapEntryDraft, RouterDraft } from './draft.ts'
import type { StatementArguments } from './statement-arguments.ts'

/** Where a line stands; what vtysh calls a node. */
export type NodeKind = 'config' | 'interface' | 'bgp' | 'ipv4-unicast' | 'route-map' | 'vty' | 'bfd' | 'bfd-entry'

/** One statement of the language: its shape and what it does to the draft. */
export interface Statement {
  readonly node: NodeKind
  /** Notation of syntax.ts. Undefined: there is only the `no` form. */
  readonly syntax?: string
  /** What may follow `no`. Undefined: there is no such form. */
  readonly no?: string
  /** Its keywords are not taken abbreviated: what follows them is read so loosely that they would swallow other statements. */
  readonly isWholeWords?: boolean
  /** First release that knows it. */
  readonly since?: FrrVersion
  readonly apply: (context: StatementContext, values: StatementArguments) => void
}

/** A profile or a peer whose block is open. */
export interface BfdEntry {
  get(): BfdSettings
  set(settings: BfdSettings): void
}

/** What a statement may see and do. */
export interface StatementContext {
  readonly draft: RouterDraft
  readonly version: FrrVersion
  readonly source: SourceRef
  /** The instance, interface or route-map entry whose node the line is in. */
  readonly bgp: BgpDraft
  readonly interface: InterfaceDraft
  readonly routeMapEntry: RouteMapEntryDraft
  enterInterface(draft: InterfaceDraft): void
  enterBgp(): void
  enterIpv4Unicast(): void
  enterRouteMap(entry: RouteMapEntryDraft): void
  enterVty(): void
  enterBfd(): void
  /** A profile or peer of the `bfd` block: later lines read and replace its settings. */
  enterBfdEntry(entry: BfdEntry): void
  readonly bfdEntry: BfdEntry
  /** Opens a block whose lines have no effect: `what` names it. */
  enterForeign(what: string, block: ForeignBlockKind): void
  /** FRR refuses the line with this text. */
  refuse(message: string): void
  /** FRR takes the line; the simulation ignores it: `what` it would have done. */
  unmodelled(what: string): void
}

/** How the end of a block that is not modelled is found. */
export type ForeignBlockKind = 'family' | 'protocol' | 'vrf'
