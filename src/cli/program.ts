import { Command, InvalidArgumentError } from 'commander'
import { EXIT_CODE } from './exit-code.ts'

/** Takes the exit status of the command that ran. */
type Exit = (code: number) => void

/** Every command of the program, one line each. Their code is loaded only when they are called. */
const COMMANDS: readonly ((program: Command, exit: Exit) => void)[] = [
  addRun,
  addTest,
  addExec,
  addShell,
  addCapture,
  addTcpdump,
  addValidate,
  addCompletion,
  addComplete,
]

/** The command line. Returns the exit status. */
export async function main(args: readonly string[], version: string): Promise<number> {
  let exitCode: number = EXIT_CODE.ok
  const program = new Command('drylab')
    .description('Runs containerlab labs dry: BGP fabrics and Cilium clusters simulated in memory.')
    .version(version)
    .enablePositionalOptions()
    .exitOverride()
    .addHelpText('after', HELP)
  for (const add of COMMANDS) {
    add(program, code => {
      exitCode = code
    })
  }
  try {
    await program.parseAsync(args, { from: 'user' })
  } catch (thrown) {
    // commander has printed its message; its own exit code is 1 for mistakes, ours is 2
    if (thrown instanceof Error && 'exitCode' in thrown) return thrown.exitCode === 0 ? EXIT_CODE.ok : EXIT_CODE.usage
    throw thrown
  }
  return exitCode
}

const HELP = `
A LAB is a containerlab file (lab.clab.yml) or a setup script (setup.sh) with the lines that would build it.
Exit status: 0 all is well, 1 a claim does not hold, 2 a file or an argument is wrong.`

function addRun(program: Command, exit: Exit): void {
  program
    .command('run')
    .description('run scenario files: print each command with its output, then the checks')
    .argument('<scenario...>', 'scenario files')
    .option('--seed <number>', 'override the seed of the files', parseSeed)
    .option('--pcap <folder>', 'capture every link of the run: one pcapng file each')
    .addHelpText(
      'after',
      '\nExamples:\n  drylab run scenarios/article-1-bgp.yaml\n  drylab run --seed 7 --pcap captures scenarios/*.yaml',
    )
    .action(async (paths: string[], options) => exit(await (await import('./commands/run.ts')).run(paths, options)))
}

function addTest(program: Command, exit: Exit): void {
  program
    .command('test')
    .description('find scenarios (*.yaml with a claim), run them in parallel and report which claims hold')
    .argument('[path...]', 'scenario files, or folders to look in; this folder when there is none')
    .option('-j, --jobs <number>', 'threads; default: as many as the machine has processors', parseCount)
    .option('--filter <pattern>', 'only claims or paths that fit this regular expression')
    .option('--bail [number]', 'stop after so many runs that do not hold (default 1)', parseCount)
    .option('--seed <number>', 'override the seed of the files', parseSeed)
    .option('--seeds <range>', 'run each scenario once with each seed of A..B, and say which break it', parseSeeds)
    .option(
      '--repeat <number>',
      "run each scenario so often, from its file's seed on (with --seeds: at most so often)",
      parseCount,
    )
    .option('--update', 'write golden files anew instead of comparing with them')
    .option('--watch', 'run again whenever a file of the scenarios or their labs changes')
    .option(
      '--reporter <name[=file]>',
      'spec (default), junit, tap, json or github; several with files, the option repeated',
      (text: string, list: readonly string[] = []) => [...list, text],
    )
    .addHelpText(
      'after',
      `
Examples:
  drylab test
  drylab test scenarios --reporter spec --reporter junit=report.xml
  drylab test --filter 'spine' --bail
  drylab test scenarios/article-1-bgp.yaml --seeds 1..20
Exit status: 0 all claims hold, 1 one does not, 2 a file is wrong or nothing was found.`,
    )
    .action(async (paths: string[], options) => exit(await (await import('./commands/test.ts')).test(paths, options)))
}

function addExec(program: Command, exit: Exit): void {
  program
    .command('exec')
    .description('deploy a lab, let it settle, run one command on a node and print its output')
    .argument('<lab>', 'containerlab file or setup script')
    .argument('<node>', 'node name, container name, or "machine"')
    .argument('<command...>', 'the command, quoted or as words')
    .option('--seed <number>', 'source of every random choice', parseSeed)
    .option('--settle <duration>', 'most simulated time the lab may take to settle', '900s')
    .passThroughOptions()
    .addHelpText(
      'after',
      `\nExamples:\n  drylab exec topologies/clos-2x4/lab.clab.yml leaf1 "route -n"\n  drylab exec lab.clab.yml spine1 "vtysh -c 'show ip bgp summary'"\nThe exit status is that of the command.`,
    )
    .action(async (lab: string, node: string, words: string[], options) =>
      exit(await (await import('./commands/exec.ts')).exec(lab, node, words, options)),
    )
}

