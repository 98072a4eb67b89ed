/** Values of a Helm release: nested JSON objects. */
export interface HelmValues {
  readonly [key: string]: HelmValue | undefined
}

export type HelmValue = null | boolean | number | string | readonly HelmValue[] | HelmValues

/** The value at a dotted path (`bgpControlPlane.enabled`); undefined when it is not set. */
export function helmValue(values: HelmValues, path: string): HelmValue | undefined {
  let current: HelmValue | undefined = values
  for (const key of path.split('.')) {
    if (!isHelmObject(current)) return undefined
    current = current[key]
  }
  return current
}

function isHelmObject(value: HelmValue | undefined): value is HelmValues {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** `overlay` over `base`: objects are merged, anything else replaces; null deletes the key, as Helm coalesces. */
export function mergeHelmValues(base: HelmValues, overlay: HelmValues): HelmValues {
  const merged: Record<string, HelmValue | undefined> = { ...base }
  for (const [key, value] of Object.entries(overlay)) {
    const below = merged[key]
    if (value === null || value === undefined) delete merged[key]
    else if (isHelmObject(value) && isHelmObject(below)) merged[key] = mergeHelmValues(below, value)
    else merged[key] = value
  }
  return merged
}
