import type { Command } from 'commander'
import type { Exit } from '../exit-code.ts'
import { addLabOptions } from '../lab-options.ts'

/** `drylab capture`: its arguments, options and help. */
export function addCapture(program: Command, exit: Exit): void {
  const command = program
    .command('capture')
    .description('deploy a lab, let it settle, and capture on an interface for a while or during a command')
    .argument('<lab>', 'containerlab file or setup script')
    .argument('<place>', 'NODE:INTERFACE; the interface may be "any"')
    .argument('[tcpdump...]', 'options and expression of tcpdump; default -nn')
    .option('-w, --write <file>', 'write a pcap file (pcapng when named so) instead of printing')
    .option('--for <duration>', 'simulated time to capture for (default 10s, or nothing after --run)')
    .option('--run <command>', 'run this meanwhile; its output goes to stderr')
    .option('--on <node>', 'where to run it (default: the machine)')
  addLabOptions(command)
    .passThroughOptions()
    .addHelpText(
      'after',
      `\nOptions of drylab come before the lab, those of tcpdump behind the place.\nExamples:\n  drylab capture --for 1m topologies/clos-2x4/lab.clab.yml leaf1:eth1 -nn -v 'tcp port 179'\n  drylab capture --run 'docker exec clab-lab-a ping -c 1 10.0.0.2' -w ping.pcap lab.clab.yml b:any icmp`,
    )
    .action(async (lab: string, place: string, words: string[], options) =>
      exit(await (await import('../actions/capture.ts')).capture(lab, place, words, options)),
    )
}
