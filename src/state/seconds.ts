/** A span of nanoseconds as seconds, to the millisecond. */
export function seconds(spanNs: number): number {
  return Math.round(spanNs / 1e6) / 1e3
}
