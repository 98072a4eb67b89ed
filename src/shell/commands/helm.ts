import { helmSetPaths, parseHelmSet } from '../../config/helm/parse-set.ts'
import { parseHelmValues } from '../../config/helm/parse-values.ts'
import { ValueSources } from '../../config/helm/value-sources.ts'
import { type HelmValues, mergeHelmValues } from '../../config/helm/values.ts'
import { resolvePath } from '../../config/path.ts'
import { formatTimestamp } from '../../kubernetes/api/timestamp.ts'
import type { Cluster } from '../../kubernetes/cluster.ts'
import type { Coroutine } from '../../sim/coroutine.ts'
import { alignTabs } from '../../text/tab-writer.ts'
import type { Command, CommandContext } from '../command.ts'
import { type FlagSpec, flag, ignored, type ParsedFlags, parseFlags, switchFlag, unmodelled } from './kubectl/flags.ts'

/** What Helm remembers of an installed chart. Only Cilium's chart is modelled. */
interface Release {
  readonly name: string
  readonly namespace: string
  readonly revision: number
  readonly version: string
  readonly values: HelmValues
  readonly sources: ValueSources
  /** Wall clock of the last change, milliseconds. */
  readonly updatedMs: number
}

/** Releases of each cluster, by name. */
const RELEASES = new WeakMap<Cluster, Map<string, Release>>()

/** Taken when no --version is given. */
const DEFAULT_VERSION = '1.18.0'

/** helm talks to the API server for about so long per operation. Ours. */
const OPERATION_NS = 1_000_000_000
const POLL_NS = 500_000_000

const FLAGS: readonly FlagSpec[] = [
  flag('namespace', 'n'),
  flag('version'),
  { name: 'set', type: 'list' },
  { name: 'set-string', type: 'list' },
  { name: 'values', short: 'f', type: 'list' },
  switchFlag('reuse-values'),
  switchFlag('reset-values'),
  switchFlag('reset-then-reuse-values'),
  switchFlag('install', 'i'),
  switchFlag('wait'),
  switchFlag('all-namespaces', 'A'),
  flag('output', 'o'),
  flag('timeout'),
  ignored('create-namespace', 'switch'),
  ignored('atomic', 'switch'),
  ignored('kube-context'),
  ignored('kubeconfig'),
  ignored('force-update', 'switch'),
  ignored('repo'),
  ignored('devel', 'switch'),
  ignored('debug', 'switch'),
  unmodelled('dry-run', 'switch'),
  unmodelled('set-file', 'list'),
  unmodelled('set-json', 'list'),
  unmodelled('set-literal'),
  unmodelled('post-renderer'),
]

/** helm with one chart: cilium. Source of the texts: Helm 3.15. */
export const helm: Command = {
  name: 'helm',
  where: 'machine',
  *run(context) {
    const [name, ...words] = context.args
    const outcome = parseFlags(words, FLAGS)
    if ('error' in outcome) return complain(context, outcome.error)
    const { flags } = outcome
    switch (name) {
      case 'install':
        return yield* install(context, flags, false)
      case 'upgrade':
        return yield* install(context, flags, true)
      case 'uninstall':
      case 'delete':
        return yield* uninstall(context, flags)
      case 'list':
      case 'ls':
        return list(context, flags)
      case 'repo':
        return repository(context, flags)
      case 'version':
        context.out('version.BuildInfo{Version:"v3.15.4", GitCommit:"", GitTreeState:"clean", GoVersion:"go1.22.6"}\n')
        return 0
      default:
        return complain(context, name === undefined ? 'a command is needed' : `helm ${name} is not modelled`)
    }
  },
}

function complain(context: CommandContext, message: string): number {
  context.error(`Error: ${message}\n`)
  return 1
}

function repository(context: CommandContext, { operands }: ParsedFlags): number {
  const [verb, name] = operands
  if (verb === 'add' && name !== undefined) context.out(`"${name}" has been added to your repositories\n`)
  else if (verb === 'update') {
    context.out('Hang tight while we grab the latest from your chart repositories...\n')
    context.out('...Successfully got an update from the "cilium" chart repository\n')
    context.out('Update Complete. ⎈Happy Helming!⎈\n')
  } else if (verb === 'list') context.out('NAME  \tURL                    \ncilium\thttps://helm.cilium.io/\n')
  else return complain(context, `helm repo ${verb ?? ''} is not modelled`)
  return 0
}

