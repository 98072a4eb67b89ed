import { type Command, instantCommand } from '../command.ts'

/**
 * `iptables`: the simulator has no netfilter tables. Listing shows the empty chains of a new namespace; commands that leave
 * an empty table as it is succeed; a rule is refused aloud, because packets would pass it by.
 */
export const iptables: Command = instantCommand('iptables', 'everywhere', context => {
  const words = context.args.filter(word => word !== '-n' && word !== '-w')
  const table = words.indexOf('-t')
  const rest = table < 0 ? words : [...words.slice(0, table), ...words.slice(table + 2)]
  const [command] = rest
  if (command === '-L' || command === '--list' || command === '-nL') {
    context.out(listing((table < 0 ? 'filter' : words[table + 1]) ?? 'filter'))
    return 0
  }
  const isAcceptPolicy = command === '-P' && rest[2] === 'ACCEPT'
  if (command === '-F' || command === '--flush' || command === '-X' || command === '-Z' || isAcceptPolicy) return 0
  context.error(`iptables: "${context.args.join(' ')}" is not modelled by drylab\n`)
  return 2
})

const CHAINS: Readonly<Record<string, readonly string[]>> = {
  filter: ['INPUT', 'FORWARD', 'OUTPUT'],
  nat: ['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING'],
  mangle: ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'],
  raw: ['PREROUTING', 'OUTPUT'],
}

function listing(table: string): string {
  return (CHAINS[table] ?? [])
    .map(chain => `Chain ${chain} (policy ACCEPT)\ntarget     prot opt source               destination         \n`)
    .join('\n')
}
