import type { Mutable } from '../../model/mutable.ts'
import { parseMac } from '../../wire/address.ts'
import type { IpOperation, LinkList, LinkSettings } from './operation.ts'
import {
  abbreviates,
  duplicate,
  duplicateOrGarbage,
  GrammarError,
  isListVerb,
  notModelled,
  unknownCommand,
  type WordReader,
  wrongArgument,
} from './word-reader.ts'

/** What `iplink_parse` collects. */
interface LinkWords {
  device?: string
  name?: string
  type?: string
  readonly settings: Mutable<LinkSettings> & { ignored: string[] }
}

/** `ip link …`, iproute2 6.1 ip/iplink.c. */
export function parseLinkCommand(reader: WordReader): IpOperation {
  const word = reader.peek()
  if (word === undefined) return parseList(reader)
  reader.next()
  if (abbreviates(word, 'add') || abbreviates(word, 'replace')) return parseAdd(reader)
  if (abbreviates(word, 'set') || abbreviates(word, 'change')) return parseSet(reader)
  if (abbreviates(word, 'delete')) return parseDelete(reader)
  if (isListVerb(word)) return parseList(reader)
  if (abbreviates(word, 'xstats') || abbreviates(word, 'afstats') || abbreviates(word, 'property')) {
    throw notModelled(`"ip link ${word}"`)
  }
  if (abbreviates(word, 'help')) return { kind: 'help', object: 'link' }
  throw unknownCommand(word, 'link')
}

function parseAdd(reader: WordReader): IpOperation {
  const words = readLinkWords(reader)
  if (words === 'help') return { kind: 'help', object: 'link' }
  if (words.type === undefined) throw new GrammarError('Not enough information: "type" argument is required\n', 1)
  const name = words.name ?? words.device
  const peer = words.type === 'veth' ? readPeer(reader) : undefined
  const warnings = readTypeOptions(reader, words.type)
  return {
    kind: 'link-add',
    type: words.type,
    settings: words.settings,
    warnings,
    ...(name === undefined ? {} : { name }),
    ...(peer === undefined ? {} : { peer }),
  }
}

function readPeer(reader: WordReader): { name?: string; settings: LinkSettings } | undefined {
  if (!reader.takeIf('peer')) return undefined
  const words = readLinkWords(reader)
  if (words === 'help') return undefined
  const name = words.name ?? words.device
  return { settings: words.settings, ...(name === undefined ? {} : { name }) }
}

const BRIDGE_OPTION =
  /^(fdb_flush|forward_delay|hello_time|max_age|ageing_time|stp_state|priority|group_fwd_mask|group_address|no_linklocal_learn|vlan_\w+|mcast_\w+|nf_call_\w+)$/

/** Words after `type X`. Kinds that drylab has take none with an effect; others are refused when applied. */
function readTypeOptions(reader: WordReader, type: string): string[] {
  const rest = [...reader.rest()]
  while (!reader.isAtEnd) reader.next()
  if (rest.length === 0) return []
  if (type === 'dummy' || type === 'veth') {
    throw new GrammarError(`Garbage instead of arguments "${rest[0]} ...". Try "ip link help".\n`, 1)
  }
  if (type !== 'bridge') return []
  if (!BRIDGE_OPTION.test(rest[0]!)) throw new GrammarError(`bridge: unknown command "${rest[0]}"?\n`, 1)
  const on = rest.findIndex(
    (word, at) => /^(stp_state|vlan_filtering)$/.test(word) && !/^(0|off)$/.test(rest[at + 1] ?? '0'),
  )
  if (on >= 0) throw notModelled(`bridge option "${rest[on]} ${rest[on + 1]}"`)
  return [`ip: bridge options "${rest.join(' ')}" have no effect in drylab\n`]
}

function parseSet(reader: WordReader): IpOperation {
  const words = readLinkWords(reader)
  if (words === 'help') return { kind: 'help', object: 'link' }
  if (words.type !== undefined) throw notModelled(`"ip link set … type ${words.type}"`)
  const device = words.device ?? words.name
  if (device === undefined) throw new GrammarError('Not enough information: "dev" argument is required.\n', 255)
  const settings = { ...words.settings }
  if (words.name !== undefined && words.name !== device) settings.newName = words.name
  return { kind: 'link-set', device, settings }
}

function parseDelete(reader: WordReader): IpOperation {
  const words = readLinkWords(reader)
  if (words === 'help') return { kind: 'help', object: 'link' }
  const device = words.device ?? words.name
  if (device === undefined) throw new GrammarError('Not enough information: "dev" argument is required.\n', 255)
  return { kind: 'link-delete', device }
}

