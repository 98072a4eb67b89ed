import type { Lab } from '../../lab/lab.ts'
import type { JournalEntry } from '../../sim/journal.ts'

/** How many lines are shown, and how far back is looked for them. */
const LINES = 6
const LOOK_BACK = 20_000

/**
 * The last journal lines that speak of the nodes, addresses or links named in `about` (any data: all its texts count);
 * without any such line the last lines of all.
 */
export function relevantJournal(lab: Lab, about: unknown): readonly string[] {
  const words = new Set<string>()
  collectWords(about, words)
  for (const node of lab.nodes()) if (words.has(node.name)) words.add(node.containerName).add(node.host.name)
  const { entries } = lab.simulator.journal
  const found: JournalEntry[] = []
  for (let index = entries.length - 1; index >= Math.max(0, entries.length - LOOK_BACK); index -= 1) {
    const entry = entries[index]!
    if (mentions(entry, words)) found.push(entry)
    if (found.length === LINES) break
  }
  return (found.length > 0 ? found.reverse() : entries.slice(-LINES)).map(formatEntry)
}

/** `12.345678s leaf01 bgp.session peer=10.0.5.11 state=down`. */
function formatEntry({ atNs, node, kind, detail }: JournalEntry): string {
  const facts = Object.entries(detail).map(([key, value]) => ` ${key}=${value}`)
  return `${(atNs / 1e9).toFixed(6)}s ${node} ${kind}${facts.join('')}`
}

function mentions(entry: JournalEntry, words: ReadonlySet<string>): boolean {
  if (words.has(entry.node)) return true
  return Object.values(entry.detail).some(value => words.has(String(value)))
}

/** Whole texts and their parts: `leaf01:eth1` names a node, `http://10.0.0.1/x` an address. */
function collectWords(value: unknown, words: Set<string>): void {
  if (typeof value === 'string') {
    words.add(value)
    for (const part of value.split(/[\s:/,'"]+/)) if (part.length > 1) words.add(part)
  } else if (typeof value === 'object' && value !== null)
    for (const one of Object.values(value)) collectWords(one, words)
}