/** Name of the release and chart out of the operands; else what is wrong with them. */
function readOperands({ operands }: ParsedFlags, verb: string): { name: string; chart: string } | string {
  const [name, chart] = operands
  if (operands.length !== 2) {
    return `"helm ${verb}" requires 2 arguments\n\nUsage:  helm ${verb} [${verb === 'upgrade' ? 'RELEASE' : 'NAME'}] [CHART] [flags]`
  }
  const isCilium = /(^|\/)cilium(-[\d.]+\.tgz)?\/?$/.test(chart!)
  return isCilium ? { name: name!, chart: chart! } : `chart ${chart} is not modelled: only cilium is`
}

function* install(context: CommandContext, flags: ParsedFlags, isUpgrade: boolean): Coroutine<number> {
  const operands = readOperands(flags, isUpgrade ? 'upgrade' : 'install')
  if (typeof operands === 'string') return complain(context, operands)
  const { cluster } = context.lab
  if (cluster === undefined) {
    const reason = 'Get "http://localhost:8080/version": dial tcp 127.0.0.1:8080: connect: connection refused'
    return complain(context, `Kubernetes cluster unreachable: ${reason}`)
  }
  const releases = releasesOf(cluster)
  const existing = releases.get(operands.name)
  const verb = isUpgrade ? 'UPGRADE' : 'INSTALLATION'
  if (isUpgrade && existing === undefined && !flags.isOn('install')) {
    return complain(context, `UPGRADE FAILED: "${operands.name}" has no deployed releases`)
  }
  if (!isUpgrade && existing !== undefined) {
    return complain(context, 'INSTALLATION FAILED: cannot re-use a name that is still in use')
  }
  const namespace = flags.text('namespace') ?? 'default'
  if (cluster.store.get('Namespace', undefined, namespace) === undefined) {
    return complain(context, `${verb} FAILED: create: failed to create: namespaces "${namespace}" not found`)
  }
  const reuse = flags.isOn('reuse-values') || flags.isOn('reset-then-reuse-values')
  const base = reuse ? existing : undefined
  const sources = new ValueSources(context.place?.()?.source, base?.sources)
  const values = readValues(context, flags, base?.values ?? {}, sources)
  if (typeof values === 'string') return complain(context, values)
  const version =
    context.lab.ciliumVersion ??
    flags.text('version')?.replace(/^v/, '') ??
    /cilium-([\d.]+)\.tgz/.exec(operands.chart)?.[1] ??
    DEFAULT_VERSION
  if (!/^\d+\.\d+\.\d+([-+].*)?$/.test(version)) {
    return complain(
      context,
      `${verb} FAILED: chart "cilium" matching ${version} not found in cilium index. (try 'helm repo update'): no chart version found for cilium-${version}`,
    )
  }
  yield { sleepNs: OPERATION_NS }
  cluster.installCilium({ version, values, sources })
  const release: Release = {
    name: operands.name,
    namespace,
    revision: (existing?.revision ?? 0) + 1,
    version,
    values,
    sources,
    updatedMs: context.lab.simulator.wallMs,
  }
  releases.set(release.name, release)
  if (flags.isOn('wait')) yield* waitForAgents(cluster)
  printRelease(context, release, isUpgrade && existing !== undefined)
  return 0
}

/** Files first, then --set in the order given, as Helm merges them. `sources` learns where each value is written. */
function readValues(
  context: CommandContext,
  flags: ParsedFlags,
  base: HelmValues,
  sources: ValueSources,
): HelmValues | string {
  let values = base
  for (const name of flags.list('values')) {
    const text = name === '-' ? context.stdin : context.readFile(name)
    if (text === undefined) return `open ${name}: no such file or directory`
    const { model, diagnostics } = parseHelmValues(text, { file: resolvePath(context.cwd, name) })
    if (model === undefined) {
      const first = diagnostics[0]!
      return `failed to parse ${name}: error converting YAML to JSON: yaml: line ${first.source.line}: ${first.message}`
    }
    values = mergeHelmValues(values, model)
    sources.addFile(text, resolvePath(context.cwd, name))
  }
  for (const name of ['set', 'set-string']) {
    for (const text of flags.all(name)) {
      const outcome = parseHelmSet(text, values, name === 'set-string')
      if ('error' in outcome) return outcome.error
      values = outcome.values
      for (const path of helmSetPaths(text)) sources.set(path, context.place?.()?.sourceOf(text))
    }
  }
  return values
}

