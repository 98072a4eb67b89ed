/** The FRR release whose behaviour and texts a router imitates, as `major * 100 + minor`: 8.4 → 804, 10.1 → 1001. */
export type FrrVersion = number

/** Taken when nothing tells the version. */
export const NEWEST_FRR_VERSION: FrrVersion = 1007

/** `8.4.4`, `v10.1.0`, `10.2` → FrrVersion; undefined for anything else. */
export function parseFrrVersion(text: string): FrrVersion | undefined {
  const match = /^v?(\d{1,2})\.(\d{1,2})(?:[.\-_].*)?$/.exec(text)
  return match === null ? undefined : Number(match[1]) * 100 + Number(match[2])
}

/** The release of a major and a minor number: 8 and 4 → 804. */
export function frrVersion(major: number, minor: number): FrrVersion {
  return major * 100 + minor
}

/** Patch releases: the last of each branch, for images that name only the branch. */
const LAST_RELEASES: ReadonlyMap<FrrVersion, string> = new Map([
  [705, '7.5.1'],
  [800, '8.0.1'],
  [801, '8.1'],
  [802, '8.2.2'],
  [803, '8.3.1'],
  [804, '8.4.4'],
  [805, '8.5.7'],
  [900, '9.0.5'],
  [901, '9.1.3'],
  [1000, '10.0.5'],
  [1001, '10.1.4'],
  [1002, '10.2.6'],
  [1003, '10.3.3'],
  [1004, '10.4.4'],
  [1005, '10.5.4'],
  [1006, '10.6.1'],
  [1007, '10.7.0'],
])

/** The text of a release that is known only as major and minor, as `show version` prints it: 804 → `8.4.4`. */
export function releaseText(version: FrrVersion): string {
  return LAST_RELEASES.get(version) ?? `${Math.floor(version / 100)}.${version % 100}`
}
