import { assert } from '../../assert.ts'
import type { FrrVersion } from '../../model/frr-version.ts'
import type { RouterStatement } from '../../model/router-statement.ts'
import type { SourceRef } from '../../model/source.ts'
import type { BgpDraft } from './bgp-draft.ts'
import type { DiagnosticCollector } from './diagnostic-collector.ts'
import { createRouterDraft, type InterfaceDraft, type RouteMapEntryDraft, type RouterDraft } from './draft.ts'
import { columnOfWord, LINE_CHARACTERS_MAX, splitWords } from './split-words.ts'
import type { BfdEntry, ForeignBlockKind, NodeKind, StatementContext } from './statement.ts'
import { StatementArguments } from './statement-arguments.ts'
import { type FoundStatement, findStatement, type StatementSearch } from './statement-index.ts'

interface ForeignBlock {
  readonly kind: ForeignBlockKind
  readonly countLine: () => void
  depth: number
  /** How deep `formats` stands: a `format` right in it is a block, one in a `locator` is a statement. */
  formatsDepth?: number
}

/** Words that open a block inside a block that is not modelled. */
const NESTED_OPENERS = new Set(['peer', 'profile', 'key', 'address-family', 'vni', 'policy', 'segment-list', 'locator'])
/** Lines of one word that do so under `segment-routing`. */
const SEGMENT_ROUTING_OPENERS = new Set(['srv6', 'traffic-eng', 'encapsulation', 'locators', 'formats'])
/** First words with which a top-level statement ends a block that is not modelled. */
const STARTERS = /^(router|interface|route-map|line|vrf|access-list|hostname|frr|log|debug|bgp|key|bfd|ip|ipv6|no)$/

/** Where a line may stand that is met in a node: in it or in one around it. */
const NODES_FROM: Readonly<Record<NodeKind, readonly NodeKind[]>> = {
  config: ['config'],
  interface: ['interface', 'config'],
  bgp: ['bgp', 'config'],
  'ipv4-unicast': ['ipv4-unicast', 'bgp', 'config'],
  'route-map': ['route-map', 'config'],
  vty: ['vty', 'config'],
  bfd: ['bfd', 'config'],
  'bfd-entry': ['bfd-entry', 'bfd', 'config'],
}

/**
 * Reads frr.conf line by line into a draft, the way `vtysh -b` hands lines to the daemons: a line that does not fit where it
 * stands is tried in the blocks around it, and a bad line is reported and skipped (vtysh/vtysh_config.c, lib/command.c
 * `command_config_read_one_line`).
 */
export class FrrReader implements StatementContext {
  readonly draft: RouterDraft = createRouterDraft()
  readonly version: FrrVersion
  source: SourceRef = { file: '', line: 1, column: 1 }
  readonly #statements: RouterStatement[] | undefined
  readonly #collector: DiagnosticCollector
  #node: NodeKind = 'config'
  #interface: InterfaceDraft | undefined
  #routeMapEntry: RouteMapEntryDraft | undefined
  #bfdEntry: BfdEntry | undefined
  #foreign: ForeignBlock | undefined
  #isOutside = false
  #block = ''

  /** @param statements where every line that is understood is put, in order */
  constructor(version: FrrVersion, collector: DiagnosticCollector, statements?: RouterStatement[]) {
    this.version = version
    this.#statements = statements
    this.#collector = collector
  }

  get bgp(): BgpDraft {
    assert(this.draft.bgp !== undefined, 'a BGP statement outside router bgp')
    return this.draft.bgp
  }

