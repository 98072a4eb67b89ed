import { z } from 'zod'
import { defineCheck } from '../check.ts'
import { nodeName } from '../values.ts'

/** From a node: ping an address, or fetch a URL and look at the status. `times` tries, all of which must succeed. */
export const reach = defineCheck(
  'reach',
  z.strictObject({
    from: nodeName,
    to: z.string().min(1),
    status: z.int().min(100).max(599).optional(),
    times: z.int().min(1).max(10_000).optional(),
    fails: z.boolean().optional(),
  }),
  async ({ lab, terminal }, { from, to, status, times = 1, fails = false }) => {
    const expected = `${from} ${fails ? 'does not reach' : 'reaches'} ${to}${status === undefined ? '' : ` with status ${status}`}${times > 1 ? `, ${times} times` : ''}`
    const node = lab.node(from)
    if (node === undefined) return { holds: false, expected, seen: [`there is no node "${from}"`] }
    const isUrl = /^https?:\/\//.test(to)
    const words = isUrl
      ? ['curl', '-s', '-S', '-o', '/dev/null', '-w', '%{http_code}', '--connect-timeout', '3', to]
      : ['ping', '-c', '1', '-W', '1', to]
    const seen: string[] = []
    let good = 0
    for (let index = 0; index < times; index += 1) {
      const result = await terminal.runWords(words, { node, cwd: '/', stdin: '', environment: new Map() })
      const isGood = result.exitCode === 0 && (status === undefined || result.stdout === String(status))
      if (isGood) good += 1
      else if (seen.length < 3)
        seen.push(
          `${words.join(' ')}: exit ${result.exitCode} ${(result.stderr || result.stdout).trim().split('\n').at(-1)}`,
        )
    }
    return { holds: fails ? good === 0 : good === times, expected, seen: [`${good} of ${times} succeeded`, ...seen] }
  },
)
