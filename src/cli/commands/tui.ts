import { type Command, Option } from 'commander'
import type { Exit } from '../exit-code.ts'
import { parseSeed } from '../option-values.ts'

/** As in src/tui/views/table.ts, which is loaded only when the command runs. */
export const VIEW_NAMES: readonly string[] = [
  'nodes',
  'routes',
  'neighbors',
  'interfaces',
  'bgp',
  'paths',
  'groups',
  'services',
  'ribs',
  'mac',
  'announcements',
  'pools',
  'leases',
  'pods',
  'bgppolicies',
  'l2policies',
  'topology',
]

/** `drylab tui`: its arguments, options and help. */
export function addTui(program: Command, exit: Exit): void {
  program
    .command('tui')
    .description('look into a running lab: tables, topology, packets, with time under the thumb')
    .argument('<file>', 'containerlab file, setup script or scenario')
    .option('--seed <number>', 'source of every random choice', parseSeed)
    .option('--ascii', 'draw with ASCII characters only')
    .option('--no-color', 'no colours, as with NO_COLOR in the environment')
    .addOption(
      new Option('--frame <view>', 'print one screen as text instead, as it is after the keys').choices(VIEW_NAMES),
    )
    .option('--size <columns>x<rows>', 'of the printed screen', '100x30')
    .option('--at <time>', 'go to this time first: 12s, 1m30s (default: settle)')
    .option('--keys <keys>', 'keys to press first, special ones in angle brackets: jj<enter>')
    .addHelpText(
      'after',
      `
Keys: ? lists all of them; q leaves.

Examples:
  drylab tui topologies/clos-2x4/lab.clab.yml
  drylab tui scenarios/article-2-l2.yaml
  drylab tui topologies/clos-2x4/lab.clab.yml --frame topology --size 80x24
  drylab tui topologies/clos-2x4/lab.clab.yml --frame paths --keys ":paths leaf1<enter>jj<enter>"`,
    )
    .action(async (file: string, options) => exit(await (await import('../actions/tui.ts')).tui(file, options)))
}
