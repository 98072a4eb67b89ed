import type { Result } from './results.ts'

/** How the time of a phase grows with its work: processor seconds ~ amount ^ exponent. 1 is as much time for each piece at any size. */
export interface Growth {
  readonly benchmark: string
  readonly series: string
  readonly phase: string
  readonly exponent: number
  readonly sizes: number
}

/** One line through the logarithms for each phase of each series with two sizes or more (least squares). */
export function growth(results: readonly Result[]): readonly Growth[] {
  const groups = new Map<
    string,
    { readonly of: Omit<Growth, 'exponent' | 'sizes'>; readonly points: [number, number][] }
  >()
  for (const { benchmark, series, samples } of results) {
    for (const { phase, amount, processorSeconds, seconds } of samples) {
      const key = `${benchmark} ${series} ${phase}`
      const group = groups.get(key) ?? { of: { benchmark, series, phase }, points: [] }
      if (amount > 0) group.points.push([Math.log(amount), Math.log(processorSeconds ?? seconds)])
      groups.set(key, group)
    }
  }
  return [...groups.values()]
    .filter(({ points }) => new Set(points.map(([x]) => x)).size > 1)
    .map(({ of, points }) => ({ ...of, exponent: slope(points), sizes: points.length }))
}

function slope(points: readonly [number, number][]): number {
  const mean = (at: 0 | 1): number => points.reduce((sum, point) => sum + point[at], 0) / points.length
  const [x, y] = [mean(0), mean(1)]
  const above = points.reduce((sum, point) => sum + (point[0] - x) * (point[1] - y), 0)
  return above / points.reduce((sum, point) => sum + (point[0] - x) ** 2, 0)
}
