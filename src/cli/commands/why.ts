import { type Command, InvalidArgumentError, Option } from 'commander'
import type { Exit } from '../exit-code.ts'
import { addChangeOptions, addLabOptions } from '../lab-options.ts'

/** `drylab why`: its questions, options and help. */
export function addWhy(program: Command, exit: Exit): void {
  const command = program
    .command('why')
    .description('explain a route, a way or an announced address, also where there is none')
    .argument('<lab>', 'containerlab file or setup script')
    .argument('<question>', 'route NODE PREFIX, reach FROM TO or vip ADDRESS')
    .argument('<about...>', 'what the question is about')
    .addOption(new Option('-o, --output <format>', 'how to print').choices(['text', 'json']).default('text'))
    .option('--size <bytes>', 'reach: ping with packets of this many bytes that may not be fragmented', parseBytes)
  addLabOptions(addChangeOptions(command, 'ask'))
    .addHelpText('after', HELP)
    .action(async (lab: string, question: string, about: string[], options) =>
      exit(await (await import('../actions/why.ts')).why(lab, question, about, options)),
    )
}

const HELP = `
Questions:
  route NODE PREFIX  Every candidate and where it lost; for a route that is not
                     there the first gate that failed on its way from its
                     origin. 10.0.0.0/24 asks for exactly that prefix, 10.0.0.1
                     for the longest match.
  reach FROM TO      Each hop, each rewrite, the way back, and where and why it
                     ends. FROM is a node or a pod. TO is a node, an address,
                     ADDRESS:PORT, http://ADDRESS or a service (NAME,
                     NAMESPACE/NAME).
  vip ADDRESS        Who announces it; for everybody else the first gate that
                     failed. Also a service.
Behind a reason stands the file and line of the object that is responsible.

Examples:
  drylab why topologies/clos-2x4/lab.clab.yml route leaf1 10.100.3.0/24
  drylab why topologies/clos-2x4/lab.clab.yml route leaf1 10.100.3.10 --fail link=leaf3:eth1
  drylab why topologies/clos-2x4/lab.clab.yml reach host1 host3
  drylab why lab.clab.yml reach host1 10.100.3.10:80 -o json
  drylab why lab.clab.yml reach host1 host3 --size 1500
  drylab why setup.sh vip 20.0.10.1
Exit status: 0 there is a route, it is reached, it is announced; 1 it is not; 2 a file or an argument
is wrong.`

function parseBytes(text: string): number {
  const bytes = Number(text)
  if (/^\d+$/.test(text) && bytes >= 28 && bytes <= 65535) return bytes
  throw new InvalidArgumentError('expected 28 to 65535 bytes.')
}
