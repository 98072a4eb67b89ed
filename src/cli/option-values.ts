import { InvalidArgumentError } from 'commander'

/** A source of random choices. InvalidArgumentError when the text is none. */
export function parseSeed(text: string): number {
  const seed = Number(text)
  if (/^\d+$/.test(text) && seed <= 0xffffffff) return seed
  throw new InvalidArgumentError('expected a whole number from 0 to 4294967295.')
}

/** A number of things, at least one. */
export function parseCount(text: string): number {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('expected a whole number above 0.')
}

/** A number of things, possibly none. */
export function parseWholeNumber(text: string): number {
  if (/^\d{1,6}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('expected a whole number.')
}

/** `A..B`, both ends included. */
export function parseSeeds(text: string): { readonly from: number; readonly to: number } {
  const match = /^(\d+)\.\.(\d+)$/.exec(text)
  if (match !== null) return { from: parseSeed(match[1]!), to: parseSeed(match[2]!) }
  throw new InvalidArgumentError('expected a range such as 1..20.')
}

/** The values of an option that may be given several times, in their order. */
export function collect(text: string, previous: readonly string[] = []): readonly string[] {
  return [...previous, text]
}
