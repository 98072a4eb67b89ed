import { parseTimestamp } from '../../../kubernetes/api/timestamp.ts'
import type { KubernetesObject } from '../../../model/kubernetes-object.ts'
import { alignTabs } from '../../../text/tab-writer.ts'
import { LAST_APPLIED } from './merge-applied.ts'

/** Rows of cells as `kubectl describe` aligns them; a row of one cell stands by itself. */
export type Rows = (readonly string[])[]

/** Source: k8s.io/kubectl pkg/describe/describe.go `tabbedString`. */
export function formatRows(rows: Rows): string {
  return alignTabs(rows, { minimumWidth: 0, padding: 2 })
}

/** A map on lines of its own, the first beside the title; keys sorted. */
export function mapRows(title: string, map: Readonly<Record<string, string>> | undefined, separator: string): Rows {
  const entries = Object.entries(map ?? {})
    .filter(([key]) => key !== LAST_APPLIED)
    .sort(([a], [b]) => (a < b ? -1 : 1))
  if (entries.length === 0) return [[`${title}:`, '<none>']]
  return entries.map(([key, value], index) => [index === 0 ? `${title}:` : '', `${key}${separator}${value}`])
}

export function labelRows(object: KubernetesObject): Rows {
  return mapRows('Labels', object.metadata.labels, '=')
}

export function annotationRows(object: KubernetesObject): Rows {
  return mapRows('Annotations', object.metadata.annotations, ': ')
}

const DAYS = ['Thu', 'Fri', 'Sat', 'Sun', 'Mon', 'Tue', 'Wed']
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** `Thu, 03 Jul 2025 14:00:00 +0000`: Go's RFC1123Z, on a machine whose zone is UTC. */
export function formatDate(timestamp: string | undefined): string {
  const match = /^(\d{4})-(\d\d)-(\d\d)T(\d\d:\d\d:\d\d)/.exec(timestamp ?? '')
  if (match === null) return '<unset>'
  const [, year, month, day, time] = match
  const days = Math.floor(parseTimestamp(timestamp!) / 86_400_000)
  return `${DAYS[((days % 7) + 7) % 7]}, ${day} ${MONTHS[Number(month) - 1]} ${year} ${time} +0000`
}

/** Any JSON as an indented tree with capitalised titles, as objects of custom resources are described. */
export function treeLines(value: unknown, level: number): string[] {
  const indent = '  '.repeat(level)
  if (Array.isArray(value)) {
    return value.flatMap(item =>
      typeof item === 'object' && item !== null ? treeLines(item, level) : [`${indent}${String(item)}`],
    )
  }
  const lines: string[] = []
  const entries = Object.entries(value as Record<string, unknown>).sort(([a], [b]) => (a < b ? -1 : 1))
  const leaves = entries.filter(([, item]) => typeof item !== 'object' || item === null)
  const width = Math.max(0, ...leaves.map(([key]) => smartTitle(key).length))
  for (const [key, item] of entries) {
    const title = `${smartTitle(key)}:`
    if (typeof item === 'object' && item !== null) lines.push(`${indent}${title}`, ...treeLines(item, level + 1))
    else lines.push(`${indent}${title.padEnd(width + 3)}${String(item)}`)
  }
  return lines
}

/** `lastTransitionTime` → `Last Transition Time`. Source: describe.go `smartLabelFor`. */
function smartTitle(key: string): string {
  if (!/^[A-Za-z]+$/.test(key)) return key
  const words = key.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+/g) ?? [key]
  const upper = ['http', 'https', 'ip', 'id', 'uid', 'asn', 'cidr', 'url', 'api', 'tcp', 'udp']
  return words
    .map(word => (upper.includes(word.toLowerCase()) ? word.toUpperCase() : word[0]!.toUpperCase() + word.slice(1)))
    .join(' ')
}
