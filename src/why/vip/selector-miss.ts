import type { ObjectPath } from '../../kubernetes/api/object-sources.ts'
import { formatSelector, matchesSelector } from '../../kubernetes/api/selector.ts'
import type { LabelSelector } from '../../model/kubernetes-object.ts'

/** The first requirement of a selector that labels do not meet. */
export interface SelectorMiss {
  /** Below the selector. */
  readonly path: ObjectPath
  readonly key: string
  /** `rack=rack0`, `tier in (a,b)`. */
  readonly wanted: string
  /** `rack=rack1`, `no label rack`. */
  readonly actual: string
}

/** Undefined when the labels meet all of the selector. */
export function selectorMiss(
  selector: LabelSelector,
  labels: Readonly<Record<string, string>> | undefined,
): SelectorMiss | undefined {
  const actual = (key: string): string => (labels?.[key] === undefined ? `no label ${key}` : `${key}=${labels[key]}`)
  for (const [key, value] of Object.entries(selector.matchLabels ?? {})) {
    if (labels?.[key] === value) continue
    return { path: ['matchLabels', key], key, wanted: `${key}=${value}`, actual: actual(key) }
  }
  for (const [index, requirement] of (selector.matchExpressions ?? []).entries()) {
    const alone = { matchExpressions: [requirement] }
    if (matchesSelector(alone, labels)) continue
    const { key } = requirement
    return { path: ['matchExpressions', index], key, wanted: formatSelector(alone), actual: actual(key) }
  }
  return undefined
}
