/** GoBGP's spans: `00:01:40`, from a day on `2d 00:01:40`. */
export function formatAge(spanNs: number): string {
  const seconds = Math.floor(spanNs / 1e9)
  const two = (value: number): string => String(value).padStart(2, '0')
  const clock = [Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60, seconds % 60].map(two).join(':')
  const days = Math.floor(seconds / 86400)
  return days === 0 ? clock : `${days}d ${clock}`
}
