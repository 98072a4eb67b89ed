import { BfdDaemon } from '../bfd/bfd-daemon.ts'
import { Speaker } from '../bgp/speaker.ts'
import type { Converted } from '../config/diagnostic.ts'
import { frrStatements, parseFrrConfig } from '../config/frr/parse.ts'
import { parseVyosConfig, vyosStatements } from '../config/vyos/parse.ts'
import type { SourceNatRule } from '../host/nat/source-nat-rule.ts'
import type { BfdModel } from '../model/bfd.ts'
import type { RouterModel, SourceNatModel } from '../model/router.ts'
import type { RouterStatement } from '../model/router-statement.ts'
import { Zebra } from '../zebra/zebra.ts'
import type { Lab } from './lab.ts'
import type { LabNode } from './node.ts'
import { RouterReadings } from './router-readings.ts'

/** A configuration among a container's files, and how it is read. */
interface RouterFile {
  readonly path: string
  parse(text: string, image: string, file: string): Converted<RouterModel>
  statements(text: string, image: string, file: string): readonly RouterStatement[]
}

const VYOS = {
  parse: (text: string, image: string, file: string) => parseVyosConfig(text, { file, image }),
  statements: (text: string, image: string, file: string) => vyosStatements(text, { file, image }),
}

/** Where routing suites look for their configuration. */
const ROUTER_FILES: readonly RouterFile[] = [
  {
    path: '/etc/frr/frr.conf',
    parse: (text, image, file) => parseFrrConfig(text, { file, image }),
    statements: (text, image, file) => frrStatements(text, { file, image }),
  },
  { path: '/opt/vyatta/etc/config/config.boot', ...VYOS },
  { path: '/config/config.boot', ...VYOS },
]

/**
 * Reads the router configuration among a container's files; undefined when it has none.
 *
 * @param nameOf the file's name on the machine, for messages
 * @param readings of the lab, when the router may have been read before or will be read again
 */
export function parseRouter(
  files: ReadonlyMap<string, string>,
  image: string,
  nameOf: (path: string) => string,
  readings = new RouterReadings(),
): Converted<RouterModel> | undefined {
  for (const { path, parse } of ROUTER_FILES) {
    const text = files.get(path)
    if (text !== undefined) return readings.read(text, image, nameOf(path), parse)
  }
  return undefined
}

/** The lines of the configuration that a node's routing suite would read now, each with its place; none without one. */
export function routerStatements(node: LabNode): readonly RouterStatement[] {
  for (const { path, statements } of ROUTER_FILES) {
    const text = node.files.get(path)
    if (text !== undefined) return statements(text, node.image, fileName(node, path))
  }
  return []
}

/** A container's file as the user knows it: the bound one on the machine, unless it was written inside since. */
function fileName(node: LabNode, path: string): string {
  const bound = node.boundFrom?.get(path)
  return bound !== undefined && bound.text === node.files.get(path) ? bound.from : `${node.name}:${path}`
}

/** Starts the routing suite of a container that has a configuration for one: zebra, and bgpd when it is configured and enabled. */
export function startRouter(lab: Lab, node: LabNode): void {
  const parsed = parseRouter(node.files, node.image, path => fileName(node, path), lab.routerReadings)
  if (parsed?.model === undefined) return
  const { model } = parsed
  for (const [key, value] of model.sysctls) node.host.sysctl.set(key, value)
  node.host.sourceNat.setRules(node.host.sourceNat.router, model.sourceNat.map(toRule))
  const zebra = new Zebra({
    host: node.host,
    version: model.version,
    model: model.zebra,
    policy: model.policy,
    defaults: model.defaults,
  })
  const bfd = hasBfd(model) && isDaemonEnabled(node, 'bfdd') ? new BfdDaemon(node.host, bfdModel(model)) : undefined
  node.router = { model, zebra, speaker: undefined, bfd }
  zebra.start()
  zebra.applyInterfaces(model.interfaces)
  zebra.applyStaticRoutes(model.staticRoutes)
  if (areStaticsCommittedFirst(model)) zebra.processNow()
  bfd?.start()
  startBgpd(node)
  lab.simulator.journal.record(node.containerName, 'router.start', { dialect: model.dialect, version: model.version })
}

/**
 * staticd gathers its lines and takes them together: when it meets a line that is not of its kind, such as the `exit` of an
 * interface section, or at the end of the file. So with an interface section between the static routes and `router bgp` zebra
 * has worked on them when bgpd asks for them, which shows for a route that the kernel refuses: it is redistributed all the
 * same (`nb_cli_pending_commit_check`, `zebra_redistribute`; measured on FRR 8.4.4).
 */
function areStaticsCommittedFirst({ dialect, staticRoutes, interfaces, bgp }: RouterModel): boolean {
  if (dialect !== 'frr' || bgp === undefined) return false
  const last = Math.max(0, ...staticRoutes.map(route => route.source.line))
  return interfaces.some(({ source }) => source.line > last && source.line < bgp.source.line)
}

/** Starts bgpd beside the zebra that runs on the node, when it is configured and enabled. */
export function startBgpd(node: LabNode): void {
  const { router } = node
  if (router?.model.bgp === undefined || !isDaemonEnabled(node, 'bgpd')) return
  const { model, zebra } = router
  const speaker = new Speaker({
    host: node.host,
    model: router.model.bgp,
    policy: model.policy,
    routes: zebra,
    implementation: { kind: 'frr', version: model.version },
    bfd: router.bfd,
  })
  node.router = { ...router, speaker }
  speaker.start()
}

/** VyOS' rule as nftables has it: `exclude` is `return` (python/vyos/nat.py). */
function toRule({ outboundInterface, source, destination, exclude, translation }: SourceNatModel): SourceNatRule {
  return {
    ...(outboundInterface === undefined ? {} : { outputInterface: { value: outboundInterface, isNegated: false } }),
    ...(source === undefined ? {} : { source: { value: source, isNegated: false } }),
    ...(destination === undefined ? {} : { destination: { value: destination, isNegated: false } }),
    target: exclude
      ? { kind: 'return' }
      : translation === 'masquerade'
        ? { kind: 'masquerade' }
        : { kind: 'snat', address: translation },
    packets: 0,
    bytes: 0,
  }
}

function hasBfd({ bfd, bgp }: RouterModel): boolean {
  return bfd !== undefined || bgp?.peers.some(peer => peer.bfd) === true
}

function bfdModel({ bfd }: RouterModel): BfdModel {
  return bfd ?? { profiles: new Map(), peers: new Map() }
}

/** `/etc/frr/daemons` says which daemons run; without that file all that are configured do. */
function isDaemonEnabled(node: LabNode, daemon: string): boolean {
  const daemons = node.files.get('/etc/frr/daemons')
  if (daemons === undefined) return true
  return new RegExp(`^\\s*${daemon}\\s*=\\s*"?(yes|true|1)`, 'm').test(daemons)
}
