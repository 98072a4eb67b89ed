import { LINK_TYPE } from '../link-type.ts'
import { FilterError } from './filter-error.ts'
import type { Direction, Primitives } from './primitives.ts'
import type { Test } from './test-tree.ts'
import type { Token } from './tokenize.ts'

/** What stands before an address, a port or a protocol: `tcp dst port`. Later identifiers inherit it. */
export interface Qualifiers {
  readonly protocol: string | undefined
  readonly direction: Direction
  /** `undefined-here`: nothing to inherit. */
  readonly type: 'default' | 'host' | 'net' | 'port' | 'portrange' | 'proto' | 'gateway' | 'undefined-here'
}

/** Finds addresses of names. */
export type ResolveName = (name: string) => number | undefined

/** Protocols that mean nothing before an address. */
const NO_HOSTS: readonly string[] = 'sctp tcp udp icmp igmp igrp icmp6 ah esp pim vrrp carp'.split(' ')

/** The test for one identifier under its qualifiers. Sources: gen_scode, gen_mcode, gen_ncode, gen_ecode of gencode.c. */
export class Identifiers {
  readonly #primitives: Primitives
  readonly #resolve: ResolveName

  constructor(primitives: Primitives, resolve: ResolveName) {
    this.#primitives = primitives
    this.#resolve = resolve
  }

  number(value: number, qualifiers: Qualifiers): Test {
    const { type, direction, protocol } = qualifiers
    switch (type) {
      case 'default':
      case 'host':
        return this.#host(value, 0xffffffff, qualifiers)
      case 'net': {
        if (protocol === 'link') throw new FilterError('illegal link layer address')
        const [address, mask] = leftJustified(value)
        return this.#host(address, mask, qualifiers)
      }
      case 'port':
      case 'portrange': {
        const number = portProtocol(protocol, type)
        if (value > 65535) throw new FilterError(`illegal port number ${value} > 65535`)
        return this.#primitives.ports(value, value, direction, number)
      }
      case 'proto':
        return this.#proto(value, qualifiers)
      case 'gateway':
        throw new FilterError("'gateway' requires a name")
      case 'undefined-here':
        throw undefinedHere()
    }
  }

  /** Two to four numbers with dots. */
  address(text: string, qualifiers: Qualifiers): Test {
    const { type } = qualifiers
    if (type === 'port' || type === 'portrange' || type === 'proto') {
      throw new FilterError(`'${type}' modifier applied to ip host`)
    }
    const { address, bits } = parseAddress(text)
    if (type === 'undefined-here') throw undefinedHere()
    if (type === 'gateway') throw new FilterError("'gateway' requires a name")
    if (qualifiers.protocol === 'link') throw new FilterError('illegal link layer address')
    return this.#host(address, maskOf(bits), qualifiers)
  }

  /** `10.0.0.0/8` or `10.0.0.0 mask 255.0.0.0`. */
  network(text: string, mask: { length: number } | { text: string }, qualifiers: Qualifiers): Test {
    const { address } = parseAddress(text)
    const isLength = 'length' in mask
    if (isLength && mask.length > 32) throw new FilterError('mask length must be <= 32')
    const bits = isLength ? maskOf(mask.length) : parseAddress(mask.text).address
    if ((address & ~bits) >>> 0 !== 0) {
      throw new FilterError(`non-network bits set in "${text}${isLength ? `/${mask.length}` : ` mask ${mask.text}`}"`)
    }
    if (qualifiers.type !== 'net') throw new FilterError('Mask syntax for networks only')
    return this.#host(address, bits, qualifiers)
  }

  mac(text: string, qualifiers: Qualifiers): Test {
    const isHost = qualifiers.type === 'default' || qualifiers.type === 'host'
    if (!isHost || qualifiers.protocol !== 'link') {
      throw new FilterError('ethernet address used in non-ether expression')
    }
    return this.#primitives.mac(parseMac(text), qualifiers.direction)
  }

  name(name: string, qualifiers: Qualifiers): Test {
    switch (qualifiers.type) {
      case 'net':
        throw new FilterError(`unknown network '${name}'`)
      case 'default':
      case 'host':
        return this.#hostName(name, qualifiers)
      case 'port':
      case 'portrange':
        return this.#portName(name, qualifiers, qualifiers.type)
      case 'proto':
        return this.#protocolName(name, qualifiers)
      case 'gateway':
        throw new FilterError("'gateway' not supported in this configuration")
      case 'undefined-here':
        throw undefinedHere()
    }
  }

