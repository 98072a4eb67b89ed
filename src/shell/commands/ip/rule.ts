import { TABLE_LOCAL, TABLE_MAIN, tableName } from '../../../config/iproute/names.ts'
import type { RuleChange, RuleList } from '../../../config/iproute/operation.ts'
import { type IpContext, notModelled, printJson } from './output.ts'

const TABLE_DEFAULT = 253

/** The rules of a new namespace: the only ones there are. */
const RULES = [
  { priority: 0, table: TABLE_LOCAL },
  { priority: 32766, table: TABLE_MAIN },
  { priority: 32767, table: TABLE_DEFAULT },
] as const

/** `ip rule add|del`. Differs from Linux: policy routing is not modelled, so this always refuses. */
export function changeRule(context: IpContext, change: RuleChange): number {
  return notModelled(context, `"ip rule ${change.command === 'add' ? 'add' : 'del'}" (policy routing)`)
}

/** `ip rule show`. */
export function listRules(context: IpContext, list: RuleList): number {
  if (list.flush) return notModelled(context, '"ip rule flush" (policy routing)')
  const { table, priority, from, to, mark, inputDevice, outputDevice } = list.selector
  const hasOther =
    from !== undefined ||
    to !== undefined ||
    mark !== undefined ||
    inputDevice !== undefined ||
    outputDevice !== undefined
  const rules = RULES.filter(
    rule => !hasOther && (table ?? rule.table) === rule.table && (priority ?? rule.priority) === rule.priority,
  )
  if (context.options.json) {
    printJson(
      context,
      rules.map(rule => ({ priority: rule.priority, src: 'all', table: tableName(rule.table) })),
    )
  } else {
    for (const rule of rules) context.out(`${rule.priority}:\tfrom all lookup ${tableName(rule.table)}\n`)
  }
  return 0
}