function addShell(program: Command, exit: Exit): void {
  program
    .command('shell')
    .description('deploy a lab and open a prompt on the machine that runs it; text from a pipe is run')
    .argument('<lab>', 'containerlab file or setup script')
    .option('--seed <number>', 'source of every random choice', parseSeed)
    .addHelpText(
      'after',
      '\nExamples:\n  drylab shell topologies/cilium-bgp/setup.sh\n  echo "kubectl get nodes" | drylab shell topologies/cilium-bgp/setup.sh',
    )
    .action(async (lab: string, options) => exit(await (await import('./commands/shell.ts')).shell(lab, options)))
}

function addCapture(program: Command, exit: Exit): void {
  program
    .command('capture')
    .description('deploy a lab, let it settle, and capture on an interface for a while or during a command')
    .argument('<lab>', 'containerlab file or setup script')
    .argument('<place>', 'NODE:INTERFACE; the interface may be "any"')
    .argument('[tcpdump...]', 'options and expression of tcpdump; default -nn')
    .option('-w, --write <file>', 'write a pcap file (pcapng when named so) instead of printing')
    .option('--for <duration>', 'simulated time to capture for (default 10s, or nothing after --run)')
    .option('--run <command>', 'run this meanwhile; its output goes to stderr')
    .option('--on <node>', 'where to run it (default: the machine)')
    .option('--seed <number>', 'source of every random choice', parseSeed)
    .option('--settle <duration>', 'most simulated time the lab may take to settle', '900s')
    .passThroughOptions()
    .addHelpText(
      'after',
      `\nOptions of drylab come before the lab, those of tcpdump behind the place.\nExamples:\n  drylab capture --for 1m topologies/clos-2x4/lab.clab.yml leaf1:eth1 -nn -v 'tcp port 179'\n  drylab capture --run 'docker exec clab-lab-a ping -c 1 10.0.0.2' -w ping.pcap lab.clab.yml b:any icmp`,
    )
    .action(async (lab: string, place: string, words: string[], options) =>
      exit(await (await import('./commands/capture.ts')).capture(lab, place, words, options)),
    )
}

function addTcpdump(program: Command, exit: Exit): void {
  program
    .command('tcpdump')
    .description('print a capture file of any program (pcap or pcapng) as tcpdump does')
    .argument('[words...]', "tcpdump's options and expression, -r FILE among them")
    .helpOption('--help', 'display help for command')
    .allowUnknownOption()
    .passThroughOptions()
    .addHelpText(
      'after',
      "\nExamples:\n  drylab tcpdump -nn -r ping.pcap icmp\n  drylab tcpdump -nn -v -r captures/leaf1.pcapng 'tcp port 179'",
    )
    .action(async (words: string[]) => exit((await import('./commands/tcpdump.ts')).tcpdump(words)))
}

function addValidate(program: Command, exit: Exit): void {
  program
    .command('validate')
    .description('say what in a lab or scenario is wrong or not modelled, with file, line and column')
    .argument('<file...>', 'containerlab files, setup scripts or scenarios')
    .addHelpText('after', '\nExamples:\n  drylab validate lab.clab.yml\n  drylab validate scenarios/*.yaml')
    .action(async (paths: string[]) => exit(await (await import('./commands/validate.ts')).validate(paths)))
}

function addCompletion(program: Command, exit: Exit): void {
  program
    .command('completion')
    .description('print a script that makes a shell complete commands, options, files and node names')
    .argument('<shell>', 'bash, zsh or fish')
    .addHelpText(
      'after',
      '\nExamples:\n  eval "$(drylab completion bash)"\n  drylab completion zsh > ~/.zfunc/_drylab\n  drylab completion fish | source',
    )
    .action(async (shell: string) => exit((await import('./commands/completion.ts')).completion(shell)))
}

/** What the completion scripts call: prints the words that may come next. */
function addComplete(program: Command, exit: Exit): void {
  program
    .command('complete', { hidden: true })
    .argument('[word...]')
    .action(async (words: string[]) => {
      const { complete } = await import('./commands/complete.ts')
      process.stdout.write(
        complete(program, words)
          .map(word => `${word}\n`)
          .join(''),
      )
      exit(EXIT_CODE.ok)
    })
}

function parseSeed(text: string): number {
  const seed = Number(text)
  if (/^\d+$/.test(text) && seed <= 0xffffffff) return seed
  throw new InvalidArgumentError('expected a whole number from 0 to 4294967295.')
}

function parseCount(text: string): number {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('expected a whole number above 0.')
}

function parseSeeds(text: string): { readonly from: number; readonly to: number } {
  const match = /^(\d+)\.\.(\d+)$/.exec(text)
  if (match !== null) return { from: parseSeed(match[1]!), to: parseSeed(match[2]!) }
  throw new InvalidArgumentError('expected a range such as 1..20.')
}
