import { z } from 'zod'
import { type CheckContext, type CheckResult, defineProbe } from '../check.ts'
import { mismatch } from '../match-text.ts'
import { nodeName, outputExpectation } from '../values.ts'

/** What a command prints, for looking at it again and again: shell text on the machine, or on a node. */
export const output = defineProbe(
  'output',
  outputExpectation.extend({ run: z.string().min(1), on: nodeName.optional() }),
  async (context, { run, on, stdout, stderr, exit }): Promise<CheckResult> => {
    const expected: string[] = []
    const result = await runOn(context, run, on)
    for (const [name, matcher] of [
      ['stdout', stdout],
      ['stderr', stderr],
    ] as const) {
      const wrong = matcher === undefined ? undefined : mismatch(result[name], matcher, context.golden)
      if (wrong !== undefined) expected.push(`${name} ${wrong}`)
    }
    const isExitRight =
      exit === undefined
        ? stdout !== undefined || stderr !== undefined || result.exitCode === 0
        : result.exitCode === exit
    if (!isExitRight) expected.push(`exit status ${exit ?? 0}`)
    const what = expected.length === 0 ? 'as expected' : expected.join(' and ')
    const lines = `${result.stdout}${result.stderr}`.replace(/\n$/, '').split('\n')
    return {
      holds: expected.length === 0,
      expected: `output of ${run}${on === undefined ? '' : ` on ${on}`}: ${what}`,
      seen: [...lines, `exit status ${result.exitCode}`],
    }
  },
)

async function runOn(context: CheckContext, text: string, on: string | undefined) {
  if (on === undefined) return context.run(text)
  const node = context.lab.node(on)
  if (node === undefined) return { stdout: '', stderr: `there is no node "${on}"\n`, exitCode: 127 }
  return context.terminal.run(text, { node })
}