  get interface(): InterfaceDraft {
    assert(this.#interface !== undefined, 'an interface statement outside interface')
    return this.#interface
  }

  get routeMapEntry(): RouteMapEntryDraft {
    assert(this.#routeMapEntry !== undefined, 'a route-map statement outside route-map')
    return this.#routeMapEntry
  }

  /** One line. `source` is where its first word stands, or what it was made from when it was generated from another dialect. */
  readLine(text: string, source: SourceRef, isGenerated = false): void {
    if (text.length > LINE_CHARACTERS_MAX) {
      const message = `line of ${text.length} characters: vtysh takes ${LINE_CHARACTERS_MAX}`
      this.#collector.report('frr/line-too-long', 'warning', message, isGenerated ? source : { ...source, column: 1 })
      return
    }
    const words = splitWords(text)
    if (words.length === 0) return
    this.source = source
    if (this.#foreign !== undefined && this.#readForeign(words, text)) return
    if (this.#leave(words)) return
    const found: StatementSearch = this.#isOutside ? { kind: 'unknown', failedWord: 0 } : this.#find(words)
    if (found.kind === 'found') this.#apply(found, words)
    else this.#reportUnknown(words, found, isGenerated ? undefined : text)
  }

  #apply({ statement, match, isNegated }: FoundStatement, words: readonly string[]): void {
    const isInBlock = this.#node !== 'config'
    this.#statements?.push({ block: isInBlock ? this.#block : '', text: words.join(' '), source: this.source })
    statement.apply(this, new StatementArguments(match, isNegated, words))
    if (!isInBlock && (this.#node as NodeKind) !== 'config') this.#block = words.join(' ')
  }

  /** Tries the node of the line, then the ones around it. */
  #find(words: readonly string[]): StatementSearch {
    let worst: StatementSearch | undefined
    for (const node of NODES_FROM[this.#node]) {
      const found = findStatement(node, words, this.version)
      if (found.kind === 'found') {
        // A loosely read statement says little about where the line stands.
        if (!found.statement.isWholeWords) this.#node = node
        return found
      }
      if (worst === undefined || isWorse(found, worst)) worst = found
    }
    return worst ?? { kind: 'unknown', failedWord: 0 }
  }

  /** `exit`, `end` and their relatives. */
  #leave(words: readonly string[]): boolean {
    const [first, second] = words
    if (first === undefined) return false
    if (first.startsWith('conf') && 'configure'.startsWith(first) && (second ?? 't').startsWith('t')) {
      this.#isOutside = false
      return true
    }
    if (first === 'do') return true
    if (words.length > 1) return false
    if (first === 'end') this.#node = 'config'
    else if (first === 'exit' || first === 'quit') this.#exit()
    else if (first === 'exit-address-family') this.#node = this.#node === 'ipv4-unicast' ? 'bgp' : this.#node
    else return /^exit-(vrf|vni|route-map|vnc|ldp-if)$/.test(first)
    return true
  }

  /** `exit` outside every block leaves configuration: until `configure terminal` no line is known (measured on 8.4.4). */
  #exit(): void {
    if (this.#node === 'config') this.#isOutside = true
    this.#node = this.#node === 'ipv4-unicast' ? 'bgp' : this.#node === 'bfd-entry' ? 'bfd' : 'config'
  }

  /** True: the line belongs to the block that is not modelled. */
  #readForeign(words: readonly string[], text: string): boolean {
    const block = this.#foreign
    if (block === undefined) return false
    const first = words[0]!
    if (first === 'end' || /^(exit|quit)(-.*)?$/.test(first)) {
      if (first !== 'end' && block.depth > 0 && first !== 'exit-vrf') block.depth--
      else this.#foreign = undefined
      if (first === 'end') this.#node = 'config'
      return true
    }
    if (this.#endsForeign(words, text, block)) {
      this.#foreign = undefined
      return false
    }
    if (opensNested(words, block)) block.depth++
    if (first === 'formats') block.formatsDepth = block.depth
    block.countLine()
    return true
  }

  #endsForeign(words: readonly string[], text: string, block: ForeignBlock): boolean {
    const first = words[0]!
    if (block.kind === 'family') {
      if (findStatement('ipv4-unicast', words, this.version).kind === 'found' && first !== 'address-family')
        return false
      if (findStatement('bgp', words, this.version).kind === 'found') return true
    }
    // `bgp graceful-restart` is known outside blocks too: an indented one belongs to the block
    if (/^(bgp|no)$/.test(first) && columnOfWord(text, 0) > 1) return false
    if (!STARTERS.test(first) || (block.kind === 'vrf' && /^(ip|ipv6|no)$/.test(first))) return false
    return findStatement('config', words, this.version).kind === 'found'
  }

  /** @param line as it is written, when `source` is where */
  #reportUnknown(words: readonly string[], search: StatementSearch, line: string | undefined): void {
    const what = { unknown: 'Unknown command', incomplete: 'Command incomplete', ambiguous: 'Ambiguous command' }
    const kind = search.kind === 'found' ? 'unknown' : search.kind
    const failed = search.kind === 'found' || search.failedWord >= words.length ? undefined : search.failedWord
    const column = line === undefined || failed === undefined ? this.source.column : columnOfWord(line, failed)
    const message = `% ${what[kind]}: ${shorten(words.join(' '))}`
    this.#collector.report(`frr/${kind}-command`, 'warning', message, { ...this.source, column })
  }

  enterInterface(draft: InterfaceDraft): void {
    this.#interface = draft
    this.#node = 'interface'
  }

  enterBgp(): void {
    this.#node = 'bgp'
  }

  enterIpv4Unicast(): void {
    this.#node = 'ipv4-unicast'
  }

  enterRouteMap(entry: RouteMapEntryDraft): void {
    this.#routeMapEntry = entry
    this.#node = 'route-map'
  }

  enterVty(): void {
    this.#node = 'vty'
  }

  enterBfd(): void {
    this.draft.bfd ??= { profiles: new Map(), peers: new Map() }
    this.#node = 'bfd'
  }

  enterBfdEntry(entry: BfdEntry): void {
    this.#bfdEntry = entry
    this.#node = 'bfd-entry'
  }

  get bfdEntry(): BfdEntry {
    assert(this.#bfdEntry !== undefined, 'a BFD statement outside profile and peer')
    return this.#bfdEntry
  }

  enterForeign(what: string, kind: ForeignBlockKind): void {
    const countLine = this.#collector.unmodelledBlock('frr/not-modelled', what, this.source)
    this.#node = kind === 'family' ? 'bgp' : 'config'
    this.#foreign = { kind, countLine, depth: 0 }
  }

  refuse(message: string): void {
    this.#collector.report('frr/refused', 'warning', message, this.source)
  }

  unmodelled(what: string): void {
    this.#collector.unmodelled('frr/not-modelled', what, this.source)
  }
}

/** Of the failures in several nodes the one that got further tells more. */
function isWorse(found: StatementSearch, worst: StatementSearch): boolean {
  if (found.kind === 'found' || worst.kind === 'found') return false
  return found.failedWord > worst.failedWord || (worst.kind === 'unknown' && found.kind !== 'unknown')
}

function shorten(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)}…` : text
}

function opensNested(words: readonly string[], block: ForeignBlock): boolean {
  const first = words[0]!
  if (words.length === 1 && SEGMENT_ROUTING_OPENERS.has(first)) return true
  return NESTED_OPENERS.has(first) || (first === 'format' && block.formatsDepth === block.depth)
}
