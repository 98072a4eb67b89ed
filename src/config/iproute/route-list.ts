import type { Mutable } from '../../model/mutable.ts'
import { readScope } from './address.ts'
import { protocolNumber, tableNumber } from './names.ts'
import type { IpOperation, RouteList } from './operation.ts'
import { parseRouteType } from './route-change.ts'
import {
  abbreviates,
  GrammarError,
  notModelled,
  readPrefixWord,
  type WordReader,
  wrongArgument,
} from './word-reader.ts'

/** Filters of `ip route show` and `flush` (iproute_list_flush_or_save). */
export function parseRouteList(reader: WordReader, flush: boolean): IpOperation {
  if (flush && reader.isAtEnd) throw new GrammarError('"ip route flush" requires arguments.\n', 1)
  const list: Mutable<RouteList> = { kind: 'route-list', flush, cached: false }
  while (!reader.isAtEnd) if (readListWord(reader, list)) return { kind: 'help', object: 'route' }
  return list
}

function readListWord(reader: WordReader, list: Mutable<RouteList>): boolean {
  const word = reader.next()
  if (abbreviates(word, 'table')) return readTable(reader, list)
  if (abbreviates(word, 'vrf')) throw notModelled('"vrf"')
  if (abbreviates(word, 'cached') || abbreviates(word, 'cloned')) list.cached = true
  else if (word === 'tos' || abbreviates(word, 'dsfield')) list.tos = reader.integer('TOS value is invalid\n', 255)
  else if (abbreviates(word, 'protocol')) readListProtocol(reader, list)
  else if (abbreviates(word, 'scope')) {
    if (!reader.takeIf('all')) list.scope = readScope(reader, 'invalid "scope"\n')
  } else if (abbreviates(word, 'type')) list.type = readType(reader)
  else if (word === 'dev' || word === 'oif') list.device = reader.next()
  else if (word === 'iif') throw notModelled('"ip route show iif"')
  else if (word === 'mark') throw notModelled('"ip route show mark"')
  else if (abbreviates(word, 'metric') || abbreviates(word, 'priority') || word === 'preference') {
    list.metric = reader.integer('"metric" value is invalid\n')
  } else if (word === 'via') {
    reader.takeIf('inet')
    list.via = reader.prefix()
  } else if (word === 'src') list.source = reader.prefix()
  else if (abbreviates(word, 'realms') || abbreviates(word, 'from')) throw notModelled(`"ip route show ${word}"`)
  else return readDestination(reader, word, list)
  return false
}

function readTable(reader: WordReader, list: Mutable<RouteList>): boolean {
  const word = reader.next()
  const table = tableNumber(word)
  if (word === 'cache') list.cached = true
  else if (word === 'help') return true
  else if (word === 'all') list.table = 0
  else if (table === undefined) throw wrongArgument('table id value is invalid\n', word)
  else list.table = table
  return false
}

function readListProtocol(reader: WordReader, list: Mutable<RouteList>): void {
  const word = reader.next()
  const protocol = protocolNumber(word)
  if (protocol !== undefined) list.protocol = protocol
  else if (word !== 'all') throw wrongArgument('invalid "protocol"\n', word)
}

function readType(reader: WordReader): Exclude<RouteList['type'], undefined> {
  const word = reader.next()
  const type = parseRouteType(word)
  if (type === undefined) throw wrongArgument('node type value is invalid\n', word)
  return type
}

function readDestination(reader: WordReader, word: string, list: Mutable<RouteList>): boolean {
  const first = abbreviates(word, 'to') ? reader.next() : word
  const mode = (['root', 'match', 'exact'] as const).find(known => abbreviates(first, known))
  const text = mode === undefined ? first : reader.next()
  if (abbreviates(text, 'help')) return true
  list.destination = { mode: mode ?? 'exact', prefix: readPrefixWord(text) }
  return false
}
