import { fitTable } from '../docker-table.ts'

/** Fields of one row by the name a template calls them: `.Names`, `.State.Status`. */
export type TemplateFields = Readonly<Record<string, string>>

/** Text, or what in the template is not modelled. */
export type Rendered = { readonly text: string } | { readonly mistake: string }

const FIELD = /\{\{\s*(?:json\s+)?(\.[\w.]*)\s*\}\}/g

/**
 * docker's `--format` for rows: `{{.Names}}\t{{.Status}}`, with `table ` in front under headings. Of Go's templates only plain
 * fields are modelled; loops and functions are refused.
 */
export function renderRows(template: string, rows: readonly TemplateFields[], known: readonly string[]): Rendered {
  const isTable = template.startsWith('table ')
  const body = (isTable ? template.slice('table '.length) : template).replaceAll('\\t', '\t').replaceAll('\\n', '\n')
  const other = body.replaceAll(FIELD, '').match(/\{\{.*?\}\}/)?.[0]
  if (other !== undefined) return { mistake: `template ${other} is not modelled by drylab` }
  const unknown = [...body.matchAll(FIELD)].map(match => match[1]!).find(name => !known.includes(name))
  if (unknown !== undefined) return { mistake: `template field ${unknown} is not modelled by drylab` }
  const fill = (fields: TemplateFields) => body.replaceAll(FIELD, (_all, name: string) => fields[name] ?? '')
  if (!isTable) return { text: rows.map(row => `${fill(row)}\n`).join('') }
  const headings = Object.fromEntries(known.map(name => [name, heading(name)]))
  return {
    text: fitTable(
      fill(headings).split('\t'),
      rows.map(row => fill(row).split('\t')),
    ),
  }
}

/** `.RunningFor` → `CREATED`: as docker's formatter heads them (cli/command/formatter/container.go). */
function heading(name: string): string {
  const special: Readonly<Record<string, string>> = { '.ID': 'CONTAINER ID', '.RunningFor': 'CREATED' }
  return special[name] ?? name.slice(1).toUpperCase()
}
