import type { Dialect } from './clos-options.ts'
import type { RouterPlan } from './fabric-plan.ts'
import { FRR_DAEMONS, writeFrr } from './write-frr.ts'
import { VYOS_RELEASE, writeVyos } from './write-vyos.ts'

/** A file of a lab that a router's container sees at `target`. Routers may share one. */
export interface BoundFile {
  /** Inside the lab's folder. */
  readonly path: string
  readonly target: string
  readonly text: string
}

interface RouterDialect {
  readonly image: string
  /** What the container runs, when not the image's own command. */
  readonly command?: string
  readonly files: (router: RouterPlan) => readonly BoundFile[]
}

/** How each dialect's routers are run and configured. */
export const DIALECTS: Readonly<Record<Dialect, RouterDialect>> = {
  frr: {
    image: 'quay.io/frrouting/frr:8.4.2',
    files: router => [
      { path: `${router.name}/frr.conf`, target: '/etc/frr/frr.conf', text: writeFrr(router) },
      { path: 'daemons', target: '/etc/frr/daemons', text: FRR_DAEMONS },
    ],
  },
  vyos: {
    image: `vyos/vyos:${VYOS_RELEASE}`,
    command: '/sbin/init',
    files: router => [
      { path: `${router.name}/config.boot`, target: '/opt/vyatta/etc/config/config.boot', text: writeVyos(router) },
    ],
  },
}
