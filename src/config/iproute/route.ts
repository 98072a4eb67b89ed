import type { Mutable } from '../../model/mutable.ts'
import type { IpOperation, RouteGet } from './operation.ts'
import { parseRouteChange } from './route-change.ts'
import { parseRouteList } from './route-list.ts'
import {
  abbreviates,
  GrammarError,
  isListVerb,
  notModelled,
  readPrefixWord,
  unknownCommand,
  type WordReader,
  wrongArgument,
} from './word-reader.ts'

/** `ip route …`, iproute2 6.1 ip/iproute.c. */
export function parseRouteCommand(reader: WordReader): IpOperation {
  const word = reader.peek()
  if (word === undefined) return parseRouteList(reader, false)
  reader.next()
  if (abbreviates(word, 'add')) return parseRouteChange(reader, 'add')
  if (abbreviates(word, 'change') || word === 'chg') return parseRouteChange(reader, 'change')
  if (abbreviates(word, 'replace')) return parseRouteChange(reader, 'replace')
  if (abbreviates(word, 'prepend')) return parseRouteChange(reader, 'prepend')
  if (abbreviates(word, 'append')) return parseRouteChange(reader, 'append')
  if (abbreviates(word, 'test')) return parseRouteChange(reader, 'test')
  if (abbreviates(word, 'delete')) return parseRouteChange(reader, 'delete')
  if (isListVerb(word)) return parseRouteList(reader, false)
  if (abbreviates(word, 'get')) return parseGet(reader)
  if (abbreviates(word, 'flush')) return parseRouteList(reader, true)
  if (abbreviates(word, 'save') || abbreviates(word, 'restore') || abbreviates(word, 'showdump')) {
    throw notModelled(`"ip route ${word}"`)
  }
  if (abbreviates(word, 'help')) return { kind: 'help', object: 'route' }
  throw unknownCommand(word, 'route')
}

function parseGet(reader: WordReader): IpOperation {
  const get: Partial<Mutable<RouteGet>> = {}
  while (!reader.isAtEnd) if (readGetWord(reader, get)) return { kind: 'help', object: 'route' }
  const { destination } = get
  if (destination === undefined) throw new GrammarError('need at least a destination address\n', 1)
  return { kind: 'route-get', fibMatch: false, ...get, destination }
}

function readGetWord(reader: WordReader, get: Partial<Mutable<RouteGet>>): boolean {
  const word = reader.next()
  if (word === 'tos' || abbreviates(word, 'dsfield')) get.tos = reader.integer('TOS value is invalid\n', 255)
  else if (abbreviates(word, 'from')) get.from = reader.prefix()
  else if (abbreviates(word, 'iif')) get.inputDevice = reader.next()
  else if (abbreviates(word, 'mark')) get.mark = reader.integer('invalid mark value')
  else if (abbreviates(word, 'oif') || word === 'dev') get.outputDevice = reader.next()
  else if (abbreviates(word, 'notify') || abbreviates(word, 'connected')) throw notModelled(`"ip route get … ${word}"`)
  else if (abbreviates(word, 'vrf')) throw notModelled('"vrf"')
  else if (abbreviates(word, 'uid')) reader.integer('invalid UID\n')
  else if (abbreviates(word, 'fibmatch')) get.fibMatch = true
  else if (abbreviates(word, 'sport')) get.sourcePort = reader.integer('invalid sport\n', 65535)
  else if (abbreviates(word, 'dport')) get.destinationPort = reader.integer('invalid dport\n', 65535)
  else if (abbreviates(word, 'ipproto')) get.protocol = readProtocol(reader)
  else return readDestination(reader, word, get)
  return false
}

function readDestination(reader: WordReader, word: string, get: Partial<Mutable<RouteGet>>): boolean {
  const text = word === 'to' ? reader.next() : word
  if (abbreviates(text, 'help')) return true
  get.destination = readPrefixWord(text)
  return false
}

function readProtocol(reader: WordReader): number {
  const word = reader.next()
  const known = { icmp: 1, tcp: 6, udp: 17 }[word] ?? (/^\d+$/.test(word) ? Number(word) : undefined)
  if (known === undefined) throw wrongArgument('Invalid "ipproto" value\n', word)
  return known
}
