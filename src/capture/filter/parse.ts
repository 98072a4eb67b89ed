import { type Arithmetic, combine, constant, PACKET_LENGTH, relation } from './arithmetic.ts'
import { FilterError, syntaxError } from './filter-error.ts'
import { type Identifiers, isIdentifier, type Qualifiers } from './identifiers.ts'
import type { Direction, Primitives } from './primitives.ts'
import { and, computed, not, or, type Test } from './test-tree.ts'
import { type Token, tokenize } from './tokenize.ts'

/** A test with the qualifiers that a following bare identifier inherits. */
interface Parsed {
  readonly test: Test
  readonly qualifiers: Qualifiers
}

const NOTHING: Qualifiers = { protocol: undefined, direction: 'default', type: 'undefined-here' }

const PROTOCOLS: ReadonlySet<string> = new Set(
  'ether link ppp slip fddi tr wlan ip arp rarp sctp tcp udp icmp igmp igrp pim vrrp carp ip6 icmp6 ah esp'.split(' '),
)
const LINK_NAMES: readonly string[] = ['ether', 'link', 'ppp', 'slip', 'fddi', 'tr', 'wlan']
const TYPES: readonly string[] = ['host', 'net', 'port', 'portrange']
const RELATIONS: readonly string[] = ['>', '>=', '=', '<=', '<', '!=']
/** Binding strength of arithmetic operators, weakest first. */
const STRENGTHS: readonly (readonly string[])[] = [['|'], ['^'], ['&'], ['<<', '>>'], ['+', '-'], ['*', '/', '%']]
const DEPTH_MAX = 200

/** Reads an expression by the rules of libpcap's grammar.y; tests are made in the order in which it makes them. */
export class FilterParser {
  readonly #tokens: Generator<Token, void, void>
  readonly #ahead: (Token | undefined)[] = []
  readonly #primitives: Primitives
  readonly #identifiers: Identifiers
  #depth = 0

  constructor(text: string, primitives: Primitives, identifiers: Identifiers) {
    this.#tokens = tokenize(text)
    this.#primitives = primitives
    this.#identifiers = identifiers
  }

