/** kubectl config, version, cluster-info, api-resources and logs. */
import { apiVersionOf } from '../../../kubernetes/api/resource-kind.ts'
import { kubernetesVersion } from '../../../kubernetes/node-object.ts'
import { alignTabs } from '../../../text/tab-writer.ts'
import { findPod } from './exec.ts'
import { flag, ignored, switchFlag } from './flags.ts'
import { fail, type Subcommand } from './request.ts'

export const config: Subcommand = {
  name: 'config',
  flags: [flag('output', 'o'), flag('current', undefined, 'switch'), switchFlag('minify')],
  *run({ context, flags, cluster }) {
    const [verb, name] = flags.operands
    const contexts = [...context.lab.clusters.keys()].map(one => `kind-${one}`)
    const current = `kind-${cluster.name}`
    if (verb === 'current-context') context.out(`${current}\n`)
    else if (verb === 'get-contexts') {
      const rows = contexts.map(one => [one === current ? '*' : '', one, one, one, ''])
      const all =
        flags.text('output') === 'name'
          ? contexts.map(one => [one])
          : [['CURRENT', 'NAME', 'CLUSTER', 'AUTHINFO', 'NAMESPACE'], ...rows]
      context.out(alignTabs(all, { minimumWidth: 10, padding: 3 }))
    } else if (verb === 'use-context') {
      if (name === undefined || !contexts.includes(name)) fail(`no context exists with the name: "${name ?? ''}"`)
      if (name !== current) fail(`switching contexts is not modelled; use --context ${name}`)
      context.out(`Switched to context "${name}".\n`)
    } else if (verb === 'set-context') context.error('error: kubectl config set-context is not modelled; use -n\n')
    else fail(`kubectl config ${verb ?? ''} is not modelled; current-context, get-contexts and use-context are`)
    return verb === 'set-context' ? 1 : 0
  },
}

export const version: Subcommand = {
  name: 'version',
  flags: [switchFlag('client'), flag('output', 'o')],
  // biome-ignore lint/correctness/useYield: takes no simulated time
  *run({ context, flags, cluster }) {
    const server = kubernetesVersion(cluster.nodes[0]!)
    context.out(`Client Version: ${server}\nKustomize Version: v5.4.2\n`)
    if (!flags.isOn('client')) context.out(`Server Version: ${server}\n`)
    return 0
  },
}

export const clusterInfo: Subcommand = {
  name: 'cluster-info',
  flags: [],
  // biome-ignore lint/correctness/useYield: takes no simulated time
  *run({ context }) {
    const server = 'https://127.0.0.1:6443'
    context.out(`Kubernetes control plane is running at ${server}\n`)
    context.out(`CoreDNS is running at ${server}/api/v1/namespaces/kube-system/services/kube-dns:dns/proxy\n\n`)
    context.out("To further debug and diagnose cluster problems, use 'kubectl cluster-info dump'.\n")
    return 0
  },
}

export const apiResources: Subcommand = {
  name: 'api-resources',
  flags: [
    flag('api-group'),
    flag('namespaced'),
    flag('output', 'o'),
    switchFlag('no-headers'),
    ignored('verbs'),
    ignored('cached', 'switch'),
  ],
  *run({ context, flags, store }) {
    const group = flags.text('api-group')
    const namespaced = flags.text('namespaced')
    const kinds = [...store.kinds]
      .filter(kind => group === undefined || kind.group === group)
      .filter(kind => namespaced === undefined || String(kind.isNamespaced) === namespaced)
      .sort((a, b) => (a.group === b.group ? compare(a.plural, b.plural) : compare(a.group, b.group)))
    if (flags.text('output') === 'name') {
      context.out(kinds.map(kind => `${kind.plural}${kind.group === '' ? '' : `.${kind.group}`}\n`).join(''))
      return 0
    }
    const rows = kinds.map(kind => [
      kind.plural,
      kind.shortNames.join(','),
      apiVersionOf(kind),
      String(kind.isNamespaced),
      kind.kind,
    ])
    const header = ['NAME', 'SHORTNAMES', 'APIVERSION', 'NAMESPACED', 'KIND']
    context.out(alignTabs(flags.isOn('no-headers') ? rows : [header, ...rows], { minimumWidth: 6, padding: 3 }))
    return 0
  },
}

export const logs: Subcommand = {
  name: 'logs',
  flags: [
    flag('container', 'c'),
    flag('tail'),
    flag('since'),
    flag('selector', 'l'),
    switchFlag('follow', 'f'),
    switchFlag('previous', 'p'),
    switchFlag('timestamps'),
    switchFlag('all-containers'),
    switchFlag('prefix'),
  ],
  // biome-ignore lint/correctness/useYield: takes no simulated time
  *run(request) {
    const word = request.flags.operands[0]
    if (word !== undefined) findPod(request, word)
    return fail('logs of containers are not modelled')
  },
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
