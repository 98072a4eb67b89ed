import type { Random } from '../../sim/random.ts'

/** A version 4 UUID that depends on the seed and the label alone. */
export function uidFor(random: Random, label: string): string {
  const source = random.fork(`uid ${label}`)
  const hex = [0, 1, 2, 3].map(() => source.uint32().toString(16).padStart(8, '0')).join('')
  const variant = '89ab'[Number.parseInt(hex[16]!, 16) % 4]!
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, variant + hex.slice(17, 20), hex.slice(20)].join(
    '-',
  )
}
