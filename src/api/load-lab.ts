import { absolutePath } from '../cli/absolute-path.ts'
import { realFiles } from '../cli/real-files.ts'
import { folderOf, resolvePath } from '../config/path.ts'
import { openLab } from '../shell/open-lab.ts'
import { LabError } from './lab-error.ts'
import { LoadedLab } from './loaded-lab.ts'

export interface LoadLabOptions {
  /** Source of every random choice. Default 1. */
  readonly seed?: number
  /** What the simulated wall clock shows at the start: `2025-07-03T14:00:00Z`. */
  readonly clock?: string
  /** Most simulated time the lab may take to settle after it is built; `false`: do not wait. Default `900s`. */
  readonly settle?: string | false
  /** Called now and then while time passes, so that a long run does not keep the program from anything else. */
  readonly breathe?: () => Promise<void>
}

/**
 * Builds a lab from a containerlab file or a setup script, in memory, and lets it settle.
 *
 * @param path relative paths start at the working folder
 * @throws LabError when the lab cannot be built or does not settle
 */
export async function loadLab(path: string, options: LoadLabOptions = {}): Promise<LoadedLab> {
  const { seed = 1, clock, settle, breathe } = options
  const file = absolutePath(path)
  const epochMs = clock === undefined ? undefined : Date.parse(clock)
  if (Number.isNaN(epochMs)) throw new LabError(`"${clock}" is not an instant such as 2025-07-03T14:00:00Z`)
  const { lab, terminal, setup } = await openLab({
    path: file,
    files: realFiles,
    seed,
    ...(epochMs === undefined ? {} : { epochMs }),
    ...(breathe === undefined ? {} : { breathe }),
  })
  if (setup.exitCode !== 0) throw new LabError(setup.stderr.trim() || `${file} cannot be built`)
  const folder = folderOf(file)
  const readText = (name: string): string | undefined => realFiles.readText(resolvePath(folder, name))
  const loaded = new LoadedLab({ lab, terminal, origin: { path: file, folder, seed }, readText })
  if (settle !== false) await loaded.settle(settle)
  return loaded
}
