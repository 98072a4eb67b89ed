import type { Mutable } from '../../model/mutable.ts'
import { readScope } from './address.ts'
import { protocolNumber, tableNumber } from './names.ts'
import type { IpOperation, RouteChange, RouteNextHop, RouteType } from './operation.ts'
import {
  abbreviates,
  duplicateOrGarbage,
  GrammarError,
  notModelled,
  readPrefixWord,
  type WordReader,
  wrongArgument,
} from './word-reader.ts'

interface Draft extends Partial<Mutable<Omit<RouteChange, 'kind' | 'command' | 'nextHops' | 'metrics'>>> {
  nextHops: RouteNextHop[]
  mtuBytes?: number
  advertisedMssBytes?: number
  readonly others: Map<string, number>
}

const ROUTE_TYPES: readonly RouteType[] = [
  'unicast',
  'local',
  'broadcast',
  'multicast',
  'blackhole',
  'unreachable',
  'prohibit',
  'throw',
]

/** A route type's name. Abbreviations do not count (rtnl_rtntype_a2n). */
export function parseRouteType(word: string): RouteType | undefined {
  return ROUTE_TYPES.find(type => type === word)
}

/** Words of `ip route add|change|replace|prepend|append|test|delete` (iproute_modify). */
export function parseRouteChange(reader: WordReader, command: RouteChange['command']): IpOperation {
  const draft: Draft = { nextHops: [], others: new Map() }
  while (!reader.isAtEnd && draft.nextHops.length === 0) {
    if (readWord(reader, draft)) return { kind: 'help', object: 'route' }
  }
  if (draft.prefix === undefined) return { kind: 'help', object: 'route' }
  const { mtuBytes, advertisedMssBytes, others, prefix, ...rest } = draft
  return {
    kind: 'route-change',
    command,
    ...rest,
    prefix,
    tos: draft.tos ?? 0,
    onlink: draft.onlink ?? false,
    metrics: {
      others,
      ...(mtuBytes === undefined ? {} : { mtuBytes }),
      ...(advertisedMssBytes === undefined ? {} : { advertisedMssBytes }),
    },
  }
}

/** Reads one keyword with its value; true when it is `help`. */
function readWord(reader: WordReader, draft: Draft): boolean {
  const word = reader.next()
  if (readPathWord(reader, word, draft) || readMetricWord(reader, word, draft)) return false
  if (word === 'tos' || abbreviates(word, 'dsfield')) draft.tos = reader.integer('"tos" value is invalid\n', 255)
  else if (abbreviates(word, 'metric') || abbreviates(word, 'priority') || word === 'preference') {
    draft.metric = reader.integer('"metric" value is invalid\n')
  } else if (word === 'scope') draft.scope = readScope(reader, 'invalid "scope" value\n')
  else if (abbreviates(word, 'protocol'))
    draft.protocol = readNamed(reader, protocolNumber, '"protocol" value is invalid\n')
  else if (abbreviates(word, 'table')) draft.table = readNamed(reader, tableNumber, '"table" value is invalid\n')
  else if (/^(as|from|expires|vrf|pref|encap|ttl-propagate|fastopen_no_cookie|pervasive)$/.test(word)) {
    throw notModelled(`"ip route … ${word}"`)
  } else return readDestination(reader, word, draft)
  return false
}

function readPathWord(reader: WordReader, word: string, draft: Draft): boolean {
  if (word === 'src') draft.source = reader.address()
  else if (word === 'via') {
    if (draft.gateway !== undefined) throw wrongArgument('use nexthop syntax to specify multiple via\n', word)
    draft.gateway = readGateway(reader)
  } else if (word === 'dev' || word === 'oif') draft.device = reader.next()
  else if (word === 'onlink') draft.onlink = true
  else if (word === 'nhid') draft.nextHopId = reader.integer('"id" value is invalid\n')
  else if (word === 'nexthop') draft.nextHops = readNextHops(reader)
  else return false
  return true
}

const OTHER_METRICS = [
  'window',
  'rtt',
  'rttvar',
  'ssthresh',
  'cwnd',
  'reordering',
  'hoplimit',
  'initcwnd',
  'initrwnd',
  'quickack',
]

function readMetricWord(reader: WordReader, word: string, draft: Draft): boolean {
  if (word === 'mtu') draft.mtuBytes = readLockable(reader, '"mtu" value is invalid\n')
  else if (word === 'advmss') draft.advertisedMssBytes = readLockable(reader, '"mss" value is invalid\n')
  else if (OTHER_METRICS.includes(word)) draft.others.set(word, readLockable(reader, `"${word}" value is invalid\n`))
  else if (/^(rto_min|features|congctl|realms)$/.test(word)) throw notModelled(`"ip route … ${word}"`)
  else return false
  return true
}

function readLockable(reader: WordReader, message: string): number {
  if (reader.takeIf('lock')) throw notModelled('"lock" of a route metric')
  return reader.integer(message)
}

function readNamed(reader: WordReader, toNumber: (word: string) => number | undefined, message: string): number {
  const word = reader.next()
  const value = toNumber(word)
  if (value === undefined) throw wrongArgument(message, word)
  return value
}

function readGateway(reader: WordReader): Exclude<RouteChange['gateway'], undefined> {
  if (reader.takeIf('inet6')) throw notModelled(`IPv6 gateway ${reader.next()}`)
  reader.takeIf('inet')
  return reader.address()
}

/** The list after the first `nexthop` (parse_nexthops): it goes to the end of the command. */
function readNextHops(reader: WordReader): RouteNextHop[] {
  const hops: RouteNextHop[] = []
  do {
    const hop: Mutable<RouteNextHop> = { weight: 1, onlink: false }
    for (let word = reader.peek(); word !== undefined && word !== 'nexthop'; word = reader.peek()) {
      reader.next()
      readNextHopWord(reader, word, hop)
    }
    hops.push(hop)
  } while (reader.takeIf('nexthop'))
  return hops
}

function readNextHopWord(reader: WordReader, word: string, hop: Mutable<RouteNextHop>): void {
  if (word === 'via') hop.gateway = readGateway(reader)
  else if (word === 'dev' || word === 'oif') hop.device = reader.next()
  else if (word === 'weight') {
    const weight = reader.integer('"weight" is invalid\n', 256)
    if (weight === 0) throw wrongArgument('"weight" is invalid\n', '0')
    hop.weight = weight
  } else if (word === 'onlink') hop.onlink = true
  else if (word === 'encap' || abbreviates(word, 'realms')) throw notModelled(`"nexthop … ${word}"`)
  else throw new GrammarError(`Error: "nexthop" or end of line is expected instead of "${word}"\n`, 255)
}

function readDestination(reader: WordReader, word: string, draft: Draft): boolean {
  let text = word === 'to' ? reader.next() : word
  const type = text.startsWith('.') || /^\d/.test(text) ? undefined : parseRouteType(text)
  if (type !== undefined) {
    draft.type = type
    text = reader.next()
  }
  if (abbreviates(text, 'help')) return true
  if (draft.prefix !== undefined) throw duplicateOrGarbage('to', text)
  draft.prefix = readPrefixWord(text)
  return false
}
