/**
 * `cilium`, the command line of the cluster's administrator (on the machine), and `cilium-dbg`, the one inside the agent's
 * pod (on a node). What they know here: `status [--wait]`, `version`, `config view`, `bgp peers`, `bgp routes …`; and
 * `cilium-dbg service list`, `bgp peers`, `shell -- db/show l2-announce`. The rest says that it is not modelled.
 */
import type { CiliumAgent } from '../../kubernetes/cilium/agent.ts'
import type { Cilium } from '../../kubernetes/cilium/cilium.ts'
import { configMapData } from '../../kubernetes/cilium/config-map-data.ts'
import type { Coroutine } from '../../sim/coroutine.ts'
import type { Command, CommandContext } from '../command.ts'
import { instantCommand } from '../command.ts'
import { renderAgentStatus } from './cilium/agent-status.ts'
import { renderAdvertisedRoutes, renderAvailableRoutes, renderNodePeers, renderPeers } from './cilium/bgp.ts'
import { renderL2Announce } from './cilium/l2-announce.ts'
import { renderServiceList } from './cilium/service-list.ts'
import { isCiliumReady, renderStatus } from './cilium/status.ts'

/** Release of cilium-cli whose outputs these are. */
const CLI_VERSION = 'v0.16.24'
const WAIT_STEP_NS = 2_000_000_000
const WAIT_SECONDS = 300

/** On the machine the administrator's command; in a node the agent's, which images still offer under its old name. */
export const cilium: Command = {
  name: 'cilium',
  where: 'everywhere',
  *run(context) {
    return context.node === context.lab.machine ? yield* runCilium(context) : yield* ciliumDbg.run(context)
  },
}

export const ciliumDbg: Command = instantCommand('cilium-dbg', 'node', context => {
  const agent = agentAt(context)
  if (agent === undefined) return fail(context, 'cilium-dbg: no Cilium agent runs on this node')
  const [first, second] = context.args
  if (first === 'service' && second === 'list') context.out(renderServiceList(agent))
  else if (first === 'bgp' && second === 'peers') context.out(renderNodePeers(agent))
  else if (first === 'status' && second === '--brief') context.out(agent.isWorking ? 'OK\n' : 'error\n')
  else if (first === 'status' && second === undefined) context.out(renderAgentStatus(agent))
  else if (first === 'shell' && context.args.slice(1).join(' ').replace(/^-- /, '') === 'db/show l2-announce')
    context.out(renderL2Announce(agent))
  else return fail(context, `cilium-dbg: "${context.args.join(' ')}" is not modelled`)
  return 0
})

function* runCilium(context: CommandContext): Coroutine<number> {
  const [first, second] = context.args
  if (first === 'version') return printVersion(context)
  const running = context.lab.cluster?.cilium
  if (running === undefined) return fail(context, notInstalled(context))
  if (first === 'status') return yield* printStatus(context, running)
  if (first === 'config' && second === 'view') return printConfig(context, running)
  if (first === 'bgp' && second === 'peers') return printPeers(context, running)
  if (first === 'bgp' && second === 'routes') return printRoutes(context, running)
  return fail(context, `cilium: "${context.args.join(' ')}" is not modelled`)
}

function notInstalled(context: CommandContext): string {
  return context.lab.cluster === undefined
    ? '\nError: Unable to determine status: Kubernetes cluster unreachable'
    : '\nError: Unable to determine status: Cilium is not installed: release: not found'
}

function printVersion(context: CommandContext): number {
  const running = context.lab.cluster?.cilium
  context.out(`cilium-cli: ${CLI_VERSION} compiled with go1.23.4 on linux/amd64\n`)
  context.out('cilium image (default): v1.16.5\n')
  context.out('cilium image (stable): unknown\n')
  context.out(
    `cilium image (running): ${running?.version ?? 'unknown. Unable to obtain cilium version. Reason: release: not found'}\n`,
  )
  return 0
}

/** With `--wait` it lets simulated time pass until everything is ready, five minutes at most. */
function* printStatus(context: CommandContext, running: Cilium): Coroutine<number> {
  const mayWait = context.args.includes('--wait')
  for (let waited = 0; mayWait && !isCiliumReady(running) && waited < WAIT_SECONDS; waited += WAIT_STEP_NS / 1e9) {
    const wake = yield { sleepNs: WAIT_STEP_NS }
    if (wake === 'interrupt') return 130
  }
  context.out(renderStatus(running))
  return mayWait && !isCiliumReady(running) ? 1 : 0
}

function printConfig(context: CommandContext, running: Cilium): number {
  const data = configMapData(running.config, running.profile)
  for (const key of Object.keys(data).sort()) context.out(`${key.padEnd(50)}${data[key]}\n`)
  return 0
}

function printPeers(context: CommandContext, running: Cilium): number {
  if (!running.config.isBgpControlPlaneEnabled) return fail(context, BGP_DISABLED)
  context.out(renderPeers(running))
  return 0
}

const BGP_DISABLED = '\nError: BGP Control Plane is disabled: set bgpControlPlane.enabled'

/** `routes [available|advertised] [ipv4|ipv6] [unicast] [vrouter ASN] [peer|neighbor ADDRESS]` */
function printRoutes(context: CommandContext, running: Cilium): number {
  if (!running.config.isBgpControlPlaneEnabled) return fail(context, BGP_DISABLED)
  const words = context.args.slice(2)
  if (words.length === 0) {
    context.error('(Defaulting to `available ipv4 unicast` routes, please see help for more options)\n\n')
  }
  const [kind = 'available', afi = 'ipv4', safi = 'unicast', ...filters] = words
  if (kind !== 'available' && kind !== 'advertised') {
    return fail(context, `\nError: invalid table type "${kind}": expected available or advertised`)
  }
  if (afi !== 'ipv4' || safi !== 'unicast') return fail(context, `cilium: ${afi} ${safi} routes are not modelled`)
  const vrouter = valueAfter(filters, ['vrouter'])
  const asn = vrouter === undefined ? undefined : Number(vrouter)
  if (kind === 'available') context.out(renderAvailableRoutes(running, asn))
  else context.out(renderAdvertisedRoutes(running, asn, valueAfter(filters, ['peer', 'neighbor'])))
  return 0
}

function valueAfter(words: readonly string[], names: readonly string[]): string | undefined {
  const index = words.findIndex(word => names.includes(word))
  return index < 0 ? undefined : words[index + 1]
}

/** The agent of the node on which the command runs. */
function agentAt(context: CommandContext): CiliumAgent | undefined {
  for (const cluster of context.lab.clusters.values()) {
    for (const agent of cluster.cilium?.agents.values() ?? []) if (agent.node.host === context.node.host) return agent
  }
  return undefined
}

function fail(context: CommandContext, message: string): number {
  context.error(`${message}\n`)
  return 1
}
