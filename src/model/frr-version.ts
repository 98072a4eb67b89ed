/** The FRR release whose behaviour and texts a router imitates, as `major * 100 + minor`: 8.4 → 804, 10.1 → 1001. */
export type FrrVersion = number

/** Taken when nothing tells the version. */
export const NEWEST_FRR_VERSION: FrrVersion = 1007

/** `8.4.4`, `v10.1.0`, `10.2` → FrrVersion; undefined for anything else. */
export function parseFrrVersion(text: string): FrrVersion | undefined {
  const match = /^v?(\d{1,2})\.(\d{1,2})(?:[.\-_].*)?$/.exec(text)
  return match === null ? undefined : Number(match[1]) * 100 + Number(match[2])
}

export function frrVersion(major: number, minor: number): FrrVersion {
  return major * 100 + minor
}
