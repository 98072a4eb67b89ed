import { type FrrVersion, frrVersion, NEWEST_FRR_VERSION, parseFrrVersion, releaseText } from '../model/frr-version.ts'
import type { SourceRef } from '../model/source.ts'
import type { Diagnostic } from './diagnostic.ts'

export interface RouterVersion {
  readonly version: FrrVersion
  /** As `frr version` prints it: `8.4.4`, `10.7`. */
  readonly text: string
  readonly isKnown: boolean
}

/** FRR inside VyOS 1.4 rolling builds, by the first month (year × 100 + month) that has it (history of vyos-build). */
const VYOS_ROLLING: readonly (readonly [month: number, version: FrrVersion])[] = [
  [202402, frrVersion(9, 1)],
  [202308, frrVersion(9, 0)],
  [202303, frrVersion(8, 5)],
  [202211, frrVersion(8, 4)],
  [202207, frrVersion(8, 3)],
  [202203, frrVersion(8, 2)],
  [202111, frrVersion(8, 1)],
  [0, frrVersion(7, 5)],
]

/** FRR's release by the tag of a container image: `frrouting/frr:v8.4.4`, `vyos/vyos:1.4.9`; newest when it does not tell. */
export function frrVersionOfImage(image: string | undefined): RouterVersion {
  const tag = tagOf(image)
  if (tag === undefined || image === undefined) return assumed()
  if (/vyos/i.test(image)) return frrVersionOfVyos(tag) ?? assumed()
  const match = /(?:^|[^\d.])v?(\d{1,2}\.\d{1,2}(?:\.\d{1,3})?)/.exec(` ${tag}`)
  const version = match === null ? undefined : parseFrrVersion(match[1]!)
  if (version === undefined || match === null) return assumed()
  return { version, text: /\.\d+\./.test(match[1]!) ? match[1]! : releaseText(version), isKnown: true }
}

/** FRR's release inside a VyOS release: `1.4.9`, `1.4-rolling-202211020117`, `1.5-rolling-202410060007`. Undefined: not told. */
export function frrVersionOfVyos(release: string): RouterVersion | undefined {
  const match = /(?:^|[^\d])(\d)\.(\d{1,2})(?!\d)/.exec(` ${release}`)
  const month = /(20\d{4})\d{2,}/.exec(release)?.[1]
  const number = match === null ? undefined : Number(match[1]) * 100 + Number(match[2])
  if (number === undefined && month === undefined) return undefined
  // Rolling builds move on to FRR 10 after this; which one is not told.
  if (number !== undefined && number >= 105 && Number(month ?? 0) > 202412) return undefined
  const version = vyosBranch(number ?? 104, month)
  return { version, text: releaseText(version), isKnown: true }
}

function vyosBranch(number: number, month: string | undefined): FrrVersion {
  if (number <= 103) return frrVersion(7, 5)
  if (month === undefined || Number(month) >= 202402) return frrVersion(9, 1)
  return VYOS_ROLLING.find(([first]) => Number(month) >= first)?.[1] ?? frrVersion(9, 1)
}

function assumed(): RouterVersion {
  return { version: NEWEST_FRR_VERSION, text: releaseText(NEWEST_FRR_VERSION), isKnown: false }
}

/** Said when nothing told the release: outputs of releases differ. */
export function versionAssumed(version: RouterVersion, image: string | undefined, source: SourceRef): Diagnostic {
  const why =
    image === undefined
      ? 'no image or version was given'
      : `the image ${image.slice(0, 100)} does not tell the FRR release`
  return { code: 'frr/version-assumed', severity: 'warning', message: `${why}: taken as FRR ${version.text}`, source }
}

/** `quay.io:443/frrouting/frr:10.1.0@sha256:…` → `10.1.0`. */
function tagOf(image: string | undefined): string | undefined {
  const name = image?.split('@')[0]?.split('/').at(-1)
  const colon = name?.indexOf(':') ?? -1
  return colon < 0 ? undefined : name?.slice(colon + 1)
}
