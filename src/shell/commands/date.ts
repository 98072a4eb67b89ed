import { type Command, instantCommand } from '../command.ts'

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** `date` and `date +%s`: the simulated wall clock, UTC. */
export const date: Command = instantCommand('date', 'everywhere', ({ lab, args, out, error }) => {
  const now = new Date(Math.floor(lab.simulator.wallMs))
  const two = (value: number): string => String(value).padStart(2, '0')
  const parts: Readonly<Record<string, string>> = {
    s: String(Math.floor(lab.simulator.wallMs / 1000)),
    Y: String(now.getUTCFullYear()),
    m: two(now.getUTCMonth() + 1),
    d: two(now.getUTCDate()),
    H: two(now.getUTCHours()),
    M: two(now.getUTCMinutes()),
    S: two(now.getUTCSeconds()),
    F: now.toISOString().slice(0, 10),
    T: now.toISOString().slice(11, 19),
    '%': '%',
  }
  const format = args[0]
  if (format === undefined) {
    out(
      `${DAYS[now.getUTCDay()]} ${MONTHS[now.getUTCMonth()]} ${String(now.getUTCDate()).padStart(2)} ${parts.T} UTC ${parts.Y}\n`,
    )
    return 0
  }
  const unknown = [...format.matchAll(/%(.)/g)].find(([, letter]) => parts[letter!] === undefined)
  if (!format.startsWith('+') || args.length > 1 || unknown !== undefined) {
    error(`date: ${unknown?.[0] ?? args.join(' ')} is not modelled by drylab\n`)
    return 1
  }
  out(`${format.slice(1).replace(/%(.)/g, (_all, letter: string) => parts[letter]!)}\n`)
  return 0
})
