import { FilterError } from './filter-error.ts'
import { Identifiers, type ResolveName } from './identifiers.ts'
import { FilterParser } from './parse.ts'
import { Primitives } from './primitives.ts'
import { compileTest, type FilteredPacket, isSatisfiable } from './test-tree.ts'

export interface FilterOptions {
  /** Link type of the packets, as in capture files. */
  readonly linkType: number
  /** Packets come from a device, not from a file: which way they go is known. */
  readonly isLive?: boolean
  /** Netmask of the interface, for `ip broadcast`. Default 0, as for files. */
  readonly netmask?: number
  /** Addresses of host names. Default: none is known. */
  readonly resolve?: ResolveName
}

/** A compiled expression, or what tcpdump says about it behind its name. */
export type CompiledFilter =
  | { readonly ok: true; readonly matches: (bytes: Uint8Array, wireBytes: number, isOutgoing?: boolean) => boolean }
  | { readonly ok: false; readonly message: string }

/** Compiles an expression of pcap-filter(7) for the protocols of this simulator. An empty one takes every packet. */
export function compileFilter(text: string, options: FilterOptions): CompiledFilter {
  if (text.trim() === '') return { ok: true, matches: () => true }
  try {
    const primitives = new Primitives(options.linkType, options.netmask ?? 0, options.isLive ?? false)
    const identifiers = new Identifiers(primitives, options.resolve ?? (() => undefined))
    const test = new FilterParser(text, primitives, identifiers).parse()
    if (test === undefined) return { ok: true, matches: () => true }
    if (!isSatisfiable(test)) return { ok: false, message: 'expression rejects all packets' }
    const holds = compileTest(test)
    return {
      ok: true,
      matches(bytes, wireBytes, isOutgoing = false) {
        const packet: FilteredPacket = { bytes, wireBytes, isOutgoing, isRefused: false }
        return holds(packet) && !packet.isRefused
      },
    }
  } catch (error) {
    if (error instanceof FilterError) return { ok: false, message: error.message }
    throw error
  }
}
