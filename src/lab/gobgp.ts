import { GobgpRouteManager } from '../bgp/gobgp-route-manager.ts'
import { Speaker } from '../bgp/speaker.ts'
import type { Converted } from '../config/diagnostic.ts'
import { parseGobgpConfig } from '../config/gobgp/parse.ts'
import type { GobgpModel } from '../model/gobgp.ts'
import { EMPTY_POLICY } from '../model/policy.ts'
import type { Lab } from './lab.ts'
import type { LabNode } from './node.ts'

/** Where gobgpd's configuration is looked for. */
export const GOBGP_FILE = '/etc/gobgp/gobgp.conf'

/** Debian's; what is known of its capabilities and outputs was measured on it. */
const VERSION = '3.10.0'

/** Reads gobgpd's configuration among a container's files; undefined when it has none. */
export function parseGobgp(
  files: ReadonlyMap<string, string>,
  nameOf: (path: string) => string,
): Converted<GobgpModel> | undefined {
  const text = files.get(GOBGP_FILE)
  return text === undefined ? undefined : parseGobgpConfig(text, { file: nameOf(GOBGP_FILE) })
}

/** Starts gobgpd in a container that has a configuration for it. It has no routing table: nothing reaches the kernel. */
export function startGobgp(lab: Lab, node: LabNode): void {
  const model = parseGobgp(node.files, path => `${node.name}:${path}`)?.model
  if (model === undefined) return
  const { listenPort } = model
  const speaker = new Speaker({
    host: node.host,
    model: model.bgp,
    policy: EMPTY_POLICY,
    routes: new GobgpRouteManager(),
    implementation: {
      kind: 'gobgp',
      version: VERSION,
      hostName: node.hostName,
      isDaemon: true,
      ...(listenPort === undefined ? {} : { listenPort }),
    },
  })
  node.gobgp = { model, speaker }
  speaker.start()
  lab.simulator.journal.record(node.containerName, 'gobgp.start', { asn: model.bgp.asn })
}
