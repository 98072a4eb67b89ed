import { z } from 'zod'
import type { LabNode } from '../../lab/node.ts'
import { type CheckContext, defineProbe } from '../check.ts'
import { isAnswer, nodeNamed } from '../support/node-named.ts'
import { awaitProbe, sendProbe } from '../support/probe.ts'
import { parseTarget } from '../support/target.ts'
import { nodeName, share, shareOf } from '../values.ts'

/** What curl and ping are given to wait, and what a TCP connection gets. */
const CONNECT_LIMIT_SECONDS = 3

/**
 * From a node: ping an address, open a TCP connection (`tcp://10.0.0.1:80`), or fetch a URL and look at the status. Of
 * `times` tries all must succeed, or at least the `share` named.
 */
export const reach = defineProbe(
  'reach',
  z.strictObject({
    from: nodeName,
    to: z.string().min(1),
    status: z.int().min(100).max(599).optional(),
    times: z.int().min(1).max(10_000).optional(),
    share: share.optional(),
    fails: z.boolean().optional(),
  }),
  async (context, { from, to, status, times = 1, share: portion = 1, fails = false }) => {
    const wanted = shareOf(portion)
    const parts = [
      status === undefined ? '' : ` with status ${status}`,
      times > 1 ? `, ${times} times` : '',
      wanted === 1 ? '' : `, at least ${wanted * 100}%`,
    ]
    const expected = `${from} ${fails ? 'does not reach' : 'reaches'} ${to}${parts.join('')}`
    const node = nodeNamed(context.lab, from, expected)
    if (isAnswer(node)) return node
    const seen: string[] = []
    let good = 0
    for (let index = 0; index < times; index += 1) {
      const failure = await attempt(context, node, to, status)
      if (failure === undefined) good += 1
      else if (seen.length < 3) seen.push(failure)
    }
    const holds = fails ? good === 0 : good >= wanted * times - 1e-9
    return { holds, expected, seen: [`${good} of ${times} succeeded`, ...seen] }
  },
)

/** One try; undefined when it succeeded, else what it said. */
async function attempt(
  { lab, terminal }: CheckContext,
  node: LabNode,
  to: string,
  status: number | undefined,
): Promise<string | undefined> {
  if (to.startsWith('tcp://')) return connect(node, to)
  const limit = String(CONNECT_LIMIT_SECONDS)
  const words = /^https?:\/\//.test(to)
    ? ['curl', '-s', '-S', '-o', '/dev/null', '-w', '%{http_code}', '--connect-timeout', limit, '--max-time', '10', to]
    : ['ping', '-c', '1', '-W', '1', to]
  if (!node.isRunning) return `${node.name} is not running`
  const startNs = lab.simulator.nowNs
  const result = await terminal.runWords(words, { node, cwd: '/', stdin: '', environment: new Map() })
  if (result.exitCode === 0 && (status === undefined || result.stdout === String(status))) return undefined
  const said = (result.stderr || result.stdout).trim().split('\n').at(-1)
  return `at ${(startNs / 1e9).toFixed(6)}s ${words.join(' ')}: exit ${result.exitCode} ${said}`
}

function connect({ host, isRunning, name }: LabNode, to: string): string | undefined {
  if (!isRunning) return `${name} is not running`
  const target = parseTarget(host, to)
  if (target === undefined) return `"${to}" is no target: write tcp://ADDRESS:PORT`
  const probe = sendProbe(host, target)
  const isGood = awaitProbe(host.simulator, probe, CONNECT_LIMIT_SECONDS * 1e9)
  probe.close()
  return isGood ? undefined : `at ${(probe.sentAtNs / 1e9).toFixed(6)}s connect to ${to}: ${probe.failure ?? 'timeout'}`
}
