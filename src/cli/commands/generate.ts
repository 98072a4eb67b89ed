import { type Command, Option } from 'commander'
import type { Exit } from '../exit-code.ts'
import { parseCount, parseWholeNumber } from '../option-values.ts'

/** `drylab generate`: its arguments, options and help. */
export function addGenerate(program: Command, exit: Exit): void {
  program
    .command('generate')
    .description('write a fabric as a containerlab lab that drylab and the real containerlab run')
    .argument('<shape>', 'clos: leaves, spines and, if asked for, super-spines')
    .requiredOption('--spines <number>', 'spines in all', parseCount)
    .requiredOption('--leaves <number>', 'leaves in all', parseCount)
    .requiredOption('--out <folder>', 'where to write; made when it is not there')
    .option('--super-spines <number>', 'a third tier, joined to every spine', parseWholeNumber)
    .option('--pods <number>', 'groups of leaves and spines (default 2 with super-spines, else 1)', parseCount)
    .option('--hosts-per-leaf <number>', 'hosts, each in a network of its own (default 1)', parseWholeNumber)
    .option(
      '--prefixes-per-leaf <number>',
      'prefixes announced, those of the hosts first (default one per host)',
      parseCount,
    )
    .addOption(new Option('--dialect <dialect>', 'of the routers').choices(['frr', 'vyos']).default('frr'))
    .option('--ibgp-rr', 'one autonomous system, the spines reflect routes (default: eBGP, RFC 7938)')
    .option('--force', 'write into a folder that is not empty')
    .addHelpText('after', HELP)
    .action(async (shape: string, options) =>
      exit(await (await import('../actions/generate.ts')).generate(shape, options)),
    )
}

const HELP = `
Addresses: links 10.0.0.0/10 and 10.64.0.0/11 (/31 each), loopbacks 10.96.0.0/11, announced prefixes 10.128.0.0/9
(/24 while they fit, else /26, /28 or /30), all counted upwards in the order of the names. Systems: leaf N
4210000000+N, the spines of pod N 4220000000+N, super-spines 4230000001; with --ibgp-rr 65000.

Examples:
  drylab generate clos --spines 2 --leaves 4 --out lab
  drylab generate clos --spines 16 --leaves 128 --prefixes-per-leaf 10 --hosts-per-leaf 0 --out big
  drylab generate clos --spines 4 --leaves 8 --super-spines 2 --dialect vyos --ibgp-rr --out three-tiers`
