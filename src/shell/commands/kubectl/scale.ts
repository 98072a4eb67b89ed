import { flag, ignored, switchFlag, unmodelled } from './flags.ts'
import { fail, REQUEST_NS, type Subcommand } from './request.ts'
import { objectName, select } from './resources.ts'

export const scale: Subcommand = {
  name: 'scale',
  flags: [
    flag('replicas'),
    flag('current-replicas'),
    flag('selector', 'l'),
    switchFlag('all'),
    ignored('timeout'),
    unmodelled('filename', 'list', 'f'),
    unmodelled('dry-run'),
    unmodelled('resource-version'),
  ],
  *run(request) {
    yield { sleepNs: REQUEST_NS }
    const { flags, store, context } = request
    const replicas = Number(flags.text('replicas') ?? fail('required flag(s) "replicas" not set'))
    if (!Number.isInteger(replicas) || replicas < 0)
      fail('The --replicas=COUNT flag is required, and COUNT must be greater than or equal to 0')
    const selection = select(request)
    const errors = [...selection.errors]
    for (const object of selection.objects) {
      if (object.kind !== 'Deployment' && object.kind !== 'ReplicaSet') {
        errors.push(`Error from server (NotFound): the server could not find the requested resource`)
        continue
      }
      const expected = flags.text('current-replicas')
      if (
        expected !== undefined &&
        expected !== '-1' &&
        Number(expected) !== (object.spec as { replicas: number }).replicas
      ) {
        errors.push(`error: Expected replicas to be ${expected}, was ${(object.spec as { replicas: number }).replicas}`)
        continue
      }
      store.update(object.kind, object.metadata.namespace, object.metadata.name, draft => {
        draft.spec.replicas = replicas
      })
      context.out(`${objectName(store, object)} scaled\n`)
    }
    if (selection.objects.length === 0 && errors.length === 0) errors.push('error: no objects passed to scale')
    for (const error of errors) context.error(`${error}\n`)
    return errors.length > 0 ? 1 : 0
  },
}
