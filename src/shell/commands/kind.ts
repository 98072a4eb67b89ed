import { defaultKindCluster, parseKindCluster } from '../../config/kind/parse.ts'
import { resolvePath } from '../../config/path.ts'
import { findCondition } from '../../kubernetes/api/condition.ts'
import type { SourceRef } from '../../model/source.ts'
import type { KindClusterModel } from '../../model/topology.ts'
import type { Coroutine } from '../../sim/coroutine.ts'
import type { Command, CommandContext } from '../command.ts'
import { parseGoDuration } from './kubectl/age.ts'
import { type FlagSpec, flag, ignored, type ParsedFlags, parseFlags, switchFlag, unmodelled } from './kubectl/flags.ts'

/** How long kind takes to make a cluster: control plane, then each worker. Ours: as on a fast machine. */
const CONTROL_PLANE_NS = 20_000_000_000
const WORKERS_NS = 10_000_000_000
const POLL_NS = 500_000_000

const FLAGS: readonly FlagSpec[] = [
  flag('name', 'n'),
  flag('config'),
  flag('wait'),
  flag('image'),
  flag('nodes', undefined, 'list'),
  switchFlag('all', 'A'),
  switchFlag('quiet', 'q'),
  ignored('kubeconfig'),
  ignored('verbosity', 'text', 'v'),
  ignored('retain', 'switch'),
  unmodelled('internal', 'switch'),
]

/** kind on the simulated machine. Source of the texts: kind 0.24, which writes its progress to stderr. */
export const kind: Command = {
  name: 'kind',
  where: 'machine',
  *run(context) {
    const [verb, noun, ...words] = context.args
    const outcome = parseFlags(words, FLAGS)
    if ('error' in outcome) return complain(context, outcome.error)
    const { flags } = outcome
    switch (`${verb} ${noun}`) {
      case 'create cluster':
        return yield* create(context, flags)
      case 'delete cluster':
      case 'delete clusters':
        return remove(context, flags)
      case 'get clusters':
        return getClusters(context)
      case 'get nodes':
        return getNodes(context, flags)
      case 'load docker-image':
        return yield* loadImage(context, flags)
      default:
        if (verb === 'version') context.out('kind v0.24.0 go1.22.6 linux/amd64\n')
        return verb === 'version' ? 0 : complain(context, `kind ${context.args.slice(0, 2).join(' ')} is not modelled`)
    }
  },
}

function complain(context: CommandContext, message: string): number {
  context.error(`ERROR: ${message}\n`)
  return 1
}

function* create(context: CommandContext, flags: ParsedFlags): Coroutine<number> {
  const model = readModel(context, flags)
  if (model === undefined) return 1
  const { lab } = context
  if (lab.clusters.has(model.name)) {
    return complain(
      context,
      `failed to create cluster: node(s) already exist for a cluster with the name "${model.name}"`,
    )
  }
  const image = model.nodes[0]!.image ?? 'kindest/node:v1.31.0'
  const workers = model.nodes.length > 1
  const step = (text: string) => context.error(` ✓ ${text}\n`)
  context.error(`Creating cluster "${model.name}" ...\n`)
  step(`Ensuring node image (${image.split('@')[0]}) 🖼`)
  step(`Preparing nodes${' 📦'.repeat(model.nodes.length)} `)
  step('Writing configuration 📜')
  yield { sleepNs: CONTROL_PLANE_NS }
  const cluster = lab.createCluster(model)
  step('Starting control-plane 🕹️')
  if (!model.disableDefaultCni) step('Installing CNI 🔌')
  step('Installing StorageClass 💾')
  if (workers) {
    yield { sleepNs: WORKERS_NS }
    step('Joining worker nodes 🚜')
  }
  const waitNs = parseGoDuration(flags.text('wait') ?? '0s') ?? 0
  const deadlineNs = lab.simulator.nowNs + waitNs
  const isReady = () => findCondition(cluster.store.list('Node')[0]?.status.conditions, 'Ready')?.status === 'True'
  while (waitNs > 0 && !isReady() && lab.simulator.nowNs < deadlineNs) {
    if ((yield { sleepNs: POLL_NS }) === 'interrupt') return 130
  }
  context.error(`Set kubectl context to "kind-${model.name}"\n`)
  context.out(`You can now use your cluster with:\n\nkubectl cluster-info --context kind-${model.name}\n`)
  return 0
}

