import { type Ipv4Address, parseIpv4 } from '../../wire/address.ts'

/** The words do not follow iproute2's grammar: what `ip` prints on stderr, and its exit code. Caught in parse.ts. */
export class GrammarError extends Error {
  override readonly name = 'GrammarError'
  readonly exitCode: number

  /** @param message the text on stderr, with its newline */
  constructor(message: string, exitCode: number) {
    super(message)
    this.exitCode = exitCode
  }
}

/** An address with the length of its prefix, host bits kept, as `get_prefix` reads it. `default`, `any` and `all` are 0/0. */
export interface PrefixWord {
  readonly address: Ipv4Address
  readonly length: number
  /** Whether a `/length` (or a name such as `default`) was written. */
  readonly hasLength: boolean
}

/** Exit code of `exit(-1)`, which iproute2 uses for most usage errors. */
const USAGE_EXIT_CODE = 255

/** Whether `word` is a prefix of `keyword`: iproute2's `matches()` abbreviations, the first candidate wins. */
export function abbreviates(word: string, keyword: string): boolean {
  return word !== '' && keyword.startsWith(word)
}

/** The three names of the command that lists. */
export function isListVerb(word: string): boolean {
  return abbreviates(word, 'list') || abbreviates(word, 'show') || abbreviates(word, 'lst')
}

/** Walks over the words of a command and words errors as lib/utils.c does. */
export class WordReader {
  readonly #words: readonly string[]
  #at = 0

  constructor(words: readonly string[]) {
    this.#words = words
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#words.length
  }

  /** The word to be read next; undefined at the end. */
  peek(): string | undefined {
    return this.#words[this.#at]
  }

  /** Takes the word, which must be there: NEXT_ARG. */
  next(): string {
    const word = this.#words[this.#at]
    if (word === undefined) throw incomplete()
    this.#at += 1
    return word
  }

  /** The words not yet read. */
  rest(): readonly string[] {
    return this.#words.slice(this.#at)
  }

  /** Takes the word if it is exactly this one. */
  takeIf(keyword: string): boolean {
    if (this.peek() !== keyword) return false
    this.#at += 1
    return true
  }

  /** Takes a non-negative integer up to `max`; decimal, 0x hexadecimal or 0 octal as strtoul(…, 0) reads it. */
  integer(message: string, max = 0xffffffff): number {
    const word = this.next()
    const value = parseUnsigned(word)
    if (value === undefined || value > max) throw wrongArgument(message, word)
    return value
  }

  /** Takes an IPv4 address. `family` is the word in the message. */
  address(family = 'inet'): Ipv4Address {
    const word = this.next()
    const address = parseIpv4(word)
    if (address === undefined) throw rejectAddress(word, family, 'address')
    return address
  }

  /** Takes an IPv4 prefix. */
  prefix(family = 'any valid'): PrefixWord {
    return readPrefixWord(this.next(), family)
  }
}

/** `Command line is not complete`. */
function incomplete(): GrammarError {
  return new GrammarError('Command line is not complete. Try option "help"\n', USAGE_EXIT_CODE)
}

/** `Error: argument "x" is wrong: …`; messages that end with a newline of their own give an empty line, as in iproute2. */
export function wrongArgument(message: string, word: string): GrammarError {
  return new GrammarError(`Error: argument "${word}" is wrong: ${message}\n`, USAGE_EXIT_CODE)
}

/** `Error: duplicate "name": "x" is the second value.` */
export function duplicate(name: string, word: string): GrammarError {
  return new GrammarError(`Error: duplicate "${name}": "${word}" is the second value.\n`, USAGE_EXIT_CODE)
}

/** `Error: either "name" is duplicate, or "x" is a garbage.` */
export function duplicateOrGarbage(name: string, word: string): GrammarError {
  return new GrammarError(`Error: either "${name}" is duplicate, or "${word}" is a garbage.\n`, USAGE_EXIT_CODE)
}

/** `Command "x" is unknown, try "ip route help".` */
export function unknownCommand(word: string, object: string): GrammarError {
  return new GrammarError(`Command "${word}" is unknown, try "ip ${object} help".\n`, USAGE_EXIT_CODE)
}

/** Understood, real, and not simulated. Exit code 2, as when the kernel refuses. */
export function notModelled(what: string): GrammarError {
  return new GrammarError(`ip: ${what} is not modelled by drylab\n`, 2)
}

/** `get_prefix`: undefined when the word is no IPv4 prefix. */
export function parsePrefixWord(word: string): PrefixWord | undefined {
  if (word === 'default' || word === 'any' || word === 'all')
    return { address: 0 as Ipv4Address, length: 0, hasLength: true }
  const slash = word.indexOf('/')
  const address = parseShortIpv4(slash < 0 ? word : word.slice(0, slash))
  if (address === undefined) return undefined
  if (slash < 0) return { address, length: 32, hasLength: false }
  const length = parseLength(word.slice(slash + 1))
  return length === undefined ? undefined : { address, length, hasLength: true }
}

/** `get_prefix` for a word that must be an IPv4 prefix. `family` is the word in the message. */
export function readPrefixWord(word: string, family = 'any valid'): PrefixWord {
  const prefix = parsePrefixWord(word)
  if (prefix === undefined) throw rejectAddress(word, family, 'prefix')
  return prefix
}

/** `10/8`, `10.0/16`: missing bytes are zero at the end (get_addr_ipv4 of lib/utils.c). */
function parseShortIpv4(text: string): Ipv4Address | undefined {
  if (!/^\d+(\.\d+){0,3}$/.test(text)) return undefined
  const missing = 4 - text.split('.').length
  return parseIpv4(text + '.0'.repeat(missing))
}

/** A prefix length, or a netmask in dotted-quad form. */
function parseLength(text: string): number | undefined {
  if (/^\d+$/.test(text)) return Number(text) <= 32 ? Number(text) : undefined
  const mask = parseIpv4(text)
  if (mask === undefined) return undefined
  const length = Math.clz32(~mask >>> 0)
  return (0xffffffff << (32 - length)) >>> 0 === mask || (length === 0 && mask === 0) ? length : undefined
}

function parseUnsigned(word: string): number | undefined {
  if (/^0x[0-9a-f]+$/i.test(word)) return Number.parseInt(word, 16)
  if (/^0[0-7]+$/.test(word)) return Number.parseInt(word, 8)
  return /^\d+$/.test(word) ? Number(word) : undefined
}

function rejectAddress(word: string, family: string, what: 'address' | 'prefix'): GrammarError {
  if (/^[0-9a-f:]*:[0-9a-f:.]*(\/\d+)?$/i.test(word)) return notModelled(`IPv6 (${word})`)
  return new GrammarError(`Error: ${family} ${what} is expected rather than "${word}".\n`, 1)
}
