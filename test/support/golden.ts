import { readFileSync } from 'node:fs'
import type { Command, CommandResult } from '../../src/shell/command.ts'
import { Bench } from './run-command.ts'

/** What test/golden/record.py wrote. */
interface Golden {
  readonly nodes: readonly string[]
  readonly links: readonly {
    readonly a: string
    readonly aName: string
    readonly aIndex: number
    readonly aMac: string
    readonly b: string
    readonly bName: string
    readonly bIndex: number
    readonly bMac: string
  }[]
  readonly steps: readonly (
    | { readonly sleepSeconds: number }
    | ({ readonly node: string; readonly command: string; readonly unrecorded?: true } & Partial<CommandResult>)
  )[]
}

/** One recorded command with what the real tool and the simulator answered. */
export interface GoldenStep {
  readonly title: string
  readonly real: CommandResult
  readonly simulated: CommandResult
}

/** Builds the recorded namespaces in the simulator, runs the recorded commands there and returns both answers of each. */
export function replayGolden(file: string, commands: readonly Command[]): readonly GoldenStep[] {
  const golden = JSON.parse(readFileSync(new URL(`../golden/${file}`, import.meta.url), 'utf8')) as Golden
  const bench = new Bench(commands)
  for (const name of golden.nodes) bench.addNode(name)
  for (const link of golden.links) {
    bench.connect(`${link.a}:${link.aName}`, `${link.b}:${link.bName}`, {
      macs: [link.aMac, link.bMac],
      indexes: [link.aIndex, link.bIndex],
    })
  }
  const steps: GoldenStep[] = []
  for (const step of golden.steps) {
    if ('sleepSeconds' in step) {
      bench.simulator.runUntil(bench.simulator.nowNs + step.sleepSeconds * 1e9)
      continue
    }
    const [line, redirect] = step.command.split(' > ')
    const result = bench.run(step.node, line!)
    if (step.unrecorded) {
      if (result.exitCode !== 0) throw new Error(`${step.command}: ${result.stderr}`)
      continue
    }
    const { stdout, stderr, exitCode } = step
    steps.push({
      title: `${step.node}# ${step.command}`,
      real: { stdout: stdout!, stderr: stderr!, exitCode: exitCode! },
      simulated: redirect === undefined ? result : { ...result, stdout: '' },
    })
  }
  return steps
}
