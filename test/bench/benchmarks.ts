import type { Benchmark } from './benchmark.ts'
import { articleReplay } from './cases/article-replay.ts'
import { bgpCodec } from './cases/bgp-codec.ts'
import { closConvergence } from './cases/clos-convergence.ts'
import { eventQueue } from './cases/event-queue.ts'
import { fullTable } from './cases/full-table.ts'
import { packetForwarding } from './cases/packet-forwarding.ts'
import { parseTopology } from './cases/parse-topology.ts'
import { routeInstallation } from './cases/route-installation.ts'
import { servicesByBgp, servicesByL2 } from './cases/services.ts'
import { speakerUpdates } from './cases/speaker-updates.ts'
import { tcpTransfer } from './cases/tcp-transfer.ts'

/** Every benchmark, one line each, in the order in which they run. */
export const BENCHMARKS: readonly Benchmark[] = [
  eventQueue,
  packetForwarding,
  tcpTransfer,
  articleReplay,
  closConvergence,
  fullTable,
  servicesByBgp,
  servicesByL2,
  speakerUpdates,
  routeInstallation,
  bgpCodec,
  parseTopology,
]
