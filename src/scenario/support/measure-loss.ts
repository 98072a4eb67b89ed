import type { Host } from '../../host/host.ts'
import { type Probe, sendProbe } from './probe.ts'
import type { Target } from './target.ts'

/** A span in which no probe was answered: from the first that was lost to the next that was not. */
interface LossWindow {
  readonly fromNs: number
  readonly untilNs: number
}

export interface LossResult {
  readonly sent: number
  readonly lost: number
  readonly faultAtNs: number
  readonly windows: readonly LossWindow[]
  readonly longestNs: number
  /** Whether the flow worked before the fault. */
  readonly answeredBefore: boolean
}

/** How long probes are sent before the fault, and how long one may take: far more than a way through any lab. */
const LEAD_NS = 500e6
const ANSWER_NS = 400e6

/** Sends probes at a steady pace, breaks something on the way, and finds the spans in which none was answered. */
export async function measureLoss(
  host: Host,
  target: Target,
  paceNs: number,
  spanNs: number,
  fault: () => Promise<void>,
): Promise<LossResult> {
  const { simulator } = host
  const probes: Probe[] = []
  const open: Probe[] = []
  const sendUntil = (untilNs: number): void => {
    while (simulator.nowNs < untilNs) {
      const probe = sendProbe(host, target)
      probes.push(probe)
      open.push(probe)
      while (open[0] !== undefined && simulator.nowNs - open[0].sentAtNs >= ANSWER_NS) open.shift()!.close()
      simulator.runUntil(Math.min(simulator.nowNs + paceNs, untilNs))
    }
  }
  sendUntil(simulator.nowNs + LEAD_NS)
  const faultAtNs = simulator.nowNs
  await fault()
  sendUntil(simulator.nowNs + spanNs)
  const endNs = simulator.nowNs
  simulator.runUntil(endNs + ANSWER_NS)
  for (const probe of open) probe.close()
  const windows = lossWindows(probes, endNs)
  const lost = probes.filter(probe => !isAnswered(probe))
  return {
    sent: probes.length,
    lost: lost.length,
    faultAtNs,
    windows,
    longestNs: Math.max(0, ...windows.map(window => window.untilNs - window.fromNs)),
    answeredBefore: probes.some(probe => probe.sentAtNs < faultAtNs && isAnswered(probe)),
  }
}

function isAnswered({ answeredAtNs, sentAtNs }: Probe): boolean {
  return answeredAtNs !== undefined && answeredAtNs - sentAtNs < ANSWER_NS
}

function lossWindows(probes: readonly Probe[], endNs: number): LossWindow[] {
  const windows: LossWindow[] = []
  let fromNs: number | undefined
  for (const probe of probes) {
    if (!isAnswered(probe)) fromNs ??= probe.sentAtNs
    else if (fromNs !== undefined) {
      windows.push({ fromNs, untilNs: probe.sentAtNs })
      fromNs = undefined
    }
  }
  if (fromNs !== undefined) windows.push({ fromNs, untilNs: endNs })
  return windows
}
