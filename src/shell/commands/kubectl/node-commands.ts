/** kubectl taint, cordon, uncordon and drain. */

import { copyData } from '../../../config/manifest/copy-data.ts'
import type { Node, Taint } from '../../../kubernetes/api/node.ts'
import { controllerOf } from '../../../kubernetes/api/owner.ts'
import type { Pod } from '../../../kubernetes/api/pod.ts'
import { parseTaint } from '../../../kubernetes/controllers/taints.ts'
import type { Coroutine } from '../../../sim/coroutine.ts'
import { flag, ignored, switchFlag } from './flags.ts'
import { fail, KubectlError, type KubectlRequest, REQUEST_NS, type Subcommand } from './request.ts'
import { select } from './resources.ts'

export const taint: Subcommand = {
  name: 'taint',
  flags: [flag('selector', 'l'), switchFlag('all'), switchFlag('overwrite'), ignored('field-manager')],
  *run(request) {
    yield { sleepNs: REQUEST_NS }
    const { flags, context } = request
    const isTaint = (word: string) => parseTaint(word) !== undefined || /^[^=]+-$/.test(word)
    const changes = flags.operands.slice(1).filter(isTaint)
    const names = flags.operands.slice(1).filter(word => !isTaint(word))
    // names may come from `kubectl get -o name`
    const operands = [...flags.operands.slice(0, 1), ...names.map(name => name.replace(/^(nodes?|no)\//, ''))]
    if (changes.length === 0) fail('at least one taint update is required')
    const { objects, errors } = select(request, operands)
    for (const error of errors) context.error(`${error}\n`)
    let exitCode = errors.length > 0 ? 1 : 0
    for (const object of objects) exitCode = taintNode(request, object as Node, changes) || exitCode
    return exitCode
  },
}

function taintNode(request: KubectlRequest, node: Node, changes: readonly string[]): number {
  const { store, context, flags } = request
  let taints: Taint[] = copyData(node.spec.taints ?? [])
  let isRemoval = false
  for (const change of changes) {
    const added = parseTaint(change)
    if (added !== undefined) {
      const same = (one: Taint) => one.key === added.key && one.effect === added.effect
      if (taints.some(same) && !flags.isOn('overwrite')) {
        const what = `node ${node.metadata.name} already has ${added.key} taint(s) with same effect(s) and --overwrite is false`
        context.error(`error: ${what}\n`)
        return 1
      }
      taints = [...taints.filter(one => !same(one)), added]
      continue
    }
    isRemoval = true
    const [, key, effect] = /^([^=:]+)(?:=[^:]*)?(?::(\w+))?-$/.exec(change) ?? fail(`invalid taint spec: ${change}`)
    const kept = taints.filter(one => one.key !== key || (effect !== undefined && one.effect !== effect))
    if (kept.length === taints.length) {
      context.error(`error: taint "${change.slice(0, -1)}" not found\n`)
      return 1
    }
    taints = kept
  }
  store.update('Node', undefined, node.metadata.name, draft => {
    if (taints.length > 0) draft.spec.taints = taints
    else delete draft.spec.taints
  })
  context.out(`node/${node.metadata.name} ${isRemoval ? 'untainted' : 'tainted'}\n`)
  return 0
}

export const cordon: Subcommand = {
  name: 'cordon',
  flags: [flag('selector', 'l')],
  run: request => setCordon(request, true),
}
export const uncordon: Subcommand = {
  name: 'uncordon',
  flags: [flag('selector', 'l')],
  run: request => setCordon(request, false),
}

function* setCordon(request: KubectlRequest, isCordoned: boolean): Coroutine<number> {
  yield { sleepNs: REQUEST_NS }
  const nodes = selectNodes(request)
  for (const node of nodes) mark(request, node, isCordoned)
  return 0
}

function selectNodes(request: KubectlRequest): readonly Node[] {
  const { flags } = request
  if (flags.operands.length === 0 && flags.text('selector') === undefined) fail('USAGE: a node name is required')
  const names = flags.operands.map(word => word.replace(/^(nodes?|no)\//, ''))
  const { objects, errors } = select(request, ['nodes', ...names])
  if (errors.length > 0) throw new KubectlError(errors.join('\n'))
  return objects as readonly Node[]
}

function mark(request: KubectlRequest, node: Node, isCordoned: boolean): void {
  const done = isCordoned ? 'cordoned' : 'uncordoned'
  const result = request.store.update('Node', undefined, node.metadata.name, draft => {
    if (isCordoned) draft.spec.unschedulable = true
    else delete draft.spec.unschedulable
  })
  request.context.out(`node/${node.metadata.name} ${result.ok && result.changed ? done : `already ${done}`}\n`)
}

export const drain: Subcommand = {
  name: 'drain',
  flags: [
    flag('selector', 'l'),
    switchFlag('ignore-daemonsets'),
    switchFlag('delete-emptydir-data'),
    switchFlag('force'),
    ignored('grace-period'),
    ignored('timeout'),
    ignored('disable-eviction', 'switch'),
  ],
  *run(request) {
    yield { sleepNs: REQUEST_NS }
    const { store, context, flags } = request
    for (const node of selectNodes(request)) {
      mark(request, node, true)
      const here = store.list('Pod').filter(pod => pod.spec.nodeName === node.metadata.name)
      const daemons = here.filter(pod => controllerOf(pod)?.kind === 'DaemonSet')
      const loose = here.filter(pod => controllerOf(pod) === undefined && !isStatic(pod))
      const blockers = [
        ...(daemons.length > 0 && !flags.isOn('ignore-daemonsets')
          ? [`cannot delete DaemonSet-managed Pods (use --ignore-daemonsets to ignore): ${names(daemons)}`]
          : []),
        ...(loose.length > 0 && !flags.isOn('force')
          ? [`cannot delete Pods that declare no controller (use --force to override): ${names(loose)}`]
          : []),
      ]
      if (blockers.length > 0) {
        context.error(
          `error: unable to drain node "${node.metadata.name}" due to error: ${blockers.join(', ')}, continuing command...\n`,
        )
        context.error(`There are pending nodes to be drained:\n ${node.metadata.name}\n${blockers.join('\n')}\n`)
        return 1
      }
      if (daemons.length > 0) context.error(`Warning: ignoring DaemonSet-managed Pods: ${names(daemons)}\n`)
      const victims = here.filter(pod => !daemons.includes(pod) && !isStatic(pod))
      yield* evict(request, victims)
      context.out(`node/${node.metadata.name} drained\n`)
    }
    return 0
  },
}

function* evict(request: KubectlRequest, pods: readonly Pod[]): Coroutine<void> {
  const { store, context } = request
  for (const { metadata } of pods) {
    context.out(`evicting pod ${metadata.namespace}/${metadata.name}\n`)
    store.delete('Pod', metadata.namespace, metadata.name)
  }
  const isThere = ({ metadata }: Pod) =>
    store.get('Pod', metadata.namespace, metadata.name)?.metadata.uid === metadata.uid
  while (pods.some(isThere)) if ((yield { sleepNs: 100_000_000 }) === 'interrupt') return
  for (const { metadata } of pods) context.out(`pod/${metadata.name} evicted\n`)
}

function isStatic(pod: Pod): boolean {
  return pod.metadata.annotations?.['kubernetes.io/config.source'] === 'file'
}

function names(pods: readonly Pod[]): string {
  return pods.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`).join(', ')
}
