/** A span as an operator reads it: `4.2s`, `3m12s`, `2h5m`. */
export function spanText(spanNs: number): string {
  const seconds = spanNs / 1e9
  if (seconds < 60) return `${seconds.toFixed(1)}s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes}m${Math.floor(seconds % 60)}s`
  return `${Math.floor(minutes / 60)}h${minutes % 60}m`
}
