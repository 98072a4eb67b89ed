import { resolve } from 'node:path'
import type { Lab } from '../lab/lab.ts'
import { type OpenedLab, openLab } from '../shell/open-lab.ts'
import { Progress } from './progress.ts'
import { realFiles } from './real-files.ts'

export interface CommandLab extends OpenedLab {
  /** Lets time pass until no work is left; tells on stderr what is still at work when the limit comes first. */
  settle(limitNs: number): Promise<void>
  /** Takes the line of progress away, before anything else is printed. */
  clearProgress(): void
}

/** How much simulated time passes between two looks at the program's own events while settling. */
const EVENTS_PER_BREATH = 50_000

/** Opens a lab for a command of the program; prints why and returns undefined when it cannot be built. */
export async function openForCommand(
  path: string,
  options: { readonly seed?: number; readonly onLab?: (lab: Lab) => void },
): Promise<CommandLab | undefined> {
  const progress = new Progress()
  let opened: OpenedLab | undefined
  opened = await openLab({
    path: resolve(path),
    files: realFiles,
    ...options,
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
  const settle = async (limitNs: number): Promise<void> => {
    const { simulator } = lab
    const deadlineNs = simulator.nowNs + limitNs
    while (simulator.pendingWork > 0) {
      let left = EVENTS_PER_BREATH
      const outcome = simulator.runWhile(() => simulator.pendingWork > 0 && left-- > 0, deadlineNs)
      if (outcome !== 'quiet') {
        progress.clear()
        const why =
          outcome === 'events' ? 'the limit of events is reached' : `${limitNs / 1e9}s of simulated time have passed`
        process.stderr.write(
          `warning: the lab has not settled: ${why}; still at work: ${simulator.pendingWorkOrigins().slice(0, 6).join(', ')}\n`,
        )
        return
      }
      await progress.breathe(lab)
    }
    progress.clear()
  }
  return { ...opened, settle, clearProgress: () => progress.clear() }
}
