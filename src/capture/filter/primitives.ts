import { LINK_TYPE } from '../link-type.ts'
import { type Arithmetic, constant } from './arithmetic.ts'
import { FilterError } from './filter-error.ts'
import {
  and,
  computed,
  endOfIpv4Header,
  equals,
  equalsBehindIpv4,
  type FilteredPacket,
  load,
  not,
  or,
  type Test,
} from './test-tree.ts'

export type Direction = 'default' | 'src' | 'dst' | 'or' | 'and'

const IP = 0x0800
const ARP = 0x0806
const RARP = 0x8035
const IP6 = 0x86dd

/**
 * Tests for one link type, in libpcap's layout: where the protocol's number stands and where its header starts. `vlan`
 * shifts both for all that follows it in the expression. Source: gencode.c.
 */
export class Primitives {
  readonly linkType: number
  /** Netmask of the interface, for `ip broadcast`. */
  readonly #netmask: number
  readonly #isLive: boolean
  #typeAt: number
  #payloadAt: number

  /** @throws FilterError for link types whose packets cannot be filtered here */
  constructor(linkType: number, netmask: number, isLive: boolean) {
    this.linkType = linkType
    this.#isLive = isLive
    this.#netmask = netmask
    const layout = LAYOUTS[linkType]
    if (layout === undefined) throw new FilterError(`filters for link type ${linkType} are not modelled by drylab`)
    ;[this.#typeAt, this.#payloadAt] = layout
  }

  /** What the frame carries, by EtherType. */
  etherType(type: number): Test {
    if (this.linkType === LINK_TYPE.raw || this.linkType === LINK_TYPE.rawIpv4) {
      if (type === IP) return equals(0, 1, 0x40, 0xf0)
      return type === IP6 ? equals(0, 1, 0x60, 0xf0) : { kind: 'constant', value: false }
    }
    return type <= 1500 ? this.#serviceAccessPoint(type) : equals(this.#typeAt, 2, type)
  }

  /** A number below the EtherTypes: the service access point of a frame with a length (802.2). */
  #serviceAccessPoint(point: number): Test {
    if (this.linkType !== LINK_TYPE.ethernet || point === 0xe0) {
      throw new FilterError(`ether proto ${point} (802.2) is not modelled by drylab`)
    }
    const [typeAt, payloadAt] = [this.#typeAt, this.#payloadAt]
    const hasLength = computed(packet => load(packet, typeAt, 2) <= 1500)
    const isPair = point === 0x06 || point === 0xf0 || point === 0xfe
    return and(hasLength, isPair ? equals(payloadAt, 2, point * 0x101) : equals(payloadAt, 1, point))
  }

  /** A protocol's name alone. */
  protocol(name: string): Test {
    switch (name) {
      case 'ip':
        return this.etherType(IP)
      case 'arp':
        return this.etherType(ARP)
      case 'rarp':
        return this.etherType(RARP)
      case 'ip6':
        return this.etherType(IP6)
      case 'link':
        throw new FilterError('link layer applied in wrong context')
      case 'icmp6':
        return this.ipProtocol(58, 'ip6')
      case 'tcp':
      case 'udp':
      case 'sctp':
      case 'pim':
      case 'ah':
      case 'esp':
        return this.ipProtocol(IP_PROTOCOLS[name]!, undefined)
      default:
        return this.ipProtocol(IP_PROTOCOLS[name]!, 'ip')
    }
  }

  /** `proto N`, `ip proto N`, `ip6 proto N`. */
  ipProtocol(number: number, family: 'ip' | 'ip6' | undefined): Test {
    const v4 = (): Test => and(this.etherType(IP), this.#at(9, 1, number))
    const v6 = (): Test =>
      and(this.etherType(IP6), or(this.#at(6, 1, number), and(this.#at(6, 1, 44), this.#at(40, 1, number))))
    if (family === 'ip') return v4()
    return family === 'ip6' ? v6() : or(v4(), v6())
  }

  /** `host`, `net`: by IP header, or by both addresses of ARP and RARP. */
  host(address: number, mask: number, direction: Direction, family: 'ip' | 'arp' | 'rarp' | undefined): Test {
    const one = (type: number, source: number, destination: number): Test => {
      const value = (address & mask) >>> 0
      const atSource = this.#at(source, 4, value, mask)
      const atDestination = this.#at(destination, 4, value, mask)
      return and(this.etherType(type), byDirection(direction, atSource, atDestination))
    }
    if (family === 'ip') return one(IP, 12, 16)
    if (family === 'arp') return one(ARP, 14, 24)
    if (family === 'rarp') return one(RARP, 14, 24)
    return or(or(one(IP, 12, 16), one(ARP, 14, 24)), one(RARP, 14, 24))
  }

  /** `port`, `portrange`: TCP, UDP or SCTP unless one of them is named; not in later fragments. */
  ports(low: number, high: number, direction: Direction, protocol: number | undefined): Test {
    const [from, to] = low <= high ? [low, high] : [high, low]
    const protocols = protocol === undefined ? [6, 17, 132] : [protocol]
    const isIn = (port: number): boolean => port >= from && port <= to
    const payloadAt = this.#payloadAt
    const v4 = (offset: number): Test =>
      from === to
        ? equalsBehindIpv4(payloadAt, offset, from)
        : computed(packet => isIn(load(packet, endOfIpv4Header(packet, payloadAt) + offset, 2)))
    const v6 = (offset: number): Test =>
      from === to
        ? equals(payloadAt + 40 + offset, 2, from)
        : computed(packet => isIn(load(packet, payloadAt + 40 + offset, 2)))
    const whichV4 = protocols.map(number => this.#at(9, 1, number)).reduce(or)
    const whichV6 = protocols.map(number => this.#at(6, 1, number)).reduce(or)
    const inV4 = and(and(whichV4, this.#isFirstFragment()), byDirection(direction, v4(0), v4(2)))
    const inV6 = and(whichV6, byDirection(direction, v6(0), v6(2)))
    return or(and(this.etherType(IP6), inV6), and(this.etherType(IP), inV4))
  }

  /** `ether host M`. */
  mac(mac: number, direction: Direction): Test {
    if (this.linkType !== LINK_TYPE.ethernet) {
      throw new FilterError(
        'ethernet addresses supported only on ethernet/FDDI/token ring/802.11/ATM LANE/Fibre Channel',
      )
    }
    const at = (offset: number): Test =>
      and(equals(offset + 2, 4, mac % 2 ** 32), equals(offset, 2, Math.floor(mac / 2 ** 32)))
    return byDirection(direction, at(6), at(0))
  }

  broadcast(protocol: string | undefined): Test {
    if (protocol === 'ip') {
      const host = ~this.#netmask >>> 0
      const zeros = this.#at(16, 4, 0, host)
      const ones = this.#at(16, 4, host, host)
      return and(this.etherType(IP), or(zeros, ones))
    }
    if (protocol !== undefined && protocol !== 'link') {
      throw new FilterError('only link-layer/IP broadcast filters supported')
    }
    if (this.linkType !== LINK_TYPE.ethernet) throw new FilterError('not a broadcast link')
    return this.mac(0xffffffffffff, 'dst')
  }

  multicast(protocol: string | undefined): Test {
    const first = this.#payloadAt
    if (protocol === 'ip')
      return and(
        this.etherType(IP),
        computed(packet => load(packet, first + 16, 1) >= 224),
      )
    if (protocol === 'ip6') return and(this.etherType(IP6), this.#at(24, 1, 255))
    if ((protocol !== undefined && protocol !== 'link') || this.linkType !== LINK_TYPE.ethernet) {
      throw new FilterError(
        'link-layer multicast filters supported only on ethernet/FDDI/token ring/ARCNET/802.11/ATM LANE/Fibre Channel',
      )
    }
    return not(equals(0, 1, 0, 1))
  }

  /** `vlan [N]`; what follows looks behind the tag. */
  vlan(number: number | undefined): Test {
    if (this.linkType !== LINK_TYPE.ethernet)
      throw new FilterError(`no VLAN support for ${LINK_DESCRIPTIONS[this.linkType] ?? this.linkType}`)
    if (number !== undefined && number > 0xfff) {
      throw new FilterError(`VLAN tag ${number} greater than maximum 4095`)
    }
    const types = [0x8100, 0x88a8, 0x9100].map(type => equals(this.#typeAt, 2, type)).reduce(or)
    const test = number === undefined ? types : and(types, equals(this.#payloadAt, 2, number, 0x0fff))
    this.#typeAt += 4
    this.#payloadAt += 4
    return test
  }

  /** `inbound`, `outbound`: what the kernel says of live packets, or a cooked header. */
  passage(isOutbound: boolean): Test {
    const test = this.#outgoing()
    return isOutbound ? test : not(test)
  }

  #outgoing(): Test {
    if (this.linkType === LINK_TYPE.cookedV2) return equals(10, 1, 4)
    if (this.linkType === LINK_TYPE.cookedV1) return equals(0, 2, 4)
    if (this.#isLive) return computed(packet => packet.isOutgoing)
    const name = this.linkType === LINK_TYPE.ethernet ? 'Ethernet' : 'Raw IP'
    throw new FilterError(`inbound/outbound not supported on ${name} when reading savefiles`)
  }

  /** `byte N op V` of the link layer. */
  byteTest(offset: number, operator: string, value: number): Test {
    switch (operator) {
      case '=':
        return equals(offset, 1, value)
      case '<':
        return computed(packet => load(packet, offset, 1) < value)
      case '>':
        return computed(packet => load(packet, offset, 1) > value)
      default:
        throw new FilterError(`"byte" with "${operator}" is not modelled by drylab`)
    }
  }

  /** `proto[index:size]`. */
  load(protocol: string, index: Arithmetic, size: number): Arithmetic {
    if (size !== 1 && size !== 2 && size !== 4) throw new FilterError('data size must be 1, 2, or 4')
    const guard = (own: Test | undefined): Test | undefined =>
      index.guard === undefined ? own : own === undefined ? index.guard : and(index.guard, own)
    const reading = (start: (packet: FilteredPacket) => number, own: Test | undefined): Arithmetic => ({
      ...constant(0),
      constant: undefined,
      guard: guard(own),
      value: packet => load(packet, start(packet) + index.value(packet), size),
    })
    const payloadAt = this.#payloadAt
    switch (protocol) {
      case 'link':
        return reading(() => 0, undefined)
      case 'ip':
      case 'arp':
      case 'rarp':
      case 'ip6':
        return reading(() => payloadAt, this.protocol(protocol))
      case 'tcp':
      case 'udp':
      case 'sctp':
      case 'icmp':
      case 'igmp':
      case 'igrp':
      case 'pim':
      case 'vrrp':
      case 'carp': {
        const isFirst = and(and(this.etherType(IP), this.protocol(protocol)), this.#isFirstFragment())
        return reading(packet => endOfIpv4Header(packet, payloadAt), isFirst)
      }
      case 'icmp6':
        return reading(() => payloadAt + 40, and(this.etherType(IP6), this.#at(6, 1, 58)))
      default:
        throw new FilterError('unsupported index operation')
    }
  }

  #at(offset: number, size: 1 | 2 | 4, value: number, mask?: number): Test {
    return equals(this.#payloadAt + offset, size, value, mask)
  }

  #isFirstFragment(): Test {
    return equals(this.#payloadAt + 6, 2, 0, 0x1fff)
  }
}

const LINK_DESCRIPTIONS: Readonly<Record<number, string>> = {
  [LINK_TYPE.raw]: 'Raw IP',
  [LINK_TYPE.cookedV1]: 'Linux cooked v1',
  [LINK_TYPE.cookedV2]: 'Linux cooked v2',
}

/** Where the EtherType stands and where what it names starts. */
const LAYOUTS: Readonly<Record<number, readonly [typeAt: number, payloadAt: number]>> = {
  [LINK_TYPE.ethernet]: [12, 14],
  [LINK_TYPE.raw]: [0, 0],
  [LINK_TYPE.rawIpv4]: [0, 0],
  [LINK_TYPE.cookedV1]: [14, 16],
  [LINK_TYPE.cookedV2]: [0, 20],
}

const IP_PROTOCOLS: Readonly<Record<string, number>> = {
  icmp: 1,
  igmp: 2,
  tcp: 6,
  igrp: 9,
  udp: 17,
  esp: 50,
  ah: 51,
  pim: 103,
  vrrp: 112,
  carp: 112,
  sctp: 132,
}

function byDirection(direction: Direction, source: Test, destination: Test): Test {
  switch (direction) {
    case 'src':
      return source
    case 'dst':
      return destination
    case 'and':
      return and(source, destination)
    default:
      return or(source, destination)
  }
}