  #hostName(name: string, qualifiers: Qualifiers): Test {
    if (qualifiers.protocol === 'link') {
      const hasMacs = this.#primitives.linkType === LINK_TYPE.ethernet
      throw new FilterError(
        hasMacs
          ? `unknown ether host '${name}'`
          : 'only ethernet/FDDI/token ring/802.11/ATM LANE/Fibre Channel supports link-level host name',
      )
    }
    const address = this.#resolve(name)
    if (address === undefined) throw new FilterError(`unknown host '${name}'`)
    return this.#host(address, 0xffffffff, qualifiers)
  }

  #host(address: number, mask: number, { protocol, direction, type }: Qualifiers): Test {
    const kind = type === 'net' ? 'net' : 'host'
    if (protocol === 'link') {
      throw new FilterError(type === 'net' ? 'link-layer modifier applied to net' : 'illegal link layer address')
    }
    if (protocol === 'ip6') throw new FilterError("'ip6' modifier applied to ip host")
    if (protocol !== undefined && NO_HOSTS.includes(protocol)) {
      throw new FilterError(`'${protocol}' modifier applied to ${kind}`)
    }
    return this.#primitives.host(address, mask, direction, protocol as 'ip' | 'arp' | 'rarp' | undefined)
  }

  #proto(value: number, { protocol, direction }: Qualifiers): Test {
    if (direction !== 'default') throw new FilterError("direction applied to 'proto'")
    switch (protocol) {
      case undefined:
      case 'ip':
      case 'ip6':
        return this.#primitives.ipProtocol(value, protocol)
      case 'link':
        return this.#primitives.etherType(value)
      case 'arp':
      case 'rarp':
        throw new FilterError(`${protocol} does not encapsulate another protocol`)
      default:
        throw new FilterError(`'${protocol} proto' is bogus`)
    }
  }

  #protocolName(name: string, qualifiers: Qualifiers): Test {
    const { protocol } = qualifiers
    const value = (protocol === 'link' ? ETHER_TYPES : IP_PROTOCOLS)[name]
    if (value === undefined) throw new FilterError(`unknown ${protocol === 'link' ? 'ether' : 'ip'} proto '${name}'`)
    return this.#proto(value, qualifiers)
  }

  #portName(name: string, { protocol, direction }: Qualifiers, type: 'port' | 'portrange'): Test {
    const wanted = portProtocol(protocol, type)
    const ends = type === 'portrange' && name.includes('-') ? name.split('-') : [name, name]
    const [low, high] = ends.map(end => findPort(end))
    if (low === undefined || high === undefined) {
      throw new FilterError(type === 'port' ? `unknown port '${name}'` : `unknown port in range '${name}'`)
    }
    for (const { port } of [low, high]) {
      if (port > 65535) throw new FilterError(`illegal port number ${port} > 65535`)
    }
    const real = low.protocol
    if (wanted !== undefined && real !== undefined && wanted !== real) {
      const what = type === 'port' ? `port '${name}'` : `port in range '${name}'`
      throw new FilterError(`${what} is ${real === 6 ? 'tcp' : 'udp'}`)
    }
    return this.#primitives.ports(low.port, high.port, direction, wanted ?? real)
  }
}

function undefinedHere(): FilterError {
  return new FilterError('syntax error in filter expression')
}

const PORT_PROTOCOLS: Readonly<Record<string, number>> = { tcp: 6, udp: 17, sctp: 132 }

function portProtocol(protocol: string | undefined, type: string): number | undefined {
  if (protocol === undefined) return undefined
  const number = PORT_PROTOCOLS[protocol]
  if (number === undefined) throw new FilterError(`illegal qualifier of '${type}'`)
  return number
}

/** The services a container knows: name, port, and the one protocol that has it, if only one has. */
const SERVICES: Readonly<Record<string, { readonly port: number; readonly protocol?: number }>> = {
  ftp: { port: 21, protocol: 6 },
  ssh: { port: 22, protocol: 6 },
  telnet: { port: 23, protocol: 6 },
  smtp: { port: 25, protocol: 6 },
  domain: { port: 53 },
  bootps: { port: 67, protocol: 17 },
  bootpc: { port: 68, protocol: 17 },
  http: { port: 80, protocol: 6 },
  ntp: { port: 123, protocol: 17 },
  snmp: { port: 161 },
  bgp: { port: 179, protocol: 6 },
  https: { port: 443 },
  syslog: { port: 514, protocol: 17 },
  zebra: { port: 2601, protocol: 6 },
  bgpd: { port: 2605, protocol: 6 },
  'http-alt': { port: 8080 },
}

function findPort(name: string): { readonly port: number; readonly protocol?: number } | undefined {
  if (/^\d+$/.test(name)) return { port: Number(name) }
  return SERVICES[name]
}

const IP_PROTOCOLS: Readonly<Record<string, number>> = {
  ip: 0,
  icmp: 1,
  igmp: 2,
  ipencap: 4,
  tcp: 6,
  egp: 8,
  igp: 9,
  udp: 17,
  ipv6: 41,
  gre: 47,
  esp: 50,
  ah: 51,
  'ipv6-icmp': 58,
  eigrp: 88,
  ospf: 89,
  pim: 103,
  vrrp: 112,
  sctp: 132,
}
const ETHER_TYPES: Readonly<Record<string, number>> = { ip: 0x0800, arp: 0x0806, rarp: 0x8035, ip6: 0x86dd }

/** `10.0.5` → the address with zeros behind, and how many bits were written. */
function parseAddress(text: string): { readonly address: number; readonly bits: number } {
  const parts = text.split('.').map(part => (/^0[0-7]+$/.test(part) ? Number.parseInt(part, 8) : Number(part)))
  if (parts.some(part => !(part <= 255))) throw new FilterError(`invalid IPv4 address '${text}'`)
  const bits = 8 * parts.length
  let address = 0
  for (let index = 0; index < 4; index += 1) address = address * 0x100 + (parts[index] ?? 0)
  return { address, bits }
}

function maskOf(length: number): number {
  return length === 0 ? 0 : (0xffffffff << (32 - length)) >>> 0
}

/** `net 10`: the number moves to the left. */
function leftJustified(value: number): readonly [address: number, mask: number] {
  let [address, mask] = [value, 0xffffffff]
  while (address !== 0 && address <= 0xffffff) [address, mask] = [address * 0x100, (mask << 8) >>> 0]
  return [address, mask]
}

function parseMac(text: string): number {
  if (/^[0-9A-Fa-f]{12}$/.test(text)) return Number.parseInt(text, 16)
  const parts = text.split(/[:.-]/)
  return parts.reduce((sum, part) => sum * (parts.length === 3 ? 0x10000 : 0x100) + Number.parseInt(part, 16), 0)
}

/** Whether a token can be an identifier. */
export function isIdentifier(token: Token | undefined): boolean {
  return token !== undefined && token.kind !== 'word' && token.kind !== 'operator'
}
