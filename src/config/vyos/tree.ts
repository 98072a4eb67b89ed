/** A node of config.boot. A leaf's values and a tag node's names are kept as children-like lists with their positions. */
export interface ConfigNode {
  readonly name: string
  readonly line: number
  readonly column: number
  /** Values of a leaf, in file order. */
  readonly values: ConfigValue[]
  /** Children by name; a tag node's tags are its children. */
  readonly children: Map<string, ConfigNode>
  /** Whether something asked for it; what nobody asks for is reported as not modelled. */
  isRead: boolean
}

export interface ConfigValue {
  readonly text: string
  readonly line: number
  readonly column: number
}

export function createNode(name: string, line: number, column: number): ConfigNode {
  return { name, line, column, values: [], children: new Map(), isRead: false }
}

/** The child of a name; made at this position when there is none yet: repeated nodes are merged. */
export function childOf(node: ConfigNode, name: string, line: number, column: number): ConfigNode {
  const known = node.children.get(name)
  if (known !== undefined) return known
  const made = createNode(name, line, column)
  node.children.set(name, made)
  return made
}

/** The node at a path of names. */
export function nodeAt(node: ConfigNode | undefined, ...path: readonly string[]): ConfigNode | undefined {
  let at = node
  for (const name of path) {
    at = at?.children.get(name)
    if (at !== undefined) at.isRead = true
  }
  return at
}

/** The last value of the leaf at a path: a leaf of one value keeps what was said last. */
export function valueAt(node: ConfigNode | undefined, ...path: readonly string[]): string | undefined {
  const leaf = nodeAt(node, ...path)
  // A `set` list writes the value as a child without anything below it.
  const child = [...(leaf?.children.values() ?? [])].at(-1)
  if (child !== undefined) child.isRead = true
  return leaf?.values.at(-1)?.text ?? child?.name
}

/** All values of a leaf. */
export function valuesAt(node: ConfigNode | undefined, ...path: readonly string[]): readonly ConfigValue[] {
  const leaf = nodeAt(node, ...path)
  if (leaf === undefined) return []
  const children = [...leaf.children.values()].map(child => {
    child.isRead = true
    return { text: child.name, line: child.line, column: child.column }
  })
  return [...leaf.values, ...children]
}

/** Children in VyOS's order: numbers inside names count as numbers (`rule 9` before `rule 10`). */
export function childrenAt(node: ConfigNode | undefined, ...path: readonly string[]): readonly ConfigNode[] {
  const parent = nodeAt(node, ...path)
  if (parent === undefined) return []
  const values = parent.values.map(({ text, line, column }) => createNode(text, line, column))
  for (const child of parent.children.values()) child.isRead = true
  return [...parent.children.values(), ...values].sort((one, other) => compareNames(one.name, other.name))
}

/** Lexical order in which runs of digits compare as numbers. */
function compareNames(one: string, other: string): number {
  const [left, right] = [one, other].map(name => name.match(/\d+|\D+/g) ?? [])
  for (let index = 0; index < Math.max(left!.length, right!.length); index++) {
    const [a, b] = [left![index] ?? '', right![index] ?? '']
    if (a === b) continue
    if (/^\d/.test(a) && /^\d/.test(b) && Number(a) !== Number(b)) return Number(a) - Number(b)
    return a < b ? -1 : 1
  }
  return 0
}
