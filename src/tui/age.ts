/** A span as short as people read it: `0.2s`, `12s`, `3m04s`, `2h05m`, `3d04h`; empty when there is none. */
export function ageText(seconds: number | null): string {
  if (seconds === null) return ''
  if (seconds < 0) return `-${ageText(-seconds)}`
  if (seconds < 10) return `${seconds.toFixed(1)}s`
  const whole = Math.floor(seconds)
  if (whole < 60) return `${whole}s`
  if (whole < 3600) return `${Math.floor(whole / 60)}m${two(whole % 60)}s`
  if (whole < 86_400) return `${Math.floor(whole / 3600)}h${two(Math.floor(whole / 60) % 60)}m`
  return `${Math.floor(whole / 86_400)}d${two(Math.floor(whole / 3600) % 24)}h`
}

function two(value: number): string {
  return String(value).padStart(2, '0')
}
