/** Three-way merge of `kubectl apply`: what was applied last, what is wanted now, what is there. */

/** Annotation that holds what was applied last, as JSON. */
export const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration'

/**
 * Merges maps key by key: what was applied before and is not any more is removed; what is wanted replaces; what others set
 * stays. Lists are replaced.
 * Differs from kubectl: lists with merge keys (containers, ports) are replaced too; the API server's defaulting and the
 * allocations of a service then fill in what was not written.
 */
export function mergeApplied(last: unknown, wanted: unknown, live: unknown): unknown {
  if (!isMap(wanted) || !isMap(live)) return wanted
  const before = isMap(last) ? last : {}
  const merged: Record<string, unknown> = { ...live }
  for (const key of Object.keys(before)) if (!(key in wanted)) delete merged[key]
  for (const [key, value] of Object.entries(wanted)) {
    if (value === null) delete merged[key]
    else merged[key] = mergeApplied(before[key], value, merged[key])
  }
  return merged
}

/** JSON merge patch (RFC 7386). */
export function mergePatch(patch: unknown, target: unknown): unknown {
  if (!isMap(patch)) return patch
  const merged: Record<string, unknown> = isMap(target) ? { ...target } : {}
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key]
    else merged[key] = mergePatch(value, merged[key])
  }
  return merged
}

/** Strategic merge: as a merge patch, but lists whose items have a merge key are merged by it. */
export function strategicMerge(patch: unknown, target: unknown, field = ''): unknown {
  const key = MERGE_KEYS[field]
  if (Array.isArray(patch) && Array.isArray(target) && key !== undefined) return mergeLists(patch, target, key)
  if (!isMap(patch)) return patch
  const merged: Record<string, unknown> = isMap(target) ? { ...target } : {}
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete merged[name]
    else merged[name] = strategicMerge(value, merged[name], name)
  }
  return merged
}

/** Tags `patchMergeKey` of k8s.io/api types; `ports` has another key in a service and in a container. */
const MERGE_KEYS: Readonly<Record<string, readonly string[]>> = {
  containers: ['name'],
  initContainers: ['name'],
  ports: ['containerPort', 'port'],
  env: ['name'],
  volumes: ['name'],
  volumeMounts: ['mountPath'],
}

function mergeLists(patch: readonly unknown[], target: readonly unknown[], keys: readonly string[]): unknown[] {
  const merged = [...target]
  for (const item of patch) {
    const key = keys.find(one => isMap(item) && item[one] !== undefined)
    const index = merged.findIndex(
      other => key !== undefined && isMap(item) && isMap(other) && other[key] === item[key],
    )
    if (isMap(item) && item.$patch === 'delete') {
      if (index >= 0) merged.splice(index, 1)
    } else if (index >= 0) merged[index] = strategicMerge(item, merged[index])
    else merged.push(item)
  }
  return merged
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
