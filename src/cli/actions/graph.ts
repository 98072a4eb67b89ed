import { writeFileSync } from 'node:fs'
import { GRAPH_FORMATS, type GraphFormat } from '../../graph/formats.ts'
import { readGraph } from '../../graph/read-graph.ts'
import { readWay } from '../../graph/read-way.ts'
import { parseTarget } from '../../scenario/support/target.ts'
import { parseDurationNs } from '../../text/duration.ts'
import { changeLab, hasChanges, LabChangeError, type LabChanges } from '../change-lab.ts'
import { EXIT_CODE } from '../exit-code.ts'
import { type CommandLab, openForCommand } from '../open-for-command.ts'

export interface GraphOptions extends Partial<Record<GraphFormat, boolean>>, LabChanges {
  readonly seed?: number
  readonly settle: string
  readonly wait: string
  /** FROM and TO of a packet whose way is drawn. */
  readonly path?: readonly string[]
  readonly write?: string
}

/** `drylab graph LAB`: deploys, settles and draws. Exit status 1 when the packet of `--path` is not answered. */
export async function graph(path: string, options: GraphOptions): Promise<number> {
  const formats = (Object.keys(GRAPH_FORMATS) as GraphFormat[]).filter(name => options[name])
  if (formats.length > 1) return complain(`only one of ${formats.map(name => `--${name}`).join(', ')} is possible`)
  const [settleNs, waitNs] = [options.settle, options.wait].map(parseDurationNs)
  if (settleNs === undefined || waitNs === undefined)
    return complain(`"${settleNs === undefined ? options.settle : options.wait}" is not a duration such as 10s or 5m`)
  if (options.path !== undefined && options.path.length !== 2) return complain('--path takes two words: FROM and TO')
  const opened = await openForCommand(path, options)
  if (opened === undefined) return EXIT_CODE.usage
  await opened.settle(settleNs)
  try {
    if (hasChanges(options)) await changeLab(opened, options, { settleNs, waitNs })
  } catch (thrown) {
    if (thrown instanceof LabChangeError) return complain(thrown.message)
    throw thrown
  }
  const drawn = draw(opened, options.path)
  opened.clearProgress()
  if (typeof drawn === 'string') return complain(drawn)
  const format = formats[0] ?? 'mermaid'
  const text = GRAPH_FORMATS[format](drawn)
  if (format === 'mermaid' && exceedsMermaid(text))
    process.stderr.write(
      'note: by default Mermaid draws fewer than 500 edges and at most 50,000 characters; --svg has no limit\n',
    )
  if (options.write === undefined) process.stdout.write(text)
  else writeFileSync(options.write, text)
  if (drawn.way === undefined || drawn.way.isAnswered) return EXIT_CODE.ok
  process.stderr.write(`${drawn.way.from} to ${drawn.way.to}: ${drawn.way.end}\n`)
  return EXIT_CODE.failed
}

/** A text is what is wrong with `--path`. */
function draw({ lab }: CommandLab, path: readonly string[] | undefined) {
  const picture = readGraph(lab)
  if (path === undefined) return picture
  const [from, to] = path as [string, string]
  const node = lab.node(from)
  if (node === undefined) return `there is no node "${from}"; there are ${names(lab.nodes())}`
  const target = parseTarget(node.host, to)
  if (target === undefined)
    return `"${to}" is no target such as 10.0.0.1, tcp://10.0.0.1:80 or a name that ${from} knows`
  return { ...picture, way: readWay(lab, picture, node, target, { from, to }) }
}

/** Mermaid's defaults (mermaid.js.org/config/schema-docs/config.html, maxEdges and maxTextSize), which a diagram may not change. */
function exceedsMermaid(text: string): boolean {
  return text.length > 50_000 || text.split('\n').filter(line => line.startsWith('  linkStyle')).length >= 500
}

function names(nodes: readonly { readonly name: string }[]): string {
  return nodes.map(({ name }) => name).join(', ')
}

function complain(message: string): number {
  process.stderr.write(`error: ${message}\n`)
  return EXIT_CODE.usage
}
