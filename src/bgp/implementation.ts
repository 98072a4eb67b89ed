import type { FrrVersion } from '../model/frr-version.ts'

/** Which program the speaker imitates. */
export type BgpImplementation =
  | {
      readonly kind: 'frr'
      readonly version: FrrVersion
      /** Multipath limit of the build: 256 on Debian, 64 in the Alpine containers, 16 plain. Default 256. */
      readonly maximumPaths?: number
      /** Host name announced in capability 73. Default: the host's name. */
      readonly hostName?: string
      /** `!frr version` or profile lines that arm the 4 s start delay: the file has route-maps. Default: policy has any. */
      readonly hasRouteMaps?: boolean
    }
  | {
      readonly kind: 'gobgp'
      /** As in capability 75: `3.17.0`. */
      readonly version: string
      readonly hostName?: string
      /** Listens there; undefined: never listens. */
      readonly listenPort?: number
    }