/** iplink_parse: up to the end, or to the word after `type X`. */
function readLinkWords(reader: WordReader): LinkWords | 'help' {
  const words: LinkWords = { settings: { ignored: [] } }
  while (!reader.isAtEnd) {
    const word = reader.next()
    if (abbreviates(word, 'type') && word !== 't') {
      words.type = reader.next()
      return words
    }
    if (readSetting(reader, word, words.settings)) continue
    if (readValueSetting(reader, word, words)) continue
    if (word !== 'dev' && abbreviates(word, 'help')) return 'help'
    const device = word === 'dev' ? reader.next() : word
    if (words.device !== undefined) throw duplicateOrGarbage('dev', device)
    if (!isDeviceName(device)) throw wrongArgument('"dev" not a valid ifname', device)
    words.device = device
  }
  return words
}

/** Switches and settings without a name of their own in `LinkWords`. */
function readSetting(reader: WordReader, word: string, settings: LinkWords['settings']): boolean {
  if (word === 'up') settings.up = true
  else if (word === 'down') settings.up = false
  else if (word === 'arp') settings.arp = readOnOff(reader, word)
  else if (word === 'multicast') settings.multicast = readOnOff(reader, word)
  else if (word === 'promisc') settings.promiscuous = readOnOff(reader, word)
  else if (word === 'allmulticast') settings.allMulticast = readOnOff(reader, word)
  else if (word === 'mtu') {
    if (settings.mtuBytes !== undefined) throw duplicate('mtu', reader.next())
    settings.mtuBytes = reader.integer('Invalid "mtu" value\n', 0x7fffffff)
  } else if (/^(addrgenmode|numtxqueues|numrxqueues|gso_max_size|gso_max_segs|gro_max_size|trailers)$/.test(word)) {
    settings.ignored.push(`${word} ${reader.next()}`)
  } else if (
    /^(xdp|xdpgeneric|xdpdrv|xdpoffload|netns|carrier|vf|vrf|dynamic|mode|state|link-netns|protodown)$/.test(word)
  ) {
    throw notModelled(`"ip link … ${word}"`)
  } else return false
  return true
}

function readValueSetting(reader: WordReader, word: string, words: LinkWords): boolean {
  const { settings } = words
  if (word === 'name') {
    const name = reader.next()
    if (words.name !== undefined) throw duplicate('name', name)
    if (!isDeviceName(name)) throw wrongArgument('"name" not a valid ifname', name)
    words.name = name
  } else if (word === 'index') {
    settings.ignored.push(`index ${reader.integer('Invalid "index" value', 0x7fffffff)}`)
  } else if (abbreviates(word, 'link')) settings.ignored.push(`link ${reader.next()}`)
  else if (abbreviates(word, 'address')) settings.mac = readMac(reader)
  else if (abbreviates(word, 'broadcast') || word === 'brd') settings.ignored.push(`broadcast ${reader.next()}`)
  else if (abbreviates(word, 'txqueuelen') || word === 'qlen' || abbreviates(word, 'txqlen')) {
    settings.txQueueLength = reader.integer('Invalid "txqueuelen" value\n')
  } else if (abbreviates(word, 'master')) settings.master = reader.next()
  else if (abbreviates(word, 'nomaster')) settings.master = ''
  else if (abbreviates(word, 'alias')) settings.alias = reader.next()
  else if (word === 'group') {
    const group = reader.next()
    if (group !== 'default' && group !== '0') throw notModelled(`"group ${group}"`)
  } else return false
  return true
}

function readMac(reader: WordReader): Exclude<LinkSettings['mac'], undefined> {
  const word = reader.next()
  const mac = parseMac(word)
  if (mac === undefined) throw new GrammarError(`"${word}" is invalid lladdr.\n`, 1)
  return mac
}

function readOnOff(reader: WordReader, option: string): boolean {
  const word = reader.next()
  if (word === 'on' || word === 'off') return word === 'on'
  throw new GrammarError(`Error: argument of "${option}" must be "on" or "off", not "${word}"\n`, 255)
}

/** check_ifname: 1 to 15 characters without `/` or blanks. */
function isDeviceName(name: string): boolean {
  return name.length > 0 && name.length <= 15 && !/[/\s]/.test(name)
}

/** `ip link show`: the filters of `ip addr show` that make sense for links. */
function parseList(reader: WordReader): IpOperation {
  const list: Mutable<LinkList> = { kind: 'link-list', up: false, noMaster: false }
  while (!reader.isAtEnd) {
    const word = reader.next()
    if (word === 'up') list.up = true
    else if (word === 'master') list.master = reader.next()
    else if (word === 'nomaster') list.noMaster = true
    else if (word === 'type') list.type = reader.next()
    else if (word === 'vrf') throw notModelled('"vrf"')
    else if (word === 'group') {
      if (reader.next() !== 'default') throw notModelled('"group"')
    } else {
      if (word !== 'dev' && abbreviates(word, 'help')) return { kind: 'help', object: 'link' }
      const device = word === 'dev' ? reader.next() : word
      if (list.device !== undefined) throw duplicateOrGarbage('dev', device)
      list.device = device
    }
  }
  return list
}
