import { assert } from '../../assert.ts'
import type { AddressWithLength, Ipv4Address, Prefix } from '../../wire/address.ts'
import type { SyntaxMatch } from './match-syntax.ts'
import type { StatementValue } from './value-types.ts'

/** The words of a statement, read. The getters trust the syntax: a name that it does not have is our own bug. */
export class StatementArguments {
  readonly isNegated: boolean
  readonly #match: SyntaxMatch
  readonly #words: readonly string[]

  constructor(match: SyntaxMatch, isNegated: boolean, words: readonly string[]) {
    this.#match = match
    this.isNegated = isNegated
    this.#words = words
  }

  /** The statement's words as written, without `no`, one blank between them. */
  get line(): string {
    return (this.isNegated ? this.#words.slice(1) : this.#words).join(' ')
  }

  /** Whether the keyword was there. */
  has(keyword: string): boolean {
    return this.#match.keywords.includes(keyword)
  }

  text(name: string): string {
    const value = this.optionalText(name)
    assert(value !== undefined, `statement argument ${name}`)
    return value
  }

  optionalText(name: string): string | undefined {
    const value = this.#value(name)
    assert(value === undefined || typeof value === 'string', `statement argument ${name} is no text`)
    return value
  }

  number(name: string): number {
    const value = this.optionalNumber(name)
    assert(value !== undefined, `statement argument ${name}`)
    return value
  }

  optionalNumber(name: string): number | undefined {
    const value = this.#value(name)
    assert(value === undefined || typeof value === 'number', `statement argument ${name} is no number`)
    return value
  }

  ipv4(name: string): Ipv4Address {
    return this.number(name) as Ipv4Address
  }

  optionalIpv4(name: string): Ipv4Address | undefined {
    return this.optionalNumber(name) as Ipv4Address | undefined
  }

  prefix(name: string): Prefix {
    return this.number(name) as Prefix
  }

  optionalPrefix(name: string): Prefix | undefined {
    return this.optionalNumber(name) as Prefix | undefined
  }

  address(name: string): AddressWithLength {
    const value = this.#value(name)
    assert(typeof value === 'object', `statement argument ${name}`)
    return value
  }

  /** Values of a repeated argument; empty when there was none. */
  list(name: string): readonly StatementValue[] {
    return this.#match.values.filter(value => value.name === name).map(({ value }) => value)
  }

  #value(name: string): StatementValue | undefined {
    return this.#match.values.findLast(value => value.name === name)?.value
  }
}
