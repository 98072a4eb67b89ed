import type { Lab } from '../lab/lab.ts'
import type { LabNode } from '../lab/node.ts'
import { routerStatements } from '../lab/router.ts'
import type { RouterStatement } from '../model/router-statement.ts'
import type { SourceRef } from '../model/source.ts'
import type { EndpointModel, NodeModel } from '../model/topology.ts'
import { formatIpv4, type Ipv4Address } from '../wire/address.ts'

/** Finds the lines of the user's files that are responsible for something. */
export class Places {
  readonly #lab: Lab
  readonly #statements = new Map<LabNode, readonly RouterStatement[]>()

  constructor(lab: Lab) {
    this.#lab = lab
  }

  /** Lines of the node's router configuration that were understood. */
  statements(node: LabNode): readonly RouterStatement[] {
    let known = this.#statements.get(node)
    if (known === undefined) {
      known = routerStatements(node)
      this.#statements.set(node, known)
    }
    return known
  }

  /** The last line that fits: a later one overrides. `block` is the block's opening line. */
  line(node: LabNode, text: RegExp, block?: string | RegExp): SourceRef | undefined {
    const fits = (one: RouterStatement): boolean =>
      text.test(one.text) &&
      (block === undefined || (typeof block === 'string' ? one.block === block : block.test(one.block)))
    return this.statements(node).findLast(fits)?.source
  }

  /** A line about a neighbour: its own, else its peer group's. `words` is what follows the name: `remote-as`. */
  neighbor(node: LabNode, peer: { address?: Ipv4Address; peerGroup?: string }, words: string): SourceRef | undefined {
    for (const name of [peer.address === undefined ? undefined : formatIpv4(peer.address), peer.peerGroup]) {
      if (name === undefined) continue
      const found = this.line(node, new RegExp(`^neighbor ${escapeRegex(name)} ${words}`))
      // VyOS' lines may name the block they come from: the word itself stands inside it
      const word = /^[\w-]+/.exec(words)?.[0]
      const inner =
        found === undefined || word === undefined ? undefined : inside(node, found, new RegExp(`^${word}\\b`))
      if (found !== undefined) return inner ?? found
    }
    return undefined
  }

  /** The node's key in its topology file. */
  node(node: LabNode): SourceRef | undefined {
    return this.#model(node)?.source
  }

  /** The end of a link in the topology file. */
  link(node: LabNode, device: string): SourceRef | undefined {
    return this.#end(node, device)?.source
  }

  /** The last `exec` line of the node's topology that fits. */
  exec(node: LabNode, text: RegExp): SourceRef | undefined {
    const lines = this.nodesOf(node).flatMap(one => this.#model(one)?.exec ?? [])
    return lines.findLast(line => text.test(line.command))?.source
  }

  /** Where a sysctl is set: `sysctls` of the topology, an `exec` line, the routing suite. `name` is its last part. */
  sysctl(node: LabNode, name: string): SourceRef | undefined {
    const run = this.exec(node, new RegExp(`\\b${name}\\b`))
    if (run !== undefined) return run
    for (const one of this.nodesOf(node)) {
      const sources = this.#model(one)?.sysctlSources ?? new Map<string, SourceRef>()
      for (const [key, source] of sources) if (key.endsWith(name)) return source
    }
    if (name === 'ip_forward') return this.line(node, /^no ip forwarding$/)
    const devices = [...node.host.interfaces].map(device => device.name)
    const key = name === 'rp_filter' ? /^source-validation\b/ : undefined
    return key === undefined
      ? undefined
      : devices.map(device => this.#vyosLine(node, device, key)).find(one => one !== undefined)
  }

  /** Where a device's MTU is set: an `exec` line, the link. */
  mtu(node: LabNode, device: string): SourceRef | undefined {
    const name = escapeRegex(device)
    const run = this.exec(node, new RegExp(`\\blink\\b.*\\b${name}\\b.*\\bmtu\\b`))
    return run ?? this.#vyosLine(node, device, /^mtu\b/) ?? this.link(node, device)
  }

  /** A line inside the block of an interface in a VyOS configuration: `disable`, `mtu "1400"`. */
  #vyosLine(node: LabNode, device: string, text: RegExp): SourceRef | undefined {
    const { model } = node.router ?? {}
    const block = model?.dialect === 'vyos' ? model.interfaces.find(one => one.name === device)?.source : undefined
    return block === undefined ? undefined : inside(node, block, text)
  }

  /** The line that shuts a device down. */
  shutdown(node: LabNode, device: string): SourceRef | undefined {
    return (
      this.line(node, /^shutdown$/, `interface ${device}`) ??
      this.#vyosLine(node, device, /^disable\b/) ??
      this.exec(node, new RegExp(`\\blink\\s+set\\b.*\\b${escapeRegex(device)}\\b.*\\bdown\\b`)) ??
      this.device(node, device)
    )
  }

  /** Where an address of a device was given: the routing suite's file, an `exec` line, the link. */
  address(node: LabNode, device: string, address: Ipv4Address): SourceRef | undefined {
    const text = escapeRegex(formatIpv4(address))
    return (
      this.line(node, new RegExp(`^ip address ${text}/`), `interface ${device}`) ??
      this.#vyosLine(node, device, new RegExp(`^address "?${text}/`)) ??
      this.exec(node, new RegExp(`\\baddr(ess)?\\s+(add|replace)\\s+${text}/`)) ??
      (this.#end(node, device)?.address?.address === address ? this.link(node, device) : undefined) ??
      node.router?.model.interfaces.find(one => one.name === device)?.source
    )
  }

  /** Whatever says most about a device: its block, a line that names it, its link. */
  device(node: LabNode, device: string): SourceRef | undefined {
    return (
      this.line(node, new RegExp(`^interface ${escapeRegex(device)}$`)) ??
      node.router?.model.interfaces.find(one => one.name === device)?.source ??
      this.link(node, device)
    )
  }

  /** Containers that share the node's namespace, the node among them. */
  nodesOf(node: LabNode): readonly LabNode[] {
    return [node, ...this.#lab.nodes().filter(one => one !== node && one.host === node.host && !isBridge(one))]
  }

  #model(node: LabNode): NodeModel | undefined {
    const topology = this.#lab.topologies.get(node.labName)
    return topology?.model.nodes.find(one => one.name === node.name)
  }

  #end(node: LabNode, device: string): EndpointModel | undefined {
    const names = this.nodesOf(node).map(one => one.name)
    for (const { model } of this.#lab.topologies.values())
      for (const { a, b } of model.links)
        for (const end of [a, b])
          if (end !== undefined && names.includes(end.node) && end.interface === device) return end
    return undefined
  }
}

export function escapeRegex(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}

function isBridge(node: LabNode): boolean {
  return node.kind === 'bridge' || node.kind === 'ovs-bridge'
}

/** The first line that fits inside a block in braces, as VyOS writes them; `block` is the line that opens it. */
function inside(node: LabNode, block: SourceRef, text: RegExp): SourceRef | undefined {
  const bound = [...(node.boundFrom?.values() ?? [])].find(({ from }) => from === block.file)
  const lines = bound?.text.split('\n') ?? []
  let depth = 0
  for (let index = block.line - 1; index < lines.length; index += 1) {
    const line = lines[index]!
    depth += (line.match(/\{/g)?.length ?? 0) - (line.match(/\}/g)?.length ?? 0)
    if (depth <= 0) return undefined
    const column = line.length - line.trimStart().length + 1
    if (index >= block.line && text.test(line.trim())) return { file: block.file, line: index + 1, column }
  }
  return undefined
}
