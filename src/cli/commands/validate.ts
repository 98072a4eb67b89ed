import { type Command, Option } from 'commander'
import { LINT_LEVELS } from '../../lint/select-reports.ts'
import type { Exit } from '../exit-code.ts'
import { collect } from '../option-values.ts'

/** `drylab validate`: its arguments, options and help. */
export function addValidate(program: Command, exit: Exit): void {
  program
    .command('validate')
    .description('say what in a lab or scenario is wrong, doubtful or not modelled, with file, line, column and a fix')
    .argument('[file...]', 'containerlab files, setup scripts or scenarios')
    .addOption(new Option('--format <format>', 'how to print it').choices(['text', 'json', 'sarif']).default('text'))
    .addOption(new Option('--level <level>', 'the mildest level to show').choices(LINT_LEVELS).default('info'))
    .option('--disable <rule>', 'leave a rule out, or a group such as "bgp/*" (repeatable)', collect, [])
    .option('--strict', 'warnings give exit status 1 too')
    .option('--rules', 'list the rules with their levels and end')
    .option('--explain <rule>', 'say why a rule matters and end')
    .addHelpText('after', HELP)
    .action(async (paths: string[], options) => {
      const { validate } = await import('../actions/validate.ts')
      exit(await validate(paths, { ...options, version: program.version() ?? '' }))
    })
}

const HELP = `
The lab is built dry and settles; rules then look at topology, router configurations and manifests together.
A comment "# drylab: ignore RULE" silences a rule on its line or the next one, "# drylab: ignore-file RULE" in the whole file.
Exit status: 0 nothing grave, 1 a rule has found an error (with --strict also a warning), 2 a file is wrong and the lab
cannot be built.

Examples:
  drylab validate lab.clab.yml
  drylab validate --strict --level warning scenarios/*.yaml
  drylab validate --format sarif setup.sh > drylab.sarif
  drylab validate --explain cilium/local-policy-with-l2`
