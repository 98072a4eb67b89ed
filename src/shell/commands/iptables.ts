import type { SourceNatRule } from '../../host/nat/source-nat-rule.ts'
import { type Command, type CommandContext, instantCommand } from '../command.ts'
import { parseNatRule, specificationOf } from './iptables/nat-rule.ts'
import { printTable } from './iptables/print-table.ts'
import { type IptablesWords, readWords } from './iptables/read-words.ts'

/** The built-in chains of the tables. */
const CHAINS: Readonly<Record<string, readonly string[]>> = {
  filter: ['INPUT', 'FORWARD', 'OUTPUT'],
  nat: ['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING'],
  mangle: ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'],
  raw: ['PREROUTING', 'OUTPUT'],
}

/**
 * `iptables`: source NAT, which is the chain POSTROUTING of the table nat, and the empty chains of all else. Commands that
 * leave an empty chain as it is succeed; any other rule is refused aloud, because packets would pass it by. Output and
 * messages as measured on iptables 1.8.9 (nf_tables).
 */
export const iptables: Command = instantCommand('iptables', 'everywhere', context => {
  const read = readWords(context.args)
  if (!read.ok) return fail(context, read.message)
  const chains = CHAINS[read.words.table]
  const { chain, command, rest } = read.words
  if (chains === undefined || command === undefined) return notModelled(context)
  if ('LSFZX'.includes(command) && rest.length > 0) return notModelled(context)
  if (chain !== undefined && !chains.includes(chain)) return noSuchChain(context)
  return run(context, read.words, chains)
})

function run(context: CommandContext, words: IptablesWords, chains: readonly string[]): number {
  const { chain } = words
  const shown = chain === undefined ? chains : [chain]
  const nat = context.node.host.sourceNat.iptables
  const hasRules = words.table === 'nat' && (chain === undefined || chain === 'POSTROUTING')
  switch (words.command) {
    case 'L':
      context.out(printTable(shown, words, name => (words.table === 'nat' && name === 'POSTROUTING' ? nat : undefined)))
      return 0
    case 'S': {
      if (words.isVerbose) return notModelled(context)
      const policies = shown.map(name => `-P ${name} ACCEPT\n`)
      const rules = hasRules ? nat.rules.map(rule => `-A POSTROUTING ${specificationOf(rule)}\n`) : []
      context.out([...policies, ...rules].join(''))
      return 0
    }
    case 'F':
      if (hasRules) setRules(context, [])
      return 0
    case 'Z':
      if (hasRules) for (const counter of [nat, ...nat.rules]) Object.assign(counter, { packets: 0, bytes: 0 })
      return 0
    case 'X':
      return 0
    case 'P':
      return words.rest.length === 1 && words.rest[0] === 'ACCEPT' ? 0 : notModelled(context)
    default:
      return words.table === 'nat' && chain === 'POSTROUTING' ? change(context, words) : notModelled(context)
  }
}

/** -A, -I, -D, -C on the chain POSTROUTING. */
function change(context: CommandContext, words: IptablesWords): number {
  const { rules } = context.node.host.sourceNat.iptables
  const { command, number, rest } = words
  if (command === 'D' && number !== undefined) {
    if (number > rules.length) return problem(context, 'Index of deletion too big.')
    return setRules(context, rules.toSpliced(number - 1, 1))
  }
  const parsed = parseNatRule(rest)
  if (parsed === undefined) return notModelled(context)
  if (!parsed.ok) return fail(context, parsed.message)
  const { rule } = parsed
  if (command === 'A') return setRules(context, [...rules, rule])
  if (command === 'I') {
    if ((number ?? 1) > rules.length + 1) return problem(context, 'Index of insertion too big.')
    return setRules(context, rules.toSpliced((number ?? 1) - 1, 0, rule))
  }
  const specification = specificationOf(rule)
  const index = rules.findIndex(one => specificationOf(one) === specification)
  if (index < 0) return problem(context, 'Bad rule (does a matching rule exist in that chain?).')
  return command === 'C' ? 0 : setRules(context, rules.toSpliced(index, 1))
}

function setRules(context: CommandContext, rules: readonly SourceNatRule[]): number {
  const { sourceNat } = context.node.host
  sourceNat.setRules(sourceNat.iptables, rules)
  return 0
}

function noSuchChain(context: CommandContext): number {
  return problem(context, 'No chain/target/match by that name.')
}

function problem(context: CommandContext, message: string): number {
  context.error(`iptables: ${message}\n`)
  return 1
}

function fail(context: CommandContext, message: string): number {
  context.error(
    `iptables v1.8.9 (nf_tables): ${message}\nTry \`iptables -h' or 'iptables --help' for more information.\n`,
  )
  return 2
}

function notModelled(context: CommandContext): number {
  context.error(`iptables: "${context.args.join(' ')}" is not modelled by drylab\n`)
  return 2
}