function readModel(context: CommandContext, flags: ParsedFlags): KindClusterModel | undefined {
  const name = flags.text('name')
  const path = flags.text('config')
  const text = path === undefined ? undefined : path === '-' ? context.stdin : context.readFile(path)
  if (path !== undefined && text === undefined) {
    complain(context, `failed to create cluster: error reading file: open ${path}: no such file or directory`)
    return undefined
  }
  const file = path === undefined || path === '-' ? 'STDIN' : resolvePath(context.cwd, path)
  const { model, diagnostics } =
    text === undefined
      ? defaultKindCluster(name ?? 'kind')
      : parseKindCluster(text, { file, ...(name === undefined ? {} : { name }) })
  const within = file === 'STDIN' ? context.inputPlace?.() : undefined
  const placed = (at: SourceRef): SourceRef =>
    within === undefined ? at : { ...at, file: within.file, line: within.line + at.line - 1 }
  for (const diagnostic of diagnostics) {
    const { source, message, severity } = diagnostic
    if (severity === 'error') context.error(`${source.file}:${source.line}:${source.column}: ${message}\n`)
    else context.lab.say({ ...diagnostic, source: placed(source) })
  }
  if (model === undefined) {
    complain(context, 'failed to create cluster: the configuration is not valid')
    return undefined
  }
  const image = flags.text('image')
  return image === undefined ? model : { ...model, nodes: model.nodes.map(node => ({ ...node, image })) }
}

function remove(context: CommandContext, flags: ParsedFlags): number {
  const name = flags.text('name') ?? 'kind'
  context.error(`Deleting cluster "${name}" ...\n`)
  const cluster = context.lab.clusters.get(name)
  if (cluster === undefined) return 0
  context.lab.deleteCluster(name)
  context.error(`Deleted nodes: [${cluster.nodes.map(node => JSON.stringify(node.name)).join(' ')}]\n`)
  return 0
}

function getClusters(context: CommandContext): number {
  const names = [...context.lab.clusters.keys()].sort()
  if (names.length === 0) context.error('No kind clusters found.\n')
  else context.out(names.map(name => `${name}\n`).join(''))
  return 0
}

function getNodes(context: CommandContext, flags: ParsedFlags): number {
  const name = flags.text('name') ?? 'kind'
  const { clusters } = context.lab
  const nodes = flags.isOn('all') ? [...clusters.values()].flatMap(one => one.nodes) : (clusters.get(name)?.nodes ?? [])
  if (nodes.length === 0) context.error(`No kind nodes found for cluster "${name}".\n`)
  else context.out(nodes.map(node => `${node.name}\n`).join(''))
  return 0
}

/** Images are names here: a loaded one need not be pulled. */
function* loadImage(context: CommandContext, flags: ParsedFlags): Coroutine<number> {
  const name = flags.text('name') ?? 'kind'
  const cluster = context.lab.clusters.get(name)
  if (cluster === undefined) return complain(context, `no nodes found for cluster "${name}"`)
  if (flags.operands.length === 0) return complain(context, 'a list of image names is required')
  const nodes = flags.list('nodes')
  for (const image of flags.operands) {
    const targets = cluster.nodes.filter(node => nodes.length === 0 || nodes.includes(node.name))
    for (const node of targets) {
      context.error(`Image: "${image}" not yet present on node "${node.name}", loading...\n`)
    }
    yield { sleepNs: WORKERS_NS }
    cluster.loadImage(image, nodes.length === 0 ? undefined : nodes)
  }
  return 0
}
