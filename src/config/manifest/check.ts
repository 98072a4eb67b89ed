import type { KubernetesObject } from '../../model/kubernetes-object.ts'
import { manifestKind } from './kinds.ts'
import { checkLabelValue, checkQualifiedName, checkSubdomain } from './names.ts'
import { type ManifestIssue, validateAgainst } from './validate.ts'

/** All that the API server would find wrong with an object of a kind that is known; nothing for other kinds. */
export function checkManifest(object: KubernetesObject): ManifestIssue[] {
  const kind = manifestKind(object.kind)
  if (kind === undefined) return []
  const issues = validateAgainst(kind.schema, object, kind.flavour)
  const isDecoded = issues.every(issue => issue.kind === 'invalid' || issue.kind === 'unmodelled')
  if (!isDecoded) return issues
  const { name, generateName } = object.metadata
  if (name === '' && generateName === undefined) {
    issues.push({
      kind: 'invalid',
      path: ['metadata', 'name'],
      message: 'metadata.name: Required value: name or generateName is required',
    })
  } else if (name !== '') {
    const wrong = (kind.checkName ?? checkSubdomain)(name)
    if (wrong !== undefined) {
      issues.push({
        kind: 'invalid',
        path: ['metadata', 'name'],
        message: `metadata.name: Invalid value: "${name}": ${wrong}`,
      })
    }
  }
  const structural = issues.some(issue => issue.kind === 'invalid')
  return [...issues, ...checkLabels(object), ...(structural ? [] : (kind.check?.(object) ?? []))]
}

/** Keys and values of `metadata.labels`, keys of `metadata.annotations`. */
export function checkLabels(object: KubernetesObject): ManifestIssue[] {
  const issues: ManifestIssue[] = []
  const add = (field: string, key: string, text: string, wrong: string | undefined) => {
    if (wrong === undefined) return
    const path = ['metadata', field]
    issues.push({
      kind: 'invalid',
      path: [...path, key],
      message: `metadata.${field}: Invalid value: "${text}": ${wrong}`,
    })
  }
  for (const [key, value] of Object.entries(object.metadata.labels ?? {})) {
    add('labels', key, key, checkQualifiedName(key))
    add('labels', key, value, checkLabelValue(String(value)))
  }
  for (const key of Object.keys(object.metadata.annotations ?? {}))
    add('annotations', key, key, checkQualifiedName(key.toLowerCase()))
  return issues
}
