import type { Cluster } from '../../kubernetes/cluster.ts'
import type { Coroutine } from '../../sim/coroutine.ts'
import type { Command, CommandContext } from '../command.ts'
import { apply } from './kubectl/apply.ts'
import { create } from './kubectl/create.ts'
import { deleteCommand } from './kubectl/delete.ts'
import { describe } from './kubectl/describe.ts'
import { exec } from './kubectl/exec.ts'
import { type FlagSpec, GLOBAL_FLAGS, type ParsedFlags, parseFlags } from './kubectl/flags.ts'
import { get } from './kubectl/get.ts'
import { expose, run, set } from './kubectl/imperative.ts'
import { apiResources, clusterInfo, config, logs, version } from './kubectl/information.ts'
import { annotate, label } from './kubectl/label.ts'
import { cordon, drain, taint, uncordon } from './kubectl/node-commands.ts'
import { patch } from './kubectl/patch.ts'
import { KubectlError, type Subcommand } from './kubectl/request.ts'
import { rollout } from './kubectl/rollout.ts'
import { scale } from './kubectl/scale.ts'
import { wait } from './kubectl/wait.ts'

/** Every subcommand, one line each. */
const SUBCOMMANDS: readonly Subcommand[] = [
  annotate,
  apiResources,
  apply,
  clusterInfo,
  config,
  cordon,
  create,
  deleteCommand,
  describe,
  drain,
  exec,
  expose,
  get,
  label,
  logs,
  patch,
  rollout,
  run,
  scale,
  set,
  taint,
  uncordon,
  version,
  wait,
]

/** From the start of the process to its first request: discovery from the cache on disk. Ours: a round figure. */
const START_NS = 50_000_000

/** Subcommands of the real kubectl that are not modelled. */
const UNMODELLED =
  'alpha attach auth autoscale certificate completion cp debug diff edit events explain kustomize plugin port-forward proxy replace top'.split(
    ' ',
  )

/** kubectl against the kind clusters of the machine. Words, columns, messages and exit codes are those of kubectl 1.31. */
export const kubectl: Command = {
  name: 'kubectl',
  where: 'machine',
  *run(context) {
    const { leading, name, rest } = splitWords(context.args)
    const subcommand = SUBCOMMANDS.find(one => one.name === name)
    if (subcommand === undefined) return refuse(context, name)
    const outcome = parseFlags([...leading, ...rest], [...subcommand.flags, ...GLOBAL_FLAGS])
    if ('error' in outcome) {
      const isUnmodelled = outcome.error.endsWith('not modelled')
      context.error(`error: ${outcome.error}\n${isUnmodelled ? '' : `See 'kubectl ${name} --help' for usage.\n`}`)
      return 1
    }
    try {
      return yield* runSubcommand(context, subcommand, outcome.flags)
    } catch (thrown) {
      if (!(thrown instanceof KubectlError)) throw thrown
      context.error(`${thrown.message}\n`)
      return 1
    }
  },
}

function* runSubcommand(context: CommandContext, subcommand: Subcommand, flags: ParsedFlags): Coroutine<number> {
  const cluster = findCluster(context, flags.text('context'))
  if (typeof cluster === 'string') {
    context.error(`${cluster}\n`)
    return 1
  }
  yield { sleepNs: START_NS }
  const namespace = flags.text('namespace') ?? 'default'
  return yield* subcommand.run({ context, cluster, store: cluster.store, flags, namespace })
}

/** The cluster of the context asked for, or of the current one; else what kubectl prints. */
function findCluster(context: CommandContext, name: string | undefined): Cluster | string {
  if (name === undefined) {
    const refused = 'The connection to the server localhost:8080 was refused - did you specify the right host or port?'
    return context.lab.cluster ?? refused
  }
  return context.lab.clusters.get(name.replace(/^kind-/, '')) ?? `error: context "${name}" does not exist`
}

function refuse(context: CommandContext, name: string | undefined): number {
  if (name === undefined) context.out('kubectl controls the Kubernetes cluster manager.\n')
  else if (UNMODELLED.includes(name)) context.error(`error: kubectl ${name} is not modelled\n`)
  else context.error(`error: unknown command "${name}" for "kubectl"\n`)
  return name === undefined ? 0 : 1
}

/** Global flags may stand before the subcommand: `kubectl -n kube-system get lease`. */
function splitWords(words: readonly string[]): {
  leading: string[]
  name: string | undefined
  rest: readonly string[]
} {
  const leading: string[] = []
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index]!
    if (!word.startsWith('-')) return { leading, name: word, rest: words.slice(index + 1) }
    leading.push(word)
    const value = words[index + 1]
    if (value === undefined || !takesNext(word, GLOBAL_FLAGS)) continue
    leading.push(value)
    index += 1
  }
  return { leading, name: undefined, rest: [] }
}

function takesNext(word: string, specs: readonly FlagSpec[]): boolean {
  const spec = specs.find(one => `--${one.name}` === word || (one.short !== undefined && `-${one.short}` === word))
  return spec !== undefined && spec.type !== 'switch'
}
