import { z } from 'zod'
import type { KubernetesObject } from '../../model/kubernetes-object.ts'
import { findByPath } from '../../shell/commands/kubectl/json-path.ts'
import { defineCheck } from '../check.ts'

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()])

const condition = z.strictObject({ type: z.string(), status: z.string().optional(), reason: z.string().optional() })

/** A Kubernetes object: fields by their JSONPath, conditions, or its absence. A field that yields several values is given as a list. */
export const object = defineCheck(
  'object',
  z.strictObject({
    kind: z.string().min(1),
    name: z.string().min(1),
    namespace: z.string().optional(),
    cluster: z.string().optional(),
    fields: z.record(z.string(), z.union([scalar, z.array(scalar)])).optional(),
    condition: z.union([z.string(), condition]).optional(),
    absent: z.boolean().optional(),
  }),
  ({ lab }, { kind, name, namespace, cluster, fields = {}, condition: wanted, absent }) => {
    const store = (cluster === undefined ? lab.cluster : lab.clusters.get(cluster))?.store
    const expected = describeWish(kind, name, fields, wanted, absent === true)
    const resource = store?.kinds.find(one =>
      [one.kind.toLowerCase(), one.plural, one.singular, ...one.shortNames].includes(kind.toLowerCase()),
    )
    if (store === undefined || resource === undefined)
      return {
        holds: false,
        expected,
        seen: [store === undefined ? 'there is no cluster' : `no kind "${kind}" is served`],
      }
    const space = resource.isNamespaced ? (namespace ?? 'default') : undefined
    const found = store.get(resource.kind, space, name) as KubernetesObject | undefined
    if (found === undefined) {
      const names = store.list(resource.kind, space).map(one => (one as KubernetesObject).metadata.name)
      return {
        holds: absent === true,
        expected,
        seen: [`there is no ${resource.kind} ${name}; there are ${names.join(', ') || 'none'}`],
      }
    }
    if (absent) return { holds: false, expected, seen: [`${resource.kind} ${name} is there`] }
    const wrong = [...wrongFields(found, fields), ...wrongCondition(found, wanted)]
    return { holds: wrong.length === 0, expected, seen: wrong }
  },
)

type Fields = Readonly<Record<string, unknown>>
type Condition = { readonly type: string; readonly status?: string | undefined; readonly reason?: string | undefined }

function describeWish(
  kind: string,
  name: string,
  fields: Fields,
  wanted: string | Condition | undefined,
  absent: boolean,
): string {
  if (absent) return `no ${kind} ${name}`
  const parts = Object.entries(fields).map(([path, value]) => `${path} ${JSON.stringify(value)}`)
  if (wanted !== undefined) parts.push(`condition ${typeof wanted === 'string' ? wanted : JSON.stringify(wanted)}`)
  return `${kind} ${name}${parts.length === 0 ? '' : ` with ${parts.join(', ')}`}`
}

function wrongFields(found: KubernetesObject, fields: Fields): string[] {
  return Object.entries(fields).flatMap(([path, value]) => {
    const actual = findByPath(path, found)
    if (actual === undefined) return [`${path} is not a JSONPath`]
    const shown = Array.isArray(value) ? actual : actual.length === 0 ? null : actual.length === 1 ? actual[0] : actual
    return JSON.stringify(shown) === JSON.stringify(value) ? [] : [`${path} is ${JSON.stringify(shown)}`]
  })
}

function wrongCondition(found: KubernetesObject, wanted: string | Condition | undefined): string[] {
  if (wanted === undefined) return []
  const { type, status = 'True', reason } = typeof wanted === 'string' ? { type: wanted } : wanted
  const { conditions = [] } =
    (found as { readonly status?: { readonly conditions?: readonly Condition[] } }).status ?? {}
  const actual = conditions.find(one => one.type === type)
  if (actual === undefined)
    return [`there is no condition ${type}; there are ${conditions.map(one => one.type).join(', ') || 'none'}`]
  const isRight = actual.status === status && (reason === undefined || actual.reason === reason)
  return isRight
    ? []
    : [`condition ${type} is ${actual.status}${actual.reason === undefined ? '' : ` (${actual.reason})`}`]
}
