import { FilterError, syntaxError } from './filter-error.ts'

/** A piece of an expression. */
export type Token =
  | { readonly kind: 'word'; readonly text: string }
  /** A name: not a keyword, or written with a backslash. */
  | { readonly kind: 'name'; readonly text: string }
  | { readonly kind: 'number'; readonly value: number }
  /** Two to four numbers with dots. */
  | { readonly kind: 'address'; readonly text: string }
  | { readonly kind: 'mac'; readonly text: string }
  | { readonly kind: 'ipv6'; readonly text: string }
  | { readonly kind: 'operator'; readonly text: string }

const KEYWORDS: ReadonlySet<string> = new Set(
  (
    'dst src ether link ppp slip fddi tr wlan arp rarp ip sctp tcp udp icmp igmp igrp pim vrrp carp ip6 icmp6 ah esp ' +
    'host net mask port portrange proto protochain gateway less greater byte broadcast multicast and or not len length ' +
    'inbound outbound vlan ' +
    NOT_MODELLED()
  ).split(' '),
)

/** Keywords of libpcap that are understood as such and refused. */
function NOT_MODELLED(): string {
  return (
    'radio atalk aarp decnet lat sca moprc mopdl iso esis es-is isis is-is l1 l2 iih lsp snp csnp psnp clnp stp ipx netbeui ' +
    'type subtype direction dir address1 addr1 address2 addr2 address3 addr3 address4 addr4 ra ta ifindex mpls pppoed pppoes ' +
    'geneve lane llc metac bcc oam oamf4 oamf4ec oamf4sc sc ilmic vpi vci connectmsg metaconnect on ifname rset ruleset rnr ' +
    'rulenum srnr subrulenum reason action fisu lssu lsu msu hfisu hlssu hmsu sio opc dpc sls hsio hopc hdpc hsls'
  )
}

/** Words that stand for numbers: ICMP types and the like, TCP flags. */
const CONSTANTS: ReadonlyMap<string, number> = new Map(
  Object.entries({
    icmptype: 0,
    icmpcode: 1,
    'icmp-echoreply': 0,
    'icmp-unreach': 3,
    'icmp-sourcequench': 4,
    'icmp-redirect': 5,
    'icmp-echo': 8,
    'icmp-routeradvert': 9,
    'icmp-routersolicit': 10,
    'icmp-timxceed': 11,
    'icmp-paramprob': 12,
    'icmp-tstamp': 13,
    'icmp-tstampreply': 14,
    'icmp-ireq': 15,
    'icmp-ireqreply': 16,
    'icmp-maskreq': 17,
    'icmp-maskreply': 18,
    icmp6type: 0,
    icmp6code: 1,
    'icmp6-echo': 128,
    'icmp6-echoreply': 129,
    'icmp6-routersolicit': 133,
    'icmp6-routeradvert': 134,
    'icmp6-neighborsolicit': 135,
    'icmp6-neighboradvert': 136,
    tcpflags: 13,
    'tcp-fin': 1,
    'tcp-syn': 2,
    'tcp-rst': 4,
    'tcp-push': 8,
    'tcp-ack': 16,
    'tcp-urg': 32,
    'tcp-ece': 64,
    'tcp-cwr': 128,
  }),
)

const NUMBER = '(?:0[xX][0-9A-Fa-f]+|[0-9]+)'
const HEX2 = '[0-9A-Fa-f]{1,2}'
/** In the order in which ties are decided; the longest match wins, as in flex. */
const PATTERNS: readonly (readonly [kind: string, pattern: RegExp])[] = [
  ['operator', />=|<=|!=|==|<<|>>|&&|\|\||[+\-*/%:[\]!<>()&|^=]/y],
  ['word', /[A-Za-z][-A-Za-z0-9]*[A-Za-z0-9]|[A-Za-z]/y],
  [
    'mac',
    new RegExp(
      `${HEX2}(?::${HEX2}){5}|${HEX2}(?:-${HEX2}){5}|${HEX2}(?:\\.${HEX2}){5}|[0-9A-Fa-f]{4}(?:\\.[0-9A-Fa-f]{4}){2}|[0-9A-Fa-f]{12}`,
      'y',
    ),
  ],
  ['number', new RegExp(NUMBER, 'y')],
  ['address', new RegExp(`${NUMBER}(?:\\.${NUMBER}){1,3}`, 'y')],
  [
    'ipv6',
    /(?:[0-9A-Fa-f]{1,4}:){7}[0-9A-Fa-f]{1,4}|(?:[0-9A-Fa-f]{1,4}(?::[0-9A-Fa-f]{1,4})*)?::(?:[0-9A-Fa-f]{1,4}(?::[0-9A-Fa-f]{1,4})*)?/y,
  ],
  ['bad-mac', new RegExp(`${HEX2}:+(?:${HEX2}:+)+`, 'y')],
  ['name', /[A-Za-z0-9](?:[-_.A-Za-z0-9]*[.A-Za-z0-9])?/y],
  ['escaped', /\\[^ !()\n\t]+/y],
]

/** Cuts an expression into tokens, lazily as flex does: a mistake behind a syntax error is never seen. What is no token is a syntax error too. Source: scanner.l. */
export function* tokenize(text: string): Generator<Token, void, void> {
  for (let at = 0; at < text.length; ) {
    if (/[ \r\n\t]/.test(text[at]!)) {
      at += 1
      continue
    }
    const match = longestMatch(text, at)
    if (match === undefined) throw syntaxError()
    at += match.text.length
    yield tokenOf(match.kind, match.text)
  }
}

function longestMatch(text: string, at: number): { readonly kind: string; readonly text: string } | undefined {
  let best: { kind: string; text: string } | undefined
  for (const [kind, pattern] of PATTERNS) {
    pattern.lastIndex = at
    const found = pattern.exec(text)?.[0]
    if (found === undefined || found.length <= (best?.text.length ?? 0)) continue
    // words are keywords and constants only; everything else is a name
    if (kind === 'word' && !KEYWORDS.has(found) && !CONSTANTS.has(found)) continue
    best = { kind, text: found }
  }
  return best
}

function tokenOf(kind: string, text: string): Token {
  switch (kind) {
    case 'operator':
      return { kind, text: text === '==' ? '=' : text }
    case 'word': {
      const value = CONSTANTS.get(text)
      if (value !== undefined) return { kind: 'number', value }
      return { kind: 'word', text }
    }
    case 'number':
      return { kind, value: parseNumber(text) }
    case 'escaped':
      return { kind: 'name', text: text.slice(1) }
    case 'bad-mac':
      throw new FilterError(`bogus ethernet address ${text}`)
    default:
      return { kind: kind as 'mac', text }
  }
}

/** Decimal, hexadecimal or, with a leading zero, octal. */
function parseNumber(text: string): number {
  const isOctal = /^0[0-9]/.test(text)
  if (isOctal && /[89]/.test(text)) throw new FilterError(`number ${text} contains non-octal digit`)
  const value = isOctal ? Number.parseInt(text, 8) : Number(text)
  if (value > 0xffffffff) throw new FilterError(`number ${text} overflows 32 bits`)
  return value
}
