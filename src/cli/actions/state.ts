import type { Lab } from '../../lab/lab.ts'
import { missingNode } from '../../lab/missing-node.ts'
import type { LabNode } from '../../lab/node.ts'
import { renderRows } from '../../state/render-rows.ts'
import type { StateRow } from '../../state/table.ts'
import { STATE_TABLE_NAMES, type StateTableName } from '../../state/table-names.ts'
import { STATE_TABLES } from '../../state/tables.ts'
import { parseDurationNs } from '../../text/duration.ts'
import { didYouMean } from '../../text/nearest.ts'
import { changeLab, hasChanges, LabChangeError, type LabChanges } from '../change-lab.ts'
import { EXIT_CODE } from '../exit-code.ts'
import { openForCommand } from '../open-for-command.ts'

export interface StateOptions extends LabChanges {
  readonly output: 'table' | 'json'
  readonly columns?: string
  readonly seed?: number
  readonly settle: string
  readonly wait: string
}

/** `drylab state LAB [TABLE] [NODE]`: builds the lab, lets it settle and prints rows. Returns the exit status. */
export async function state(
  path: string,
  table: string | undefined,
  nodeName: string | undefined,
  options: StateOptions,
): Promise<number> {
  const [settleNs, waitNs] = [options.settle, options.wait].map(parseDurationNs)
  if (settleNs === undefined || waitNs === undefined)
    return wrong(`"${settleNs === undefined ? options.settle : options.wait}" is not a duration such as 600s or 10m`)
  const opened = await openForCommand(path, options)
  if (opened === undefined) return EXIT_CODE.usage
  const { lab, settle, clearProgress } = opened
  const node = nodeName === undefined ? undefined : lab.node(nodeName)
  if (nodeName !== undefined && node === undefined) return wrong(missingNode(lab, nodeName))
  let isSettled = await settle(settleNs)
  try {
    if (hasChanges(options)) isSettled = await changeLab(opened, options, { settleNs, waitNs })
  } catch (thrown) {
    if (thrown instanceof LabChangeError) return wrong(thrown.message)
    throw thrown
  }
  clearProgress()
  const printed = table === undefined ? allTables(lab, node, options) : oneTable(lab, table, node, options)
  if (typeof printed !== 'string') return wrong(printed.mistake)
  process.stdout.write(printed)
  return isSettled ? EXIT_CODE.ok : EXIT_CODE.failed
}

function wrong(message: string): number {
  process.stderr.write(`error: ${message}\n`)
  return EXIT_CODE.usage
}

function rowsOf(lab: Lab, table: StateTableName, node: LabNode | undefined): readonly StateRow[] {
  return STATE_TABLES[table].rows(lab, node) as readonly object[] as readonly StateRow[]
}

/** Which tables have how many rows; as JSON all rows. */
function allTables(lab: Lab, node: LabNode | undefined, { output }: StateOptions): string {
  const tables = STATE_TABLE_NAMES.map(name => ({ name, rows: rowsOf(lab, name, node) }))
  if (output === 'json') return json(Object.fromEntries(tables.map(({ name, rows }) => [name, rows])))
  const counts = tables.map(({ name, rows }) => ({ table: name, rows: rows.length, title: STATE_TABLES[name].title }))
  return renderRows(counts, ['table', 'rows', 'title'])
}

function oneTable(
  lab: Lab,
  table: string,
  node: LabNode | undefined,
  { output, columns }: StateOptions,
): string | { readonly mistake: string } {
  const rows = rowsOf(lab, table as StateTableName, node)
  const known = Object.keys(rows[0] ?? {})
  // JSON has the whole key, people need no number that is nearly always 0
  const usual = output === 'json' ? known : known.filter(column => column !== 'repeat')
  const wanted = columns?.split(',').map(word => word.trim()) ?? usual
  const unknown = rows.length === 0 ? undefined : wanted.find(column => !known.includes(column))
  if (unknown !== undefined)
    return {
      mistake: `${table} has no column "${unknown}"${didYouMean(unknown, known)}; there are ${known.join(', ')}`,
    }
  if (output === 'table') return renderRows(rows, wanted)
  return json(rows.map(row => Object.fromEntries(wanted.map(column => [column, row[column]]))))
}

function json(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`
}
