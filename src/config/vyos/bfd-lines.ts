import type { LineWriter } from './line-writer.ts'
import { type ConfigNode, childrenAt, nodeAt, valueAt } from './tree.ts'

/** `protocols bfd` as VyOS's template writes it for FRR (data/templates/frr/bfdd.frr.j2). */
export function writeBfd(root: ConfigNode, writer: LineWriter): void {
  const bfd = nodeAt(root, 'protocols', 'bfd')
  if (bfd === undefined) return
  writer.add('bfd', bfd)
  for (const profile of childrenAt(bfd, 'profile')) writeEntry(`profile ${profile.name}`, profile, writer)
  for (const peer of childrenAt(bfd, 'peer')) writeEntry(`peer ${peer.name}`, peer, writer)
  writer.add('exit', bfd)
}

function writeEntry(head: string, node: ConfigNode, writer: LineWriter): void {
  writer.add(head, node)
  const profile = valueAt(node, 'profile')
  if (profile !== undefined) writer.add(`profile ${profile}`, node)
  for (const [leaf, words] of [
    ['multiplier', 'detect-multiplier'],
    ['receive', 'receive-interval'],
    ['transmit', 'transmit-interval'],
  ] as const) {
    const value = valueAt(node, 'interval', leaf)
    if (value !== undefined) writer.add(`${words} ${value}`, node)
  }
  writer.addIf(nodeAt(node, 'shutdown'), 'shutdown')
  writer.addIf(nodeAt(node, 'passive'), 'passive-mode')
  writer.add('exit', node)
}
