import { type Command, InvalidArgumentError, Option } from 'commander'
import type { Exit } from '../exit-code.ts'
import { parseFaults } from '../fault-option.ts'
import { collect, parseSeed, parseSeeds } from '../option-values.ts'

/** `drylab diff`: its arguments, options and help. */
export function addDiff(program: Command, exit: Exit): void {
  program
    .command('diff')
    .description('say what differs between two labs, two versions of Cilium, or one lab before and after a change')
    .argument('<lab>', 'containerlab file or setup script')
    .argument('[other]', 'the lab to compare it with')
    .option('--cilium <a..b>', 'the same lab with these two versions of Cilium, such as 1.15..1.16', parseVersions)
    .option('--apply <file>', 'before and after kubectl apply -f FILE (may be given several times)', collect)
    .option('--run <commands>', 'before and after these commands on the machine (may be given several times)', collect)
    .option(
      '--fail <fault>',
      'before and after a fault: link=leaf1:eth1, node=spine1 (may be given several times)',
      parseFaults,
    )
    .addOption(
      new Option('-o, --output <format>', 'how to print').choices(['text', 'json', 'markdown']).default('text'),
    )
    .option('--only <tables>', 'compare only these tables, with commas', parseTables)
    .option(
      '--ignore <tables>',
      'leave these tables out; "luck": what may be due to another order of events',
      parseTables,
    )
    .option('--seed <number>', 'source of every random choice, the same for both', parseSeed)
    .option(
      '--seeds <a..b>',
      'compare under each of these seeds, and mark what differs under some of them only',
      parseSeeds,
    )
    .option(
      '--wait <duration>',
      'simulated time for what nobody is told of, such as hold times and leases, after --fail and --run',
      '300s',
    )
    .option('--settle <duration>', 'most simulated time a lab may take to settle', '900s')
    .addHelpText('after', HELP)
    .action(async (lab: string, other: string | undefined, options) =>
      exit(await (await import('../actions/diff.ts')).diff(lab, other, options)),
    )
}

const HELP = `
Compared are nodes, BGP sessions and tables, routes, announcements, services, leases and reachability; with --only also
interfaces, neighbors, ribs, pools, pods, bgpPolicies and l2Policies. Ages, counters and MAC addresses are not compared.
Both labs are built with the same seed. What may be another order of events is marked: who holds a lease, which of two
equal paths is older. --seeds finds out instead.
With two labs or --cilium, what --apply, --run and --fail say is done to both. The machine itself, routes of cluster nodes to
their own pods and containers that share another one's network are left out.

Examples:
  drylab diff main/lab.clab.yml branch/lab.clab.yml
  drylab diff setup.sh --apply new-policy.yaml
  drylab diff setup.sh --apply manifests.yaml --cilium 1.15..1.16 --only announcements,leases
  drylab diff topologies/clos-2x4/lab.clab.yml --fail link=leaf1:eth1 --only routes,reachability
  drylab diff setup.sh --apply new-policy.yaml --seeds 1..5
  kustomize build . | drylab diff setup.sh --apply -
  drylab diff main/setup.sh branch/setup.sh -o markdown > comment.md
Exit status: 0 no difference, 1 some, 2 a file or an argument is wrong.`

function parseTables(text: string, previous: readonly string[] = []): readonly string[] {
  return [
    ...previous,
    ...text
      .split(',')
      .map(word => word.trim())
      .filter(word => word !== ''),
  ]
}

/** `1.15..1.16` or `1.15.3..1.16.0`. */
function parseVersions(text: string): readonly [string, string] {
  const match = /^v?(\d+\.\d+)(\.\d+)?\.\.v?(\d+\.\d+)(\.\d+)?$/.exec(text)
  if (match === null) throw new InvalidArgumentError('expected two versions such as 1.15..1.16.')
  return [`${match[1]}${match[2] ?? '.0'}`, `${match[3]}${match[4] ?? '.0'}`]
}
