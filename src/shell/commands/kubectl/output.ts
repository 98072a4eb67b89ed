import { Scalar, stringify } from 'yaml'
import type { Store } from '../../../kubernetes/api/store.ts'
import type { KubernetesObject } from '../../../model/kubernetes-object.ts'
import { renderJsonPath } from './json-path.ts'
import { fail } from './request.ts'
import { objectName } from './resources.ts'

/** The API's order of keys at the top of an object and in `metadata` (JSON of the server is sorted by Go field order). */
const TOP_ORDER = ['apiVersion', 'kind', 'metadata', 'data', 'spec', 'status']

/** Forms of `-o` that print objects as data. */
export function isDataFormat(format: string): boolean {
  return (
    ['yaml', 'json', 'name'].includes(format) ||
    /^jsonpath(-as-json)?=/.test(format) ||
    format.startsWith('custom-columns=')
  )
}

/**
 * Objects as data. Several of them (or a list asked for) come as a `List`.
 * @param isList whether the request was for a list, not for one object by name
 */
export function formatData(
  store: Store,
  objects: readonly KubernetesObject[],
  format: string,
  isList: boolean,
): string {
  if (format === 'name') return objects.map(object => `${objectName(store, object)}\n`).join('')
  const value: unknown = isList || objects.length !== 1 ? listOf(objects) : ordered(objects[0]!)
  if (format === 'json') return `${JSON.stringify(sortKeys(value), undefined, 4)}\n`
  if (format === 'yaml') return formatYaml(value)
  const template = /^jsonpath=(.*)$/s.exec(format)
  if (template !== null) {
    const outcome = renderJsonPath(template[1]!, value)
    if ('error' in outcome) fail(`error parsing jsonpath ${template[1]}, ${outcome.error}`)
    return outcome.text
  }
  const message = 'allowed formats are: custom-columns,json,jsonpath,name,wide,yaml'
  return fail(`unable to match a printer suitable for the output format "${format}", ${message}`)
}

function listOf(objects: readonly KubernetesObject[]): unknown {
  return { apiVersion: 'v1', items: objects.map(ordered), kind: 'List', metadata: { resourceVersion: '' } }
}

function ordered(object: KubernetesObject): unknown {
  const entries = Object.entries(object).sort(([a], [b]) => orderOf(a) - orderOf(b))
  return Object.fromEntries(entries)
}

function orderOf(key: string): number {
  const index = TOP_ORDER.indexOf(key)
  return index < 0 ? TOP_ORDER.length : index
}

/** sigs.k8s.io/yaml goes through JSON maps, so all keys are sorted. */
function formatYaml(value: unknown): string {
  return stringify(quoteAmbiguous(sortKeys(value)), {
    lineWidth: 0,
    indentSeq: false,
    version: '1.2',
    singleQuote: null,
  })
}

/** A copy with the keys of every map sorted, as Go prints maps. */
export function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).filter(([, item]) => item !== undefined)
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, item]) => [key, sortKeys(item)]))
}

/** Booleans, null, integers of any base, floats, base-60 numbers and dates of YAML 1.1. */
const AMBIGUOUS =
  /^(y|n|yes|no|on|off|true|false|null|~|[-+]?(0x[\da-f_]+|0o?[0-7_]+|0b[01_]+|\d[\d_]*|\d+(:[0-5]?\d)+(\.\d*)?|(\d[\d_]*)?\.?\d+(e[-+]?\d+)?|\.inf)|\.nan|\d{4}-\d\d?-\d\d?([Tt ].*)?)$/i

/** Text that YAML 1.1 would read as something else is quoted with double quotes, as go-yaml does. */
function quoteAmbiguous(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(quoteAmbiguous)
  if (typeof value === 'string') {
    if (!AMBIGUOUS.test(value)) return value
    const scalar = new Scalar(value)
    scalar.type = 'QUOTE_DOUBLE'
    return scalar
  }
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, quoteAmbiguous(item)]))
}
