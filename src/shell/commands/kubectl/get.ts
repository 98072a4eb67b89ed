import type { KubernetesObject } from '../../../model/kubernetes-object.ts'
import { flag, ignored, switchFlag, unmodelled } from './flags.ts'
import { findByPath } from './json-path.ts'
import { parseManifestFiles } from './manifest-files.ts'
import { formatData, isDataFormat } from './output.ts'
import { fail, type KubectlRequest, REQUEST_NS, type Subcommand } from './request.ts'
import { type Selection, select } from './resources.ts'
import { formatCustomColumns, formatObjects, type TableOptions } from './table.ts'

export const get: Subcommand = {
  name: 'get',
  flags: [
    flag('output', 'o'),
    flag('selector', 'l'),
    flag('field-selector'),
    flag('filename', 'f', 'list'),
    flag('label-columns', 'L', 'list'),
    flag('sort-by'),
    switchFlag('all-namespaces', 'A'),
    switchFlag('show-labels'),
    switchFlag('show-kind'),
    switchFlag('no-headers'),
    switchFlag('ignore-not-found'),
    switchFlag('recursive', 'R'),
    ignored('chunk-size'),
    ignored('show-managed-fields', 'switch'),
    ignored('allow-missing-template-keys', 'switch'),
    unmodelled('watch', 'switch', 'w'),
    unmodelled('watch-only', 'switch'),
    unmodelled('raw'),
    unmodelled('template'),
    unmodelled('subresource'),
  ],
  *run(request) {
    yield { sleepNs: REQUEST_NS }
    const selection = selectWanted(request)
    const { context, flags } = request
    const format = flags.text('output') ?? ''
    const sorted = {
      ...selection,
      groups: selection.groups.map(group => ({ ...group, objects: sort(request, group.objects) })),
    }
    if (format !== '' && format !== 'wide') printData(request, sorted, format)
    else printTables(request, sorted)
    const errors = flags.isOn('ignore-not-found') ? [] : selection.errors
    for (const error of errors) context.error(`${error}\n`)
    return errors.length > 0 ? 1 : 0
  },
}

function selectWanted(request: KubectlRequest): Selection {
  const { flags, store } = request
  if (flags.list('filename').length > 0) {
    const documents = parseManifestFiles(request)
    return select(
      request,
      documents.flatMap(({ document }) => {
        const resource = store.kind(document.object.kind)
        return resource === undefined ? [] : [`${resource.plural}/${document.object.metadata.name}`]
      }),
    )
  }
  if (flags.operands.length === 0) {
    request.context.error(
      'You must specify the type of resource to get. Use "kubectl api-resources" for a complete list of supported resources.\n\n',
    )
    fail(
      'Required resource not specified.\nUse "kubectl explain <resource>" for a detailed description of that resource (e.g. kubectl explain pods).\nSee \'kubectl get -h\' for help and examples',
    )
  }
  return select(request)
}

function printData(request: KubectlRequest, selection: Selection, format: string): void {
  const { context, store, flags } = request
  const objects = selection.groups.flatMap(group => group.objects)
  if (!isDataFormat(format)) formatData(store, objects, format, true)
  if (format.startsWith('custom-columns=')) {
    const text = formatCustomColumns(format.slice('custom-columns='.length), objects, !flags.isOn('no-headers'))
    context.out(text ?? fail(`custom-columns format specified but no custom columns given`))
    return
  }
  if (objects.length === 0 && selection.isByName) return
  const isList = !selection.isByName || objects.length > 1
  context.out(formatData(store, objects, format, isList))
}

function printTables(request: KubectlRequest, selection: Selection): void {
  const { context, flags, namespace } = request
  const shown = selection.groups.filter(group => group.objects.length > 0)
  if (shown.length === 0) {
    if (selection.errors.length > 0 || flags.isOn('ignore-not-found')) return
    const isScoped = !flags.isOn('all-namespaces') && selection.groups.some(group => group.resource.isNamespaced)
    context.error(isScoped ? `No resources found in ${namespace} namespace.\n` : 'No resources found\n')
    return
  }
  const isSeveral = selection.groups.length > 1
  for (const [index, { resource, objects }] of shown.entries()) {
    if (index > 0) context.out('\n')
    const options: TableOptions = {
      isWide: flags.text('output') === 'wide',
      withNamespace: flags.isOn('all-namespaces') && resource.isNamespaced,
      withKind: isSeveral || flags.isOn('show-kind'),
      withHeaders: !flags.isOn('no-headers'),
      withLabels: flags.isOn('show-labels'),
      labelColumns: flags.list('label-columns'),
      wallMs: context.lab.simulator.wallMs,
    }
    context.out(formatObjects(resource, objects, options))
  }
}

/** `--sort-by=.metadata.creationTimestamp` */
function sort(request: KubectlRequest, objects: readonly KubernetesObject[]): readonly KubernetesObject[] {
  const path = request.flags.text('sort-by')
  if (path === undefined) return objects
  const keyed = objects.map(object => {
    const values = findByPath(path, object)
    if (values === undefined) fail(`couldn't parse sort-by path "${path}"`)
    return { object, key: values[0] as string | number | undefined }
  })
  return keyed.sort((a, b) => compare(a.key, b.key)).map(one => one.object)
}

function compare(a: string | number | undefined, b: string | number | undefined): number {
  if (a === b) return 0
  if (a === undefined) return -1
  if (b === undefined) return 1
  return a < b ? -1 : 1
}
