import { findCondition } from '../../../kubernetes/api/condition.ts'
import type { Condition, KubernetesObject } from '../../../model/kubernetes-object.ts'
import type { Coroutine } from '../../../sim/coroutine.ts'
import { parseGoDuration } from './age.ts'
import { flag, switchFlag, unmodelled } from './flags.ts'
import { findByPath } from './json-path.ts'
import { fail, type KubectlRequest, REQUEST_NS, type Subcommand } from './request.ts'
import { objectName, select } from './resources.ts'

/** How often the state is looked at. Ours; real kubectl watches. */
const POLL_NS = 100_000_000

type Check = (object: KubernetesObject | undefined) => boolean

export const wait: Subcommand = {
  name: 'wait',
  flags: [
    flag('for'),
    flag('timeout'),
    flag('selector', 'l'),
    flag('field-selector'),
    switchFlag('all'),
    switchFlag('all-namespaces', 'A'),
    unmodelled('filename', 'list', 'f'),
    unmodelled('output', 'text', 'o'),
  ],
  *run(request) {
    yield { sleepNs: REQUEST_NS }
    const { flags, context } = request
    const condition = flags.text('for') ?? fail('unrecognized condition: ""')
    const { check, isDeletion } = parseCondition(condition)
    const timeoutText = flags.text('timeout') ?? '30s'
    const timeoutNs =
      parseGoDuration(timeoutText) ??
      fail(`invalid argument "${timeoutText}" for "--timeout" flag: time: invalid duration "${timeoutText}"`)
    const selection = select(request)
    if (
      !selection.isByName &&
      !flags.isOn('all') &&
      flags.text('selector') === undefined &&
      flags.text('field-selector') === undefined
    ) {
      fail('resource(s) were provided, but no name was specified')
    }
    const missing = isDeletion ? [] : selection.errors
    for (const error of missing) context.error(`${error}\n`)
    if (selection.objects.length === 0 && !isDeletion) {
      if (missing.length === 0) context.error('error: no matching resources found\n')
      return 1
    }
    const exitCode = yield* waitFor(request, selection.objects, { check, isDeletion, timeoutNs })
    return missing.length > 0 ? 1 : exitCode
  },
}

interface Waiting {
  readonly check: Check
  readonly isDeletion: boolean
  readonly timeoutNs: number
}

/** Objects are waited for one after the other, each with the whole timeout, as kubectl does. */
function* waitFor(request: KubectlRequest, objects: readonly KubernetesObject[], waiting: Waiting): Coroutine<number> {
  const { context, store } = request
  const { simulator } = context.lab
  let exitCode = 0
  for (const object of objects) {
    const startNs = simulator.nowNs
    const current = () => {
      const now = store.get(object.kind, object.metadata.namespace, object.metadata.name) as
        | KubernetesObject
        | undefined
      return now?.metadata.uid === object.metadata.uid ? now : undefined
    }
    while (!waiting.check(current())) {
      const isGone = current() === undefined && !waiting.isDeletion
      if (isGone || simulator.nowNs - startNs >= waiting.timeoutNs) {
        const name = objectName(store, object).replace(
          /^(.*)\/(.*)$/,
          (_all, _type, last: string) => `${store.kind(object.kind)!.plural}/${last}`,
        )
        const notFound = store.notFound(object.kind, object.metadata.name)
        context.error(
          isGone
            ? `Error from server (NotFound): ${notFound.message}\n`
            : `error: timed out waiting for the condition on ${name}\n`,
        )
        exitCode = 1
        break
      }
      const wake = yield { sleepNs: POLL_NS }
      if (wake === 'interrupt') return 130
    }
    if (waiting.check(current())) context.out(`${objectName(store, object)} condition met\n`)
  }
  return exitCode
}

/** `delete`, `condition=Ready`, `condition=Ready=false`, `jsonpath='{.a}'=b`, `create`. */
function parseCondition(text: string): { check: Check; isDeletion: boolean } {
  if (text.toLowerCase() === 'delete') return { check: object => object === undefined, isDeletion: true }
  if (text.toLowerCase() === 'create') return { check: object => object !== undefined, isDeletion: false }
  const condition = /^condition=([^=]+)(?:=(.*))?$/.exec(text)
  if (condition !== null) {
    const [, type, wanted = 'true'] = condition
    return { check: object => hasCondition(object, type!, wanted), isDeletion: false }
  }
  const path = /^jsonpath=(.+)$/s.exec(text)
  if (path !== null) return { check: jsonPathCheck(path[1]!), isDeletion: false }
  return fail(`unrecognized condition: "${text}"`)
}

function hasCondition(object: KubernetesObject | undefined, type: string, wanted: string): boolean {
  const conditions = (object?.status as { conditions?: Condition[] } | undefined)?.conditions ?? []
  const exact = findCondition(conditions, type)
  const found = exact ?? conditions.find(condition => condition.type.toLowerCase() === type.toLowerCase())
  return found?.status.toLowerCase() === wanted.toLowerCase()
}

/** `{.status.phase}=Running`, or only a path: then any value will do. */
function jsonPathCheck(text: string): Check {
  const unquoted = text.replace(/^'(.*?)'/, '$1').replace(/^"(.*?)"/, '$1')
  const close = unquoted.lastIndexOf('}')
  const path = close < 0 ? unquoted : unquoted.slice(0, close + 1)
  const rest = close < 0 ? '' : unquoted.slice(close + 1)
  const wanted = rest.startsWith('=') ? rest.slice(1).replace(/^(["'])(.*)\1$/, '$2') : undefined
  return object => {
    const values = findByPath(path, object)
    if (values === undefined) fail(`jsonpath expression cannot be parsed: ${path}`)
    if (wanted === undefined) return values.some(value => value !== undefined && value !== '')
    return values.some(value => String(value) === wanted)
  }
}
