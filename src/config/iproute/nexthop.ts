import type { Mutable } from '../../model/mutable.ts'
import { protocolNumber } from './names.ts'
import type { IpOperation, NextHopChange, NextHopList } from './operation.ts'
import {
  abbreviates,
  GrammarError,
  isListVerb,
  notModelled,
  unknownCommand,
  type WordReader,
  wrongArgument,
} from './word-reader.ts'

/** `ip nexthop …`, iproute2 6.1 ip/ipnexthop.c. */
export function parseNextHopCommand(reader: WordReader): IpOperation {
  const word = reader.peek()
  if (word === undefined) return parseList(reader, false)
  reader.next()
  if (abbreviates(word, 'add')) return parseChange(reader, 'add')
  if (abbreviates(word, 'replace')) return parseChange(reader, 'replace')
  if (abbreviates(word, 'delete')) return parseChange(reader, 'delete')
  if (isListVerb(word)) return parseList(reader, false)
  if (abbreviates(word, 'get')) return parseGet(reader)
  if (abbreviates(word, 'flush')) return parseList(reader, true)
  if (abbreviates(word, 'bucket')) throw notModelled('"ip nexthop bucket"')
  if (abbreviates(word, 'help')) return { kind: 'help', object: 'nexthop' }
  throw unknownCommand(word, 'nexthop')
}

function parseChange(reader: WordReader, command: NextHopChange['command']): IpOperation {
  const change: Mutable<NextHopChange> = { kind: 'nexthop-change', command, onlink: false, blackhole: false }
  while (!reader.isAtEnd) if (readChangeWord(reader, change)) return { kind: 'help', object: 'nexthop' }
  return change
}

function readChangeWord(reader: WordReader, change: Mutable<NextHopChange>): boolean {
  const word = reader.next()
  if (word === 'id') change.id = reader.integer('invalid id value')
  else if (word === 'dev') change.device = reader.next()
  else if (word === 'via') {
    reader.takeIf('inet')
    change.gateway = reader.address()
  } else if (word === 'blackhole') change.blackhole = true
  else if (word === 'onlink') change.onlink = true
  else if (word === 'group') change.group = readGroup(reader)
  else if (abbreviates(word, 'protocol')) change.protocol = readProtocol(reader)
  else if (word === 'help') return true
  else if (word === 'encap' || word === 'fdb' || word === 'type') throw notModelled(`"ip nexthop … ${word}"`)
  else throw wrongArgument('', word)
  return false
}

/** `22,2/23,5`: ids with weights 1 to 256. */
function readGroup(reader: WordReader): { id: number; weight: number }[] {
  const word = reader.next()
  return word.split('/').map(member => {
    const match = /^(\d+)(?:,(\d+))?$/.exec(member)
    const weight = Number(match?.[2] ?? 1)
    if (match === null || weight < 1 || weight > 256) throw wrongArgument('"group" value is invalid\n', word)
    return { id: Number(match[1]), weight }
  })
}

function readProtocol(reader: WordReader): number {
  const word = reader.next()
  const protocol = protocolNumber(word)
  if (protocol === undefined) throw wrongArgument('"protocol" value is invalid\n', word)
  return protocol
}

function parseList(reader: WordReader, flush: boolean): IpOperation {
  const list: Mutable<NextHopList> = { kind: 'nexthop-list', flush, groupsOnly: false }
  while (!reader.isAtEnd) {
    const word = reader.next()
    if (word === 'dev') list.device = reader.next()
    else if (word === 'groups') list.groupsOnly = true
    else if (word === 'id') list.id = reader.integer('invalid id value')
    else if (abbreviates(word, 'protocol')) list.protocol = readProtocol(reader)
    else if (abbreviates(word, 'help')) return { kind: 'help', object: 'nexthop' }
    else if (/^(vrf|master|fdb)$/.test(word)) throw notModelled(`"ip nexthop show ${word}"`)
    else throw wrongArgument('', word)
  }
  return list
}

function parseGet(reader: WordReader): IpOperation {
  let id = 0
  while (!reader.isAtEnd) {
    const word = reader.next()
    if (word !== 'id') return { kind: 'help', object: 'nexthop' }
    id = reader.integer('invalid id value')
  }
  if (id === 0) throw new GrammarError('', 255)
  return { kind: 'nexthop-get', id }
}
