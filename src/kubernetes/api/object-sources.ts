import type { KubernetesObject } from '../../model/kubernetes-object.ts'
import type { SourceRef } from '../../model/source.ts'

/** Keys and indices from the root of an object: `spec`, `virtualRouters`, 0, `serviceSelector`. */
export type ObjectPath = readonly (string | number)[]

/** Where what a manifest says stands; of the nearest parent when the manifest does not say it. */
export type Locate = (path: ObjectPath) => SourceRef

interface ObjectSource {
  readonly locate: Locate | undefined
  /** Fields that were changed by a command since, latest last. No place: the command was typed, not written in a file. */
  readonly changes: { readonly path: ObjectPath; readonly source: SourceRef | undefined }[]
}

/**
 * Which file and line made an object what it is: kept beside the store, so that no output shows it. Objects that the
 * cluster made by itself (pods, leases, slices) have none.
 */
export class ObjectSources {
  readonly #byUid = new Map<string, ObjectSource>()

  /** A manifest was created or applied. What commands changed in fields that it also has is overwritten by it. */
  record(object: KubernetesObject, locate: Locate, written: unknown = object): void {
    const uid = object.metadata.uid
    if (uid === undefined) return
    const kept = (this.#byUid.get(uid)?.changes ?? []).filter(change => !hasPath(written, change.path))
    this.#byUid.set(uid, { locate, changes: kept })
  }

  /** A command has changed an object: `source` is the place of the command in a script, if it has one. */
  change(before: KubernetesObject | undefined, after: KubernetesObject, source: SourceRef | undefined): void {
    const uid = after.metadata.uid
    if (uid === undefined) return
    const known = this.#byUid.get(uid) ?? { locate: undefined, changes: [] }
    if (before === undefined) known.changes.push({ path: [], source })
    else for (const path of differingPaths(before, after)) known.changes.push({ path, source })
    this.#byUid.set(uid, known)
  }

  /** The place that decides over this field of the object now; undefined when no file does. */
  sourceOf(object: KubernetesObject, path: ObjectPath = []): SourceRef | undefined {
    const known = this.#byUid.get(object.metadata.uid ?? '')
    if (known === undefined) return undefined
    const changed = known.changes.findLast(change => startsWith(path, change.path) || isBelow(change.path, path))
    return changed === undefined ? known.locate?.(path) : changed.source
  }

  forget(object: KubernetesObject): void {
    this.#byUid.delete(object.metadata.uid ?? '')
  }
}

/** The change was made at the field or above it. */
function startsWith(path: ObjectPath, start: ObjectPath): boolean {
  return start.every((step, index) => path[index] === step)
}

/** The change was made inside of the field that is asked for; a question about the object as a whole is not meant so. */
function isBelow(path: ObjectPath, parent: ObjectPath): boolean {
  return parent.length > 1 && path.length > parent.length && startsWith(path, parent)
}

function hasPath(value: unknown, path: ObjectPath): boolean {
  let current = value
  for (const step of path) {
    if (typeof current !== 'object' || current === null) return false
    current = (current as Record<string | number, unknown>)[step]
  }
  return current !== undefined
}

/** Fields that commands are not asked about. */
const OWN_FIELDS = new Set(['resourceVersion', 'generation', 'managedFields', 'uid', 'creationTimestamp'])

/** Smallest fields that differ: a list counts as one, a mapping as its entries. */
function differingPaths(before: unknown, after: unknown, path: ObjectPath = []): ObjectPath[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return []
  if (!isMapping(before) || !isMapping(after)) return [path]
  const keys = new Set([...Object.keys(before), ...Object.keys(after)])
  return [...keys]
    .filter(key => !(path.length === 0 && key === 'status') && !(path[0] === 'metadata' && OWN_FIELDS.has(key)))
    .flatMap(key => differingPaths(before[key], after[key], [...path, key]))
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
