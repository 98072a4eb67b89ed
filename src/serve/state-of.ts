import type { Lab } from '../lab/lab.ts'
import type { LabNode } from '../lab/node.ts'
import { STATE_TABLES } from '../state/tables.ts'
import { invalidParams } from './rpc.ts'

/** Rows by table. RpcError when there is no table of a name. */
export function stateOf(
  lab: Lab,
  { tables, node }: { readonly tables: readonly string[] | undefined; readonly node: LabNode | undefined },
): Readonly<Record<string, readonly object[]>> {
  const known = Object.values(STATE_TABLES)
  const unknown = (tables ?? []).filter(name => !known.some(table => table.name === name))
  if (unknown.length > 0) {
    throw invalidParams([`tables: no "${unknown.join('", "')}"; there are ${known.map(({ name }) => name).join(', ')}`])
  }
  const wanted = tables === undefined ? known : known.filter(({ name }) => tables.includes(name))
  return Object.fromEntries(wanted.map(table => [table.name, table.rows(lab, node)]))
}
