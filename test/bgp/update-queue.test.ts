import { describe, expect, it } from 'vitest'
import { AttributeTable, DEFAULT_ATTRIBUTES } from '../../src/bgp/attributes.ts'
import type { ExportedRoute } from '../../src/bgp/export.ts'
import { PrefixNumbers } from '../../src/bgp/prefix-numbers.ts'
import { UpdateBatch } from '../../src/bgp/update-batch.ts'
import { UpdateQueue } from '../../src/bgp/update-queue.ts'
import { formatPrefix, type Prefix, UNSPECIFIED } from '../../src/wire/address.ts'
import { messageBytes } from '../../src/wire/bgp/length.ts'
import type { BgpUpdate, UpdateNextHop } from '../../src/wire/bgp/message.ts'
import { ip, prefix } from '../support/two-hosts.ts'

const table = new AttributeTable()

function route(med: number): ExportedRoute {
  const attributes = table.intern({ ...DEFAULT_ATTRIBUTES, med })
  const hidden = { comparedBy: attributes, weight: 0, tag: undefined, hiddenMed: 0 }
  return { view: attributes, nextHop: UNSPECIFIED, template: attributes, nextHopChange: 'none', ...hidden }
}

const numbers = new PrefixNumbers()
const newQueue = (): UpdateQueue => new UpdateQueue(numbers, () => ip('10.0.0.1'))
/** What an emptied queue says. */
const take = (queue: UpdateQueue): BgpUpdate[] => [
  ...(queue.take({ maximumBytes: 4096, fourOctetAsn: true })?.contents ?? []),
]
const texts = (prefixes: readonly Prefix[]): string[] => prefixes.map(formatPrefix)
const P = ['10.0.1.0/24', '10.0.2.0/24', '10.0.3.0/24', '10.0.4.0/24'].map(prefix)

describe('UpdateQueue', () => {
  it('puts routes of equal attributes into one UPDATE: the first queued, then the others backwards', () => {
    const queue = newQueue()
    for (const each of P) queue.announce(numbers.numberOf(each), route(1))
    const [update, ...rest] = take(queue)
    expect(rest).toEqual([])
    expect(texts(update!.announced)).toEqual(['10.0.1.0/24', '10.0.4.0/24', '10.0.3.0/24', '10.0.2.0/24'])
  })

  it('gives other attributes an UPDATE of their own, in queueing order', () => {
    const queue = newQueue()
    queue.announce(numbers.numberOf(P[0]!), route(1))
    queue.announce(numbers.numberOf(P[1]!), route(2))
    expect(take(queue).map(each => each.attributes?.med)).toEqual([1, 2])
  })

  it('sends withdrawals first and in a message of their own', () => {
    const queue = newQueue()
    queue.announce(numbers.numberOf(P[0]!), route(1))
    take(queue)
    queue.announce(numbers.numberOf(P[1]!), route(1))
    queue.withdraw(numbers.numberOf(P[0]!))
    const [first, second] = take(queue)
    expect(texts(first!.withdrawn)).toEqual(['10.0.1.0/24'])
    expect(first!.announced).toEqual([])
    expect(texts(second!.announced)).toEqual(['10.0.2.0/24'])
  })

  it('says nothing about a route that came and went before it was sent', () => {
    const queue = newQueue()
    queue.announce(numbers.numberOf(P[0]!), route(1))
    queue.withdraw(numbers.numberOf(P[0]!))
    expect(take(queue)).toEqual([])
  })

  it('does not repeat what the peer has, unless forced', () => {
    const queue = newQueue()
    queue.announce(numbers.numberOf(P[0]!), route(1))
    take(queue)
    expect(queue.announce(numbers.numberOf(P[0]!), route(1))).toBe(false)
    expect(queue.announce(numbers.numberOf(P[0]!), route(1), true)).toBe(true)
  })

  it('keeps every message within the limit and loses no route', () => {
    const queue = newQueue()
    const many = Array.from({ length: 3000 }, (_, index) => prefix(`10.${index >> 8}.${index & 255}.0/24`))
    for (const each of many) queue.announce(numbers.numberOf(each), route(1))
    const updates = take(queue)
    expect(Math.max(...updates.map(messageBytes))).toBeLessThanOrEqual(4096)
    expect(updates.flatMap(each => each.announced).sort((a, b) => a - b)).toEqual(many)
  })

  it('writes the very same list for peers that are told the same', () => {
    const limits = { maximumBytes: 4096, fourOctetAsn: true }
    const batch = new UpdateBatch()
    batch.add(numbers.numberOf(P[0]!), route(1))
    const write = (nextHop: UpdateNextHop): unknown => new UpdateQueue(numbers, () => nextHop).takeBatch(batch, limits)
    const first = write('sender')
    expect(write('sender')).toBe(first)
    expect(write(ip('10.0.0.9'))).not.toBe(first)
  })
})
