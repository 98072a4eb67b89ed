import { qualifiedSingular, type ResourceKind } from '../../../kubernetes/api/resource-kind.ts'
import type { KubernetesObject } from '../../../model/kubernetes-object.ts'
import { alignTabs } from '../../../text/tab-writer.ts'
import { columnsOf } from './columns.ts'
import { findByPath } from './json-path.ts'

export interface TableOptions {
  readonly isWide: boolean
  readonly withNamespace: boolean
  /** `service/nginx` instead of `nginx`. */
  readonly withKind: boolean
  readonly withHeaders: boolean
  readonly withLabels: boolean
  /** `-L`: labels as columns. */
  readonly labelColumns: readonly string[]
  /** What a wall clock shows now, milliseconds. */
  readonly wallMs: number
}

/** Objects of one kind as `kubectl get` lists them. */
export function formatObjects(
  resource: ResourceKind,
  objects: readonly KubernetesObject[],
  options: TableOptions,
): string {
  const columns = columnsOf(resource.kind).filter(column => options.isWide || column.isWide !== true)
  const headers = [
    ...(options.withNamespace ? ['NAMESPACE'] : []),
    ...columns.map(column => column.header),
    ...options.labelColumns.map(label => (label.split('/').at(-1) ?? label).toUpperCase()),
    ...(options.withLabels ? ['LABELS'] : []),
  ]
  const rows = objects.map(object => {
    const cells = columns.map(column => column.cell(object, options.wallMs))
    if (options.withKind) cells[0] = `${qualifiedSingular(resource)}/${cells[0]}`
    return [
      ...(options.withNamespace ? [object.metadata.namespace ?? ''] : []),
      ...cells,
      ...options.labelColumns.map(label => object.metadata.labels?.[label] ?? ''),
      ...(options.withLabels ? [formatLabels(object)] : []),
    ]
  })
  return alignColumns(options.withHeaders ? [headers, ...rows] : rows)
}

/** `-o custom-columns=NAME:.metadata.name,IP:.status.podIP`; undefined when the text is not such a list. */
export function formatCustomColumns(
  text: string,
  objects: readonly KubernetesObject[],
  withHeaders: boolean,
): string | undefined {
  const columns = text.split(',').map(part => {
    const colon = part.indexOf(':')
    return { header: part.slice(0, colon), path: part.slice(colon + 1), isValid: colon > 0 }
  })
  if (columns.some(column => !column.isValid)) return undefined
  const rows = objects.map(object =>
    columns.map(({ path }) => {
      const values = findByPath(path, object) ?? []
      return values.length === 0
        ? '<none>'
        : values.map(value => (typeof value === 'object' ? JSON.stringify(value) : String(value))).join(',')
    }),
  )
  return alignColumns(withHeaders ? [columns.map(column => column.header), ...rows] : rows)
}

/** kubectl's tabwriter: columns at least 6 wide, three blanks apart. Source: k8s.io/cli-runtime pkg/printers/tabwriter.go. */
function alignColumns(rows: readonly (readonly string[])[]): string {
  return alignTabs(rows, { minimumWidth: 6, padding: 3 })
}

function formatLabels(object: KubernetesObject): string {
  const labels = Object.entries(object.metadata.labels ?? {}).sort(([a], [b]) => (a < b ? -1 : 1))
  return labels.length === 0 ? '<none>' : labels.map(([key, value]) => `${key}=${value}`).join(',')
}
