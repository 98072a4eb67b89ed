import type { Mutable } from '../../model/mutable.ts'
import { tableNumber } from './names.ts'
import type { IpOperation, RuleChange, RuleSelector } from './operation.ts'
import {
  abbreviates,
  GrammarError,
  isListVerb,
  notModelled,
  unknownCommand,
  type WordReader,
  wrongArgument,
} from './word-reader.ts'

/** `ip rule …`, iproute2 6.1 ip/iprule.c. */
export function parseRuleCommand(reader: WordReader): IpOperation {
  const word = reader.peek()
  if (word === undefined) return parseList(reader, false)
  reader.next()
  if (isListVerb(word)) return parseList(reader, false)
  if (abbreviates(word, 'save') || abbreviates(word, 'restore')) throw notModelled(`"ip rule ${word}"`)
  if (abbreviates(word, 'add')) return parseChange(reader, 'add')
  if (abbreviates(word, 'delete')) return parseChange(reader, 'delete')
  if (abbreviates(word, 'flush')) return parseList(reader, true)
  if (abbreviates(word, 'help')) return { kind: 'help', object: 'rule' }
  throw unknownCommand(word, 'rule')
}

function parseChange(reader: WordReader, command: RuleChange['command']): IpOperation {
  if (reader.isAtEnd) {
    throw new GrammarError(`"ip rule ${command === 'add' ? 'add' : 'del'}" requires arguments.\n`, 1)
  }
  const selector = readSelector(reader)
  return selector === 'help' ? { kind: 'help', object: 'rule' } : { kind: 'rule-change', command, selector }
}

function parseList(reader: WordReader, flush: boolean): IpOperation {
  const selector = readSelector(reader)
  return selector === 'help' ? { kind: 'help', object: 'rule' } : { kind: 'rule-list', flush, selector }
}

function readSelector(reader: WordReader): RuleSelector | 'help' {
  const selector: Mutable<RuleSelector> = { inverted: false }
  while (!reader.isAtEnd) if (readWord(reader, selector)) return 'help'
  return selector
}

function readWord(reader: WordReader, selector: Mutable<RuleSelector>): boolean {
  const word = reader.next()
  if (word === 'not') selector.inverted = true
  else if (word === 'from') selector.from = reader.prefix()
  else if (word === 'to') selector.to = reader.prefix()
  else if (abbreviates(word, 'preference') || abbreviates(word, 'order') || abbreviates(word, 'priority')) {
    selector.priority = reader.integer('preference value is invalid\n')
  } else if (word === 'tos' || abbreviates(word, 'dsfield'))
    selector.tos = reader.integer('TOS value is invalid\n', 255)
  else if (word === 'fwmark') selector.mark = reader.integer('fwmark value is invalid\n')
  else if (abbreviates(word, 'table') || word === 'lookup') selector.table = readTable(reader)
  else if (word === 'dev' || word === 'iif') selector.inputDevice = reader.next()
  else if (word === 'oif') selector.outputDevice = reader.next()
  else return readAction(reader, word, selector)
  return false
}

function readAction(reader: WordReader, word: string, selector: Mutable<RuleSelector>): boolean {
  if (
    /^(l3mdev|uidrange|nat|ipproto|sport|dport|goto|nop|realms|tun_id|suppress_prefixlength|suppress_ifgroup)$/.test(
      word,
    )
  ) {
    throw notModelled(`"ip rule … ${word}"`)
  }
  const text = word === 'type' ? reader.next() : word
  const action = (['blackhole', 'unreachable', 'prohibit'] as const).find(known => known === text)
  if (action !== undefined) selector.action = action
  else if (abbreviates(text, 'help')) return true
  else throw wrongArgument('Failed to parse rule type', text)
  return false
}

function readTable(reader: WordReader): number {
  const word = reader.next()
  const table = tableNumber(word)
  if (table === undefined) throw wrongArgument('invalid table ID\n', word)
  return table
}
