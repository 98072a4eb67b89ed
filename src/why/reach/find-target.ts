import type { Host } from '../../host/host.ts'
import type { Interface } from '../../host/interface.ts'
import type { LabNode } from '../../lab/node.ts'
import { parseTarget, type Target } from '../../scenario/support/target.ts'
import { didYouMean } from '../../text/nearest.ts'
import { formatIpv4, type Ipv4Address, parseIpv4 } from '../../wire/address.ts'
import type { Question } from '../question.ts'

/** A sender: a node or a pod. */
export interface Sender {
  readonly name: string
  readonly host: Host
}

/** The node or pod (`NAME`, `NAMESPACE/NAME`, or the first whose name begins so with a dash) of this name. */
export function findSender(question: Question, text: string): Sender | { readonly mistake: string } {
  const node = question.lab.node(text)
  if (node !== undefined)
    return node.isRunning ? { name: node.name, host: node.host } : { mistake: `${node.name} is not running` }
  const pod = findPod(question, text)
  if (pod !== undefined) return pod
  const names = question.lab.nodes().map(one => one.name)
  return { mistake: `there is no node or pod "${text}"${didYouMean(text, names)}; there are ${names.join(', ')}` }
}

/** Whom to ask and how: a node, pod or service by name, with `:PORT` or as an URL too; else what `reach` of scenarios takes. */
export function findTarget(question: Question, from: Host, text: string): Target | { readonly mistake: string } {
  const { lab } = question
  const { scheme, name, port, path } = parts(text)
  const node = parseIpv4(name) === undefined ? lab.node(name) : undefined
  const pod = node === undefined ? findPod(question, name) : undefined
  const known = node === undefined ? pod?.host : node.host
  if (known !== undefined) {
    const address = addressOf(question, node, known)
    if (address === undefined) return { mistake: `${name} has no address` }
    return parseTarget(from, `${scheme}${formatIpv4(address)}${port}${path}`)!
  }
  const service = serviceTarget(question, name.replace(/^(svc|services?)\//, ''), port)
  if (service !== undefined) return service
  const target = parseTarget(from, text)
  if (target !== undefined) return target
  const names = lab.nodes().map(one => one.name)
  return { mistake: `"${text}" is no node, service, address or URL${didYouMean(name, names)}` }
}

/** A name may have slashes (`namespace/name`, `svc/name`), unless it stands in an URL. */
function parts(text: string) {
  const url = /^((?:tcp|https?):\/\/)([^/:]+)(:\d{1,5})?(\/.*)?$/.exec(text)
  if (url !== null) return { scheme: url[1]!, name: url[2]!, port: url[3] ?? '', path: url[4] ?? '' }
  const plain = /^(.+?)(:\d{1,5})?$/.exec(text)
  return { scheme: '', name: plain?.[1] ?? text, port: plain?.[2] ?? '', path: '' }
}

function findPod({ lab }: Question, text: string): Sender | undefined {
  const [name = '', namespace] = text
    .replace(/^pods?\//, '')
    .split('/')
    .reverse()
  for (const cluster of lab.clusters.values())
    for (const { pods } of cluster.nodes)
      for (const pod of pods.values()) {
        const isIt = pod.name === name || (name.endsWith('-') && pod.name.startsWith(name))
        if (isIt && (namespace === undefined || namespace === pod.namespace))
          return { name: `pod ${pod.name}`, host: pod.host }
      }
  return undefined
}

/** The address by which a node is meant: of its loopback, else of its first device that is not for management. */
function addressOf({ lab }: Question, node: LabNode | undefined, host: Host): Ipv4Address | undefined {
  const management = new Set<Interface>(
    [...lab.topologies.values()].flatMap(topology => topology.management.map(device => device)),
  )
  const isCluster = node?.kind === 'kind-node'
  const rank = (device: Interface): number =>
    management.has(device) || (isCluster && device.name === 'eth0')
      ? 2
      : device.isLoopback
        ? 0
        : /^(cilium|lxc|docker|br-)/.test(device.name)
          ? 3
          : 1
  return [...host.interfaces]
    .sort((a, b) => rank(a) - rank(b))
    .flatMap(device => device.addresses)
    .find(({ address, scope }) => scope === 'global' && address >>> 24 !== 127)?.address
}

/** The address that a service has for outsiders, else inside; its first port, or the one asked for. */
function serviceTarget({ lab }: Question, text: string, port: string): Target | undefined {
  const [name = '', namespace = 'default'] = text.split('/').reverse()
  for (const cluster of lab.clusters.values()) {
    const service = cluster.store
      .list('Service')
      .find(one => one.metadata.name === name && one.metadata.namespace === namespace)
    if (service === undefined) continue
    const texts = [
      service.status?.loadBalancer?.ingress?.[0]?.ip,
      service.spec.externalIPs?.[0],
      service.spec.clusterIPs?.[0],
    ]
    const address = texts.map(one => (one === undefined ? undefined : parseIpv4(one))).find(one => one !== undefined)
    const number = port === '' ? (service.spec.ports?.[0]?.port ?? 80) : Number(port.slice(1))
    if (address !== undefined) return { kind: 'tcp', address, port: number }
  }
  return undefined
}
