import { resolve } from 'node:path'
import type { Lab } from '../lab/lab.ts'
import { Settling } from '../lab/settling.ts'
import { EVENTS_PER_BREATH } from '../shell/conductor.ts'
import { type OpenedLab, openLab } from '../shell/open-lab.ts'
import type { RunOutcome } from '../sim/simulator.ts'
import { Progress } from './progress.ts'
import { realFiles } from './real-files.ts'

export interface CommandLab extends OpenedLab {
  /** Lets time pass until no work is left. When that does not come, tells why on stderr and returns false. */
  settle(limitNs: number): Promise<boolean>
  /** Takes the line of progress away, before anything else is printed. */
  clearProgress(): void
}

/** Opens a lab for a command of the program; prints why and returns undefined when it cannot be built. */
export async function openForCommand(
  path: string,
  options: {
    readonly seed?: number
    readonly onLab?: (lab: Lab) => void
    readonly rename?: (label: string) => string
  },
): Promise<CommandLab | undefined> {
  const progress = new Progress()
  let opened: OpenedLab | undefined
  opened = await openLab({
    // first: whole sets of options are handed over, and some have a "path" of their own
    ...options,
    path: resolve(path),
    files: realFiles,
    breathe: async () => {
      if (opened !== undefined) await progress.breathe(opened.lab)
    },
  })
  const { lab, setup } = opened
  if (setup.exitCode !== 0) {
    progress.clear()
    process.stderr.write(
      `${setup.stderr}error: the lab could not be built: ${path} ended with exit status ${setup.exitCode}\n`,
    )
    return undefined
  }
  const settle = async (limitNs: number): Promise<boolean> => {
    const { simulator } = lab
    const deadlineNs = simulator.nowNs + limitNs
    const settling = new Settling(simulator)
    let outcome: RunOutcome = 'quiet'
    while (outcome === 'quiet' && !settling.isOver) {
      let left = EVENTS_PER_BREATH
      outcome = simulator.runWhile(() => !settling.isOver && left-- > 0, deadlineNs)
      await progress.breathe(lab)
    }
    progress.clear()
    const unsettled = settling.end(outcome, limitNs)
    if (unsettled.length > 0) process.stderr.write(`warning: the lab has not settled: ${unsettled.join('\n  ')}\n`)
    return unsettled.length === 0
  }
  return { ...opened, settle, clearProgress: () => progress.clear() }
}