/** `--wait`: until every agent is ready. */
function* waitForAgents(cluster: Cluster): Coroutine<void> {
  const isWaiting = () => cluster.nodes.some(node => node.isRunning && cluster.cilium?.isReady(node) !== true)
  while (isWaiting()) if ((yield { sleepNs: POLL_NS }) === 'interrupt') return
}

/** Source: Helm v3 cmd/helm/status.go `statusPrinter`, and the chart's NOTES.txt. */
function printRelease(context: CommandContext, release: Release, isUpgrade: boolean): void {
  if (isUpgrade) context.out(`Release "${release.name}" has been upgraded. Happy Helming!\n`)
  context.out(`NAME: ${release.name}\n`)
  context.out(`LAST DEPLOYED: ${formatDeployed(release.updatedMs)}\n`)
  context.out(
    `NAMESPACE: ${release.namespace}\nSTATUS: deployed\nREVISION: ${release.revision}\nTEST SUITE: None\nNOTES:\n`,
  )
  const minor = release.version.split('.').slice(0, 2).join('.')
  context.out('You have successfully installed Cilium with Hubble.\n\n')
  context.out(`Your release version is ${release.version}.\n\n`)
  context.out(`For any further help, visit https://docs.cilium.io/en/v${minor}/gettinghelp\n`)
}

function* uninstall(context: CommandContext, { operands }: ParsedFlags): Coroutine<number> {
  const [name] = operands
  if (name === undefined) return complain(context, '"helm uninstall" requires at least 1 argument')
  const { cluster } = context.lab
  const releases = cluster === undefined ? undefined : releasesOf(cluster)
  if (cluster === undefined || releases?.has(name) !== true) {
    return complain(context, `uninstall: Release not loaded: ${name}: release: not found`)
  }
  yield { sleepNs: OPERATION_NS }
  cluster.uninstallCilium()
  releases.delete(name)
  context.out(`release "${name}" uninstalled\n`)
  return 0
}

function list(context: CommandContext, flags: ParsedFlags): number {
  const { cluster } = context.lab
  const namespace = flags.text('namespace') ?? 'default'
  const releases = cluster === undefined ? [] : [...releasesOf(cluster).values()]
  const shown = releases.filter(release => flags.isOn('all-namespaces') || release.namespace === namespace)
  const rows = shown.map(release => [
    release.name,
    release.namespace,
    String(release.revision),
    `${formatIso(release.updatedMs)} +0000 UTC`,
    'deployed',
    `cilium-${release.version}`,
    release.version,
  ])
  const titles = ['NAME', 'NAMESPACE', 'REVISION', 'UPDATED', 'STATUS', 'CHART', 'APP VERSION']
  context.out(alignTabs([titles, ...rows], { minimumWidth: 6, padding: 2 }))
  return 0
}

function releasesOf(cluster: Cluster): Map<string, Release> {
  let releases = RELEASES.get(cluster)
  if (releases === undefined) {
    releases = new Map()
    RELEASES.set(cluster, releases)
  }
  return releases
}

/** `Thu Jul  3 14:00:00 2025` (Go's ANSIC). */
function formatDeployed(wallMs: number): string {
  const { days, day, month, year, time } = readClock(wallMs)
  const weekday = ['Thu', 'Fri', 'Sat', 'Sun', 'Mon', 'Tue', 'Wed'][((days % 7) + 7) % 7]
  const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
  return `${weekday} ${months[Number(month) - 1]} ${String(Number(day)).padStart(2)} ${time} ${year}`
}

function formatIso(wallMs: number): string {
  const { year, month, day, time } = readClock(wallMs)
  return `${year}-${month}-${day} ${time}`
}

function readClock(wallMs: number) {
  const [date, time] = formatTimestamp(wallMs).replace('Z', '').split('T')
  const [year, month, day] = date!.split('-')
  return { days: Math.floor(wallMs / 86_400_000), year, month, day, time }
}
