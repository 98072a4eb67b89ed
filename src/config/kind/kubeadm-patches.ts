import type { SourceRef } from '../../model/source.ts'
import { type Ipv4Address, parseIpv4 } from '../../wire/address.ts'
import { YamlFile, type YamlPath } from '../yaml-file.ts'
import { type YamlMap, YamlReader } from '../yaml-reader.ts'

/** What a kubeadm patch says about the registration of nodes. */
export interface NodeRegistration {
  /** `InitConfiguration` is for the first control-plane node, `JoinConfiguration` for all others. */
  readonly kind: string
  /** kubelet's `node-ip`. */
  readonly nodeAddress: Ipv4Address | undefined
  /** kubelet's `node-labels`. */
  readonly labels: ReadonlyMap<string, string>
  /** Their place in the kind file. */
  readonly labelsSource: SourceRef
  /** `nodeRegistration.taints` as `key=value:effect`; undefined when not given. */
  readonly taints: readonly string[] | undefined
}

const KINDS_WITH_REGISTRATION = ['InitConfiguration', 'JoinConfiguration']

/**
 * Reads `kubeadmConfigPatches`: a list of YAML texts, each a kubeadm object to be merged. Only `nodeRegistration` with
 * kubelet's `node-ip`, `node-labels` and the taints has an effect here; the rest is noted.
 *
 * @param path where the list stands in the file
 */
export function readKubeadmPatches(reader: YamlReader, value: unknown, path: YamlPath): NodeRegistration[] {
  const found: NodeRegistration[] = []
  for (const [index, item] of reader.list(value, path).entries()) {
    const at = [...path, index]
    const text = reader.text(item, at)
    if (text === undefined) continue
    const { model: file, diagnostics } = YamlFile.parse(text, reader.file.file)
    for (const { message } of diagnostics) reader.error('wrong-value', `in this patch: ${message}`, at)
    if (file === undefined) continue
    const patch = new PatchReader(reader, file, at)
    found.push(patch.read())
  }
  return found
}

/** Reads one patch; what it says about it is placed at the patch's text in the kind file. */
class PatchReader {
  readonly #outer: YamlReader
  readonly #reader: YamlReader
  readonly #path: YamlPath
  readonly #top: YamlMap

  constructor(outer: YamlReader, file: YamlFile, path: YamlPath) {
    this.#outer = outer
    this.#reader = new YamlReader(file, 'kind')
    this.#path = path
    this.#top = this.#reader.map(file.value, [])
  }

  read(): NodeRegistration {
    const kind = this.#reader.text(this.#top.kind, ['kind']) ?? ''
    const registration = this.#reader.map(this.#top.nodeRegistration, ['nodeRegistration'])
    const isKnown = KINDS_WITH_REGISTRATION.includes(kind)
    if (!isKnown) this.#notModelled(`kubeadm patch of ${kind === '' ? 'no kind' : kind}`)
    for (const key of Object.keys(this.#top)) {
      if (isKnown && !['kind', 'apiVersion', 'metadata', 'nodeRegistration'].includes(key))
        this.#notModelled(`${kind} "${key}"`)
    }
    for (const key of Object.keys(registration)) {
      if (!['kubeletExtraArgs', 'taints', 'name'].includes(key)) this.#notModelled(`nodeRegistration "${key}"`)
    }
    const arguments_ = this.#extraArguments(registration.kubeletExtraArgs)
    const result = {
      kind,
      nodeAddress: this.#nodeAddress(arguments_),
      labels: this.#labels(arguments_),
      labelsSource: this.#labelsSource(),
      taints: this.#taints(registration.taints),
    }
    for (const { message } of this.#reader.diagnostics)
      this.#outer.error('wrong-value', `in this patch: ${message}`, this.#path)
    return result
  }

  /** A mapping until kubeadm v1beta3, a list of names and values from v1beta4 on. */
  #extraArguments(value: unknown): Map<string, string> {
    const path = ['nodeRegistration', 'kubeletExtraArgs']
    if (!Array.isArray(value)) return this.#reader.textMap(value, path)
    const result = new Map<string, string>()
    for (const item of value) {
      const { name, value: text } = this.#reader.map(item, path)
      if (typeof name === 'string') result.set(name, String(text ?? ''))
    }
    return result
  }

  #nodeAddress(arguments_: ReadonlyMap<string, string>): Ipv4Address | undefined {
    for (const key of arguments_.keys()) {
      if (key !== 'node-ip' && key !== 'node-labels') this.#notModelled(`kubelet argument "${key}"`)
    }
    const text = arguments_.get('node-ip')?.split(',')[0]
    if (text === undefined) return undefined
    const address = parseIpv4(text)
    if (address === undefined) this.#outer.error('wrong-value', `node-ip "${text}" is not an IPv4 address`, this.#path)
    return address
  }

  #labels(arguments_: ReadonlyMap<string, string>): Map<string, string> {
    const labels = new Map<string, string>()
    for (const part of (arguments_.get('node-labels') ?? '').split(',')) {
      const equals = part.indexOf('=')
      if (equals > 0) labels.set(part.slice(0, equals).trim(), part.slice(equals + 1).trim())
      else if (part.trim() !== '') labels.set(part.trim(), '')
    }
    return labels
  }

  /** The patch is a text inside of the kind file, which begins on the line behind its `|`. */
  #labelsSource(): SourceRef {
    const path = ['nodeRegistration', 'kubeletExtraArgs', 'node-labels']
    const outer = this.#outer.file.at(this.#path)
    return { file: outer.file, line: outer.line + this.#reader.file.keyAt(path).line, column: 1 }
  }

  #taints(value: unknown): readonly string[] | undefined {
    if (value === undefined || value === null) return undefined
    return this.#reader.list(value, ['nodeRegistration', 'taints']).map(item => {
      const { key, value: text, effect } = this.#reader.map(item, ['nodeRegistration', 'taints'])
      return `${String(key)}${text === undefined ? '' : `=${String(text)}`}:${String(effect)}`
    })
  }

  #notModelled(what: string): void {
    this.#outer.note('unmodelled', 'not-modelled', `${what} is not modelled`, this.#path)
  }
}
