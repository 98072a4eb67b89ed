import type { Command } from 'commander'
import { parseFaults } from './fault-option.ts'
import { collect, parseSeed } from './option-values.ts'

/** What every command that builds a lab takes. */
export function addLabOptions(command: Command): Command {
  return command
    .option('--seed <number>', 'source of every random choice', parseSeed)
    .option('--settle <duration>', 'most simulated time the lab may take to settle', '900s')
}

/**
 * What is done to the lab before it is looked at.
 *
 * @param what the command does then: `ask`, `draw`
 */
export function addChangeOptions(command: Command, what: string): Command {
  return command
    .option('--run <commands>', `${what} after these commands on the machine (may be given several times)`, collect)
    .option(
      '--fail <fault>',
      `${what} after a fault: link=leaf1:eth1, node=spine1 (may be given several times)`,
      parseFaults,
    )
    .option('--wait <duration>', 'simulated time after --run and --fail for what nobody is told of', '300s')
}