  /** The test; undefined for an empty expression. @throws FilterError */
  parse(): Test | undefined {
    if (this.#peek() === undefined) return undefined
    const { test } = this.#expression(NOTHING)
    if (this.#peek() !== undefined) throw syntaxError()
    return test
  }

  #expression(inherited: Qualifiers): Parsed {
    return this.#joined(this.#term(inherited), next => this.#termOrIdentifier(next))
  }

  /** `and` and `or` have the same strength and join from the left. */
  #joined(first: Parsed, next: (inherited: Qualifiers) => Parsed): Parsed {
    let left = first
    for (;;) {
      const isAnd = this.#isWord('and') || this.#isOperator('&&')
      if (!isAnd && !this.#isWord('or') && !this.#isOperator('||')) return left
      this.#take()
      const right = next(left.qualifiers)
      left = { test: (isAnd ? and : or)(left.test, right.test), qualifiers: right.qualifiers }
    }
  }

  #termOrIdentifier(inherited: Qualifiers): Parsed {
    if (this.#startsIdentifier()) return this.#identifier(inherited)
    if (this.#takeNot()) {
      const inner = this.#nested(() => this.#termOrIdentifier(inherited))
      return { ...inner, test: not(inner.test) }
    }
    return this.#term(inherited, true)
  }

  /** @param takesIdentifiers behind `and` and `or` parentheses may hold bare identifiers */
  #term(inherited: Qualifiers, takesIdentifiers = false): Parsed {
    if (this.#takeNot()) {
      const inner = this.#nested(() => this.#term(inherited, takesIdentifiers))
      return { ...inner, test: not(inner.test) }
    }
    if (this.#isOperator('(')) return this.#nested(() => this.#parenthesis(inherited, takesIdentifiers))
    const token = this.#peek()
    if (token === undefined) throw syntaxError()
    if (this.#startsArithmetic()) return this.#relation(this.#arithmetic(0))
    if (token.kind !== 'word') throw syntaxError()
    return this.#primitive(token.text)
  }

  /** `( … )`: an expression, identifiers under inherited qualifiers, or the start of arithmetic. */
  #parenthesis(inherited: Qualifiers, takesIdentifiers: boolean): Parsed {
    this.#expectOperator('(')
    const inner = this.#insideParenthesis(inherited, takesIdentifiers)
    this.#expectOperator(')')
    if ('test' in inner) return { test: inner.test, qualifiers: inner.qualifiers }
    return this.#relation(this.#continueArithmetic(inner))
  }

  #insideParenthesis(inherited: Qualifiers, takesIdentifiers: boolean): Parsed | Arithmetic {
    if (this.#isOperator('(')) {
      const inner = this.#nested(() => {
        this.#expectOperator('(')
        const found = this.#insideParenthesis(inherited, false)
        this.#expectOperator(')')
        return found
      })
      if ('test' in inner) return this.#joined(inner, next => this.#termOrIdentifier(next))
      return this.#arithmeticOrRelation(this.#continueArithmetic(inner))
    }
    if (takesIdentifiers && this.#startsIdentifier()) return this.#identifierList(inherited)
    if (this.#startsArithmetic()) return this.#arithmeticOrRelation(this.#arithmetic(0))
    return this.#expression(inherited)
  }

  #arithmeticOrRelation(left: Arithmetic): Parsed | Arithmetic {
    if (this.#isOperator(')')) return left
    return this.#joined(this.#relation(left), next => this.#termOrIdentifier(next))
  }

  #relation(left: Arithmetic): Parsed {
    const token = this.#take()
    if (token?.kind !== 'operator' || !RELATIONS.includes(token.text)) throw syntaxError()
    return { test: relation(token.text, left, this.#arithmetic(0)), qualifiers: NOTHING }
  }

  /** A list of identifiers only: `port (80 or 443)`. */
  #identifierList(inherited: Qualifiers): Parsed {
    const isParenthesis = this.#isOperator('(')
    const first = isParenthesis ? this.#numberInParentheses(inherited) : this.#identifier(inherited)
    return this.#joined(first, next => this.#identifier(next))
  }

  /** A list may start with a number in parentheses, not with another list. */
  #numberInParentheses(inherited: Qualifiers): Parsed {
    let depth = 0
    for (; this.#isOperator('('); depth += 1) this.#take()
    const test = this.#identifiers.number(this.#number(), inherited)
    for (; depth > 0; depth -= 1) this.#expectOperator(')')
    return { test, qualifiers: inherited }
  }

  #identifier(qualifiers: Qualifiers): Parsed {
    if (this.#takeNot()) {
      const inner = this.#nested(() => this.#identifier(qualifiers))
      return { test: not(inner.test), qualifiers: inner.qualifiers }
    }
    if (this.#isOperator('(')) {
      return this.#nested(() => {
        this.#expectOperator('(')
        const inner = this.#identifierList(qualifiers)
        this.#expectOperator(')')
        return inner
      })
    }
    const token = this.#take()
    if (token === undefined) throw syntaxError()
    return { test: this.#identifierTest(token, qualifiers), qualifiers }
  }

  #identifierTest(token: Token, qualifiers: Qualifiers): Test {
    switch (token.kind) {
      case 'number':
        return this.#identifiers.number(token.value, qualifiers)
      case 'name':
        return this.#identifiers.name(token.text, qualifiers)
      case 'mac':
        return this.#identifiers.mac(token.text, qualifiers)
      case 'ipv6':
        throw new FilterError('IPv6 addresses are not modelled by drylab')
      case 'address':
        return this.#addressTest(token.text, qualifiers)
      default:
        throw syntaxError()
    }
  }

  #addressTest(text: string, qualifiers: Qualifiers): Test {
    if (this.#isOperator('/')) {
      this.#take()
      const length = this.#take()
      if (length?.kind !== 'number') throw syntaxError()
      return this.#identifiers.network(text, { length: length.value }, qualifiers)
    }
    if (this.#isWord('mask')) {
      this.#take()
      const mask = this.#take()
      if (mask?.kind !== 'address') throw syntaxError()
      return this.#identifiers.network(text, { text: mask.text }, qualifiers)
    }
    return this.#identifiers.address(text, qualifiers)
  }

  /** What starts with a keyword. */
  #primitive(word: string): Parsed {
    const plain = (test: Test): Parsed => ({ test, qualifiers: NOTHING })
    let protocol: string | undefined
    if (PROTOCOLS.has(word)) {
      this.#take()
      protocol = LINK_NAMES.includes(word) ? 'link' : word
    }
    if (this.#isWord('broadcast')) return this.#after(() => plain(this.#primitives.broadcast(protocol)))
    if (this.#isWord('multicast')) return this.#after(() => plain(this.#primitives.multicast(protocol)))
    const qualifiers = this.#qualifiers(protocol)
    if (qualifiers !== undefined) return this.#identifier(qualifiers)
    if (protocol !== undefined) return plain(this.#primitives.protocol(protocol))
    this.#take()
    return plain(this.#other(word))
  }

  #other(word: string): Test {
    switch (word) {
      case 'less':
      case 'greater': {
        const length = this.#number()
        return computed(packet => (word === 'less' ? packet.wireBytes <= length : packet.wireBytes >= length))
      }
      case 'byte': {
        const offset = this.#number()
        const operator = this.#take()
        if (operator?.kind !== 'operator' || !['&', '|', '<', '>', '='].includes(operator.text)) throw syntaxError()
        return this.#primitives.byteTest(offset, operator.text, this.#number())
      }
      case 'inbound':
      case 'outbound':
        return this.#primitives.passage(word === 'outbound')
      case 'vlan':
        return this.#primitives.vlan(this.#peek()?.kind === 'number' ? this.#number() : undefined)
      case 'and':
      case 'or':
      case 'mask':
      case 'gateway':
        throw syntaxError()
      default:
        throw new FilterError(`"${word}" in a filter is not modelled by drylab`)
    }
  }

  /** Direction and type behind a protocol; undefined when there is neither. */
  #qualifiers(protocol: string | undefined): Qualifiers | undefined {
    const direction = this.#direction()
    const token = this.#peek()
    const word = token?.kind === 'word' ? token.text : ''
    if (TYPES.includes(word)) {
      this.#take()
      return { protocol, direction: direction ?? 'default', type: word as 'host' }
    }
    if (direction === undefined && (word === 'proto' || word === 'gateway')) {
      this.#take()
      return { protocol, direction: 'default', type: word }
    }
    if (word === 'protochain') throw new FilterError('protochain is not modelled by drylab')
    return direction === undefined ? undefined : { protocol, direction, type: 'default' }
  }

  /** `src`, `dst`, `src or dst`, `src and dst`. */
  #direction(): Direction | undefined {
    const isSource = this.#isWord('src')
    if (!isSource && !this.#isWord('dst')) return undefined
    this.#take()
    const isAnd = this.#isWord('and') || this.#isOperator('&&')
    const isOr = this.#isWord('or') || this.#isOperator('||')
    if (!isAnd && !isOr) return isSource ? 'src' : 'dst'
    this.#take()
    if (!this.#isWord(isSource ? 'dst' : 'src')) throw syntaxError()
    this.#take()
    return isAnd ? 'and' : 'or'
  }

  #arithmetic(strength: number): Arithmetic {
    if (strength === STRENGTHS.length) return this.#factor()
    return this.#operators(strength, this.#arithmetic(strength + 1))
  }

  #operators(strength: number, first: Arithmetic): Arithmetic {
    let left = first
    for (;;) {
      const token = this.#peek()
      if (token?.kind !== 'operator' || !STRENGTHS[strength]!.includes(token.text)) return left
      this.#take()
      left = combine(token.text, left, this.#arithmetic(strength + 1))
    }
  }

  /** Goes on behind a parenthesis that held arithmetic. */
  #continueArithmetic(first: Arithmetic): Arithmetic {
    let left = first
    for (let strength = STRENGTHS.length - 1; strength >= 0; strength -= 1) left = this.#operators(strength, left)
    return left
  }

  #factor(): Arithmetic {
    const token = this.#take()
    if (token?.kind === 'number') return constant(token.value)
    if (token?.kind === 'operator' && token.text === '-') {
      return this.#nested(() => combine('-', constant(0), this.#factor()))
    }
    if (token?.kind === 'operator' && token.text === '(') {
      return this.#nested(() => {
        const inner = this.#arithmetic(0)
        this.#expectOperator(')')
        return inner
      })
    }
    if (token?.kind !== 'word') throw syntaxError()
    if (token.text === 'len' || token.text === 'length') return PACKET_LENGTH
    if (!PROTOCOLS.has(token.text)) throw syntaxError()
    return this.#load(LINK_NAMES.includes(token.text) ? 'link' : token.text)
  }

  #load(protocol: string): Arithmetic {
    this.#expectOperator('[')
    const index = this.#nested(() => this.#arithmetic(0))
    let size = 1
    if (this.#isOperator(':')) {
      this.#take()
      size = this.#number()
    }
    this.#expectOperator(']')
    return this.#primitives.load(protocol, index, size)
  }

  /** An identifier, and not a number that starts arithmetic. */
  #startsIdentifier(): boolean {
    const token = this.#peek()
    if (!isIdentifier(token)) return false
    return token!.kind !== 'number' || !this.#isArithmeticOperator(this.#peek(1))
  }

  #startsArithmetic(): boolean {
    const token = this.#peek()
    if (token?.kind === 'number' || (token?.kind === 'operator' && token.text === '-')) return true
    if (token?.kind !== 'word') return false
    if (token.text === 'len' || token.text === 'length') return true
    const next = this.#peek(1)
    return PROTOCOLS.has(token.text) && next?.kind === 'operator' && next.text === '['
  }

  #isArithmeticOperator(token: Token | undefined): boolean {
    if (token?.kind !== 'operator') return false
    return RELATIONS.includes(token.text) || STRENGTHS.some(operators => operators.includes(token.text))
  }

  #number(): number {
    const token = this.#take()
    if (token?.kind !== 'number') throw syntaxError()
    return token.value
  }

  #after(make: () => Parsed): Parsed {
    this.#take()
    return make()
  }

  #takeNot(): boolean {
    if (!this.#isWord('not') && !this.#isOperator('!')) return false
    this.#take()
    return true
  }

  #nested<Result>(parse: () => Result): Result {
    this.#depth += 1
    if (this.#depth > DEPTH_MAX) throw new FilterError(`more than ${DEPTH_MAX} levels are not modelled by drylab`)
    const result = parse()
    this.#depth -= 1
    return result
  }

  #isWord(text: string): boolean {
    const token = this.#peek()
    return token?.kind === 'word' && token.text === text
  }

  #isOperator(text: string): boolean {
    const token = this.#peek()
    return token?.kind === 'operator' && token.text === text
  }

  #expectOperator(text: string): void {
    if (!this.#isOperator(text)) throw syntaxError()
    this.#take()
  }

  #peek(ahead = 0): Token | undefined {
    while (this.#ahead.length <= ahead) this.#ahead.push(this.#tokens.next().value ?? undefined)
    return this.#ahead[ahead]
  }

  #take(): Token | undefined {
    const token = this.#peek()
    this.#ahead.shift()
    return token
  }
}
