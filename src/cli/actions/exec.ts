import { parseDurationNs } from '../../text/duration.ts'
import { EXIT_CODE } from '../exit-code.ts'
import { openForCommand } from '../open-for-command.ts'

export interface ExecOptions {
  readonly seed?: number
  /** Most simulated time the lab may take to settle: `600s`. */
  readonly settle: string
}

/** `drylab exec LAB NODE COMMAND`: deploys, settles, runs one command and prints just its output. Returns its exit status. */
export async function exec(
  path: string,
  nodeName: string,
  command: readonly string[],
  options: ExecOptions,
): Promise<number> {
  const limitNs = parseDurationNs(options.settle)
  if (limitNs === undefined) {
    process.stderr.write(`error: "${options.settle}" is not a duration such as 600s or 10m\n`)
    return EXIT_CODE.usage
  }
  const opened = await openForCommand(path, options)
  if (opened === undefined) return EXIT_CODE.usage
  const { lab, terminal, settle, clearProgress } = opened
  const node = lab.node(nodeName)
  if (node === undefined) {
    process.stderr.write(
      `error: there is no node "${nodeName}"; there are ${lab
        .nodes()
        .map(one => one.name)
        .join(', ')}\n`,
    )
    return EXIT_CODE.usage
  }
  const isSettled = await settle(limitNs)
  const { stdout, stderr, exitCode } = await terminal.run(command.join(' '), { node })
  clearProgress()
  process.stdout.write(stdout)
  process.stderr.write(stderr)
  return exitCode === EXIT_CODE.ok && !isSettled ? EXIT_CODE.failed : exitCode
}
