import type { Mutable } from '../../model/mutable.ts'
import { parseMac } from '../../wire/address.ts'
import type { IpOperation, NeighborChange, NeighborList, NeighborStateWord } from './operation.ts'
import {
  abbreviates,
  duplicate,
  duplicateOrGarbage,
  GrammarError,
  isListVerb,
  notModelled,
  parsePrefixWord,
  readPrefixWord,
  unknownCommand,
  type WordReader,
  wrongArgument,
} from './word-reader.ts'

const STATES: readonly NeighborStateWord[] = [
  'permanent',
  'reachable',
  'noarp',
  'none',
  'stale',
  'incomplete',
  'delay',
  'probe',
  'failed',
]

/** `ip neighbor …`, iproute2 6.1 ip/ipneigh.c. */
export function parseNeighborCommand(reader: WordReader): IpOperation {
  const word = reader.peek()
  if (word === undefined) return parseList(reader, false)
  reader.next()
  if (abbreviates(word, 'add')) return parseChange(reader, 'add')
  if (abbreviates(word, 'change') || word === 'chg') return parseChange(reader, 'change')
  if (abbreviates(word, 'replace')) return parseChange(reader, 'replace')
  if (abbreviates(word, 'delete')) return parseChange(reader, 'delete')
  if (abbreviates(word, 'get')) return parseGet(reader)
  if (isListVerb(word)) return parseList(reader, false)
  if (abbreviates(word, 'flush')) return parseList(reader, true)
  if (abbreviates(word, 'help')) return { kind: 'help', object: 'neigh' }
  throw unknownCommand(word, 'neigh')
}

function parseChange(reader: WordReader, command: NeighborChange['command']): IpOperation {
  const change: Partial<Mutable<NeighborChange>> = {}
  while (!reader.isAtEnd) if (readChangeWord(reader, change)) return { kind: 'help', object: 'neigh' }
  const { address, device } = change
  if (device === undefined || address === undefined) {
    throw new GrammarError('Device and destination are required arguments.\n', 255)
  }
  return { kind: 'neighbor-change', command, state: 'permanent', ...change, address, device }
}

function readChangeWord(reader: WordReader, change: Partial<Mutable<NeighborChange>>): boolean {
  const word = reader.next()
  if (abbreviates(word, 'lladdr')) {
    const text = reader.next()
    if (change.mac !== undefined) throw duplicate('lladdr', text)
    const mac = parseMac(text)
    if (mac === undefined) throw new GrammarError(`"${text}" is invalid lladdr.\n`, 1)
    change.mac = mac
  } else if (word === 'nud') change.state = readState(reader.next())
  else if (abbreviates(word, 'proxy') || /^(router|use|managed|extern_learn)$/.test(word)) {
    throw notModelled(`"ip neigh … ${word}"`)
  } else if (word === 'dev') change.device = reader.next()
  else if (abbreviates(word, 'protocol')) throw notModelled('"protocol" of a neighbour')
  else {
    const text = word === 'to' ? reader.next() : word
    if (abbreviates(text, 'help')) return true
    if (change.address !== undefined) throw duplicateOrGarbage('to', text)
    change.address = readAddress(text)
  }
  return false
}

function readState(word: string): NeighborStateWord {
  const state = STATES.find(known => abbreviates(word, known))
  if (state === undefined) throw wrongArgument('nud state is bad', word)
  return state
}

function readAddress(text: string): NeighborChange['address'] {
  const prefix = text.includes('/') ? undefined : parsePrefixWord(text)
  if (prefix !== undefined) return prefix.address
  if (text.includes(':')) throw notModelled(`IPv6 (${text})`)
  throw new GrammarError(`Error: any valid address is expected rather than "${text}".\n`, 1)
}

function parseList(reader: WordReader, flush: boolean): IpOperation {
  if (flush && reader.isAtEnd) throw new GrammarError('Flush requires arguments.\n', 1)
  const list: Mutable<NeighborList> & { states: NeighborStateWord[] } = {
    kind: 'neighbor-list',
    flush,
    states: [],
    allStates: false,
  }
  while (!reader.isAtEnd) if (readListWord(reader, list)) return { kind: 'help', object: 'neigh' }
  return list
}

function readListWord(reader: WordReader, list: Mutable<NeighborList> & { states: NeighborStateWord[] }): boolean {
  const word = reader.next()
  if (word === 'dev') {
    const device = reader.next()
    if (list.device !== undefined) throw duplicate('dev', device)
    list.device = device
  } else if (/^(master|vrf|nomaster|unused|proxy)$/.test(word)) throw notModelled(`"ip neigh show ${word}"`)
  else if (word === 'nud') {
    if (reader.takeIf('all')) list.allStates = true
    else list.states.push(readState(reader.next()))
  } else if (abbreviates(word, 'protocol')) throw notModelled('"protocol" of a neighbour')
  else {
    const text = word === 'to' ? reader.next() : word
    if (abbreviates(text, 'help')) return true
    list.to = readPrefixWord(text)
  }
  return false
}

function parseGet(reader: WordReader): IpOperation {
  let device: string | undefined
  let address: NeighborChange['address'] | undefined
  while (!reader.isAtEnd) {
    const word = reader.next()
    if (word === 'dev') device = reader.next()
    else if (abbreviates(word, 'proxy')) throw notModelled('"ip neigh get proxy"')
    else {
      const text = word === 'to' ? reader.next() : word
      if (abbreviates(text, 'help')) return { kind: 'help', object: 'neigh' }
      if (address !== undefined) throw duplicateOrGarbage('to', text)
      address = readAddress(text)
    }
  }
  if (device === undefined || address === undefined) {
    throw new GrammarError('Device and address are required arguments.\n', 255)
  }
  return { kind: 'neighbor-get', address, device }
}
