import type { Command } from 'commander'
import type { Exit } from '../exit-code.ts'

/** `drylab tcpdump`: its arguments, options and help. */
export function addTcpdump(program: Command, exit: Exit): void {
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
    .action(async (words: string[]) => exit((await import('../actions/tcpdump.ts')).tcpdump(words)))
}
