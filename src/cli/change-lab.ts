import type { Diagnostic } from '../config/diagnostic.ts'
import type { FaultFile } from '../scenario/fault-schema.ts'
import { fail } from '../scenario/steps/fault.ts'
import type { CommandLab } from './open-for-command.ts'

/** What is done to a lab before it is looked at. */
export interface LabChanges {
  /** Commands on the machine, in the working folder. */
  readonly run?: readonly string[]
  readonly fail?: readonly FaultFile[]
}

/** Whether the options change anything. */
export function hasChanges({ run = [], fail: faults = [] }: LabChanges): boolean {
  return run.length + faults.length > 0
}

/** A change of the command line cannot be made; its message is for the user. */
export class LabChangeError extends Error {}

/**
 * Does what the options say to a lab that has settled, lets it settle again, and gives what nobody is told of (hold times,
 * leases, neighbour entries) its time.
 *
 * @returns whether it has settled
 */
export async function changeLab(
  { lab, terminal, settle, clearProgress }: CommandLab,
  { run = [], fail: faults = [] }: LabChanges,
  limits: { readonly settleNs: number; readonly waitNs: number },
  stdinOf: (command: string) => string = () => '',
): Promise<boolean> {
  for (const text of run) {
    const { stdout, stderr, exitCode } = await terminal.run(text, { cwd: process.cwd(), stdin: stdinOf(text) })
    clearProgress()
    if (exitCode !== 0) throw new LabChangeError(`${text}: exit status ${exitCode}\n${stderr || stdout}`.trimEnd())
    process.stderr.write(stderr)
  }
  const mistake = ({ message }: Diagnostic): never => {
    throw new LabChangeError(message)
  }
  const source = { file: 'the command line', line: 1, column: 1 }
  for (const fault of faults)
    await fail({ lab, tell() {}, mistake }, { kind: 'fail', step: { fail: fault }, source, checkSources: [] })
  const isSettled = await settle(limits.settleNs)
  if (limits.waitNs === 0) return isSettled
  lab.simulator.runUntil(lab.simulator.nowNs + limits.waitNs)
  return settle(limits.settleNs)
}
