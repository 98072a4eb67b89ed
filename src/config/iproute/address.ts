import type { Mutable } from '../../model/mutable.ts'
import { formatIpv4 } from '../../wire/address.ts'
import { scopeNumber } from './names.ts'
import type { AddressChange, AddressList, IpOperation } from './operation.ts'
import {
  abbreviates,
  duplicate,
  duplicateOrGarbage,
  GrammarError,
  isListVerb,
  notModelled,
  type PrefixWord,
  readPrefixWord,
  unknownCommand,
  type WordReader,
  wrongArgument,
} from './word-reader.ts'

/** `ip address …`, iproute2 6.1 ip/ipaddress.c. */
export function parseAddressCommand(reader: WordReader): IpOperation {
  const word = reader.peek()
  if (word === undefined) return parseList(reader, false)
  reader.next()
  if (abbreviates(word, 'add')) return parseChange(reader, 'add')
  if (abbreviates(word, 'change') || word === 'chg') return parseChange(reader, 'change')
  if (abbreviates(word, 'replace')) return parseChange(reader, 'replace')
  if (abbreviates(word, 'delete')) return parseChange(reader, 'delete')
  if (isListVerb(word)) return parseList(reader, false)
  if (abbreviates(word, 'flush')) return parseList(reader, true)
  if (abbreviates(word, 'save') || abbreviates(word, 'showdump') || abbreviates(word, 'restore')) {
    throw notModelled(`"ip address ${word}"`)
  }
  if (abbreviates(word, 'help')) return { kind: 'help', object: 'address' }
  throw unknownCommand(word, 'address')
}

function parseChange(reader: WordReader, command: AddressChange['command']): IpOperation {
  const change: Partial<Mutable<AddressChange>> = {}
  const warnings: string[] = []
  let showHelp = false
  while (!reader.isAtEnd && !showHelp) showHelp = readChangeWord(reader, change, warnings)
  if (showHelp) return { kind: 'help', object: 'address' }
  const { device, local } = change
  if (device === undefined) throw new GrammarError('Not enough information: "dev" argument is required.\n', 1)
  if (command === 'delete' && local !== undefined && !local.hasLength && change.peer === undefined) {
    warnings.push(wildcardWarning(local))
  }
  return { kind: 'address-change', command, ...change, device, warnings }
}

/** Reads one keyword with its value; true when it is `help`. */
function readChangeWord(reader: WordReader, change: Partial<Mutable<AddressChange>>, warnings: string[]): boolean {
  const word = reader.next()
  if (word === 'peer' || word === 'remote') {
    if (change.peer !== undefined) throw duplicate('peer', reader.next())
    change.peer = reader.prefix()
  } else if (abbreviates(word, 'broadcast') || word === 'brd') change.broadcast = readBroadcast(reader)
  else if (word === 'anycast') throw notModelled('"anycast"')
  else if (word === 'scope') change.scope = readScope(reader, 'invalid scope value.')
  else if (word === 'dev') change.device = reader.next()
  else if (word === 'label') change.label = reader.next()
  else if (abbreviates(word, 'metric') || abbreviates(word, 'priority') || abbreviates(word, 'preference')) {
    throw notModelled('"metric" of an address')
  } else if (abbreviates(word, 'valid_lft') || abbreviates(word, 'preferred_lft')) readLifetime(reader, word)
  else if (word === 'nodad' || word === 'home' || word === 'mngtmpaddr' || word === 'autojoin') {
    if (word !== 'autojoin') warnings.push(`Warning: ${word} option can be set only for IPv6 addresses\n`)
  } else if (word === 'noprefixroute') throw notModelled('"noprefixroute"')
  else return readLocal(reader, word, change)
  return false
}

function readLocal(reader: WordReader, word: string, change: Partial<Mutable<AddressChange>>): boolean {
  const text = word === 'local' ? reader.next() : word
  if (abbreviates(text, 'help')) return true
  if (change.local !== undefined) throw duplicateOrGarbage('local', text)
  change.local = readPrefixWord(text)
  return false
}

function readBroadcast(reader: WordReader): Exclude<AddressChange['broadcast'], undefined> {
  if (reader.takeIf('+')) return '+'
  if (reader.takeIf('-')) return '-'
  return reader.address('any valid')
}

function readLifetime(reader: WordReader, word: string): void {
  const value = reader.next()
  if (value !== 'forever') throw notModelled(`"${word} ${value}"`)
}

/** A scope's name or number. */
export function readScope(reader: WordReader, message: string): number {
  const word = reader.next()
  const scope = scopeNumber(word)
  if (scope === undefined) throw wrongArgument(message, word)
  return scope
}

function wildcardWarning(local: PrefixWord): string {
  return [
    'Warning: Executing wildcard deletion to stay compatible with old scripts.',
    `         Explicitly specify the prefix length (${formatIpv4(local.address)}/32) to avoid this warning.`,
    '         This special behaviour is likely to disappear in further releases,',
    '         fix your scripts!',
    '',
  ].join('\n')
}

function parseList(reader: WordReader, flush: boolean): IpOperation {
  if (flush && reader.isAtEnd) throw new GrammarError('Flush requires arguments.\n', 1)
  const list: Mutable<AddressList> = { kind: 'address-list', flush, up: false, noMaster: false }
  while (!reader.isAtEnd) if (readListWord(reader, list)) return { kind: 'help', object: 'address' }
  return list
}

function readListWord(reader: WordReader, list: Mutable<AddressList>): boolean {
  const word = reader.next()
  if (word === 'to') list.to = reader.prefix()
  else if (word === 'scope') {
    if (!reader.takeIf('all')) list.scope = readScope(reader, 'invalid "scope"\n')
  } else if (word === 'up') list.up = true
  else if (readAddressFlag(word, list)) return false
  else if (word === 'label') list.label = reader.next()
  else if (word === 'group') {
    if (reader.next() !== 'default') throw notModelled('"group"')
  } else if (word === 'master') list.master = reader.next()
  else if (word === 'vrf') throw notModelled('"vrf"')
  else if (word === 'nomaster') list.noMaster = true
  else if (word === 'type') list.type = reader.next()
  else {
    const device = word === 'dev' ? reader.next() : word
    if (word !== 'dev' && abbreviates(word, 'help')) return true
    if (list.device !== undefined) throw duplicateOrGarbage('dev', device)
    list.device = device
  }
  return false
}

/** Filters by address flags; those that only IPv6 or leases have match nothing, as `dynamic` does. */
function readAddressFlag(word: string, list: Mutable<AddressList>): boolean {
  if (word === 'secondary' || word === 'temporary') list.secondary = true
  else if (word === 'primary') list.secondary = false
  else if (word === 'permanent') list.permanent = true
  else if (word === 'dynamic') list.permanent = false
  else return false
  return true
}
