import type { PeerRouteRow } from '../../bgp/snapshot.ts'
import type { GobgpDaemon } from '../../lab/node.ts'
import { formatIpv4, parseIpv4, parsePrefix } from '../../wire/address.ts'
import { type Command, type CommandContext, instantCommand } from '../command.ts'
import { formatAge } from './gobgp/age.ts'
import { neighborList } from './gobgp/neighbors.ts'
import { addUsage, parseRoute } from './gobgp/parse-route.ts'
import { adjacencyTable, ribTable } from './gobgp/rib-table.ts'

type Action = (context: CommandContext, gobgp: GobgpDaemon, words: readonly string[]) => number

/** Subcommands by their words; what follows is the action's. The longest fit counts. */
const ACTIONS: readonly { readonly words: readonly string[]; readonly run: Action }[] = [
  { words: ['global', 'rib', 'summary'], run: showSummary },
  { words: ['global', 'rib', 'add'], run: addRoute },
  { words: ['global', 'rib', 'del'], run: deleteRoute },
  { words: ['global', 'rib'], run: showRib },
  { words: ['global'], run: showGlobal },
  { words: ['neighbor'], run: showNeighbor },
]

/**
 * `gobgp`, the client of gobgpd: global, global rib (add, del, summary, PREFIX), neighbor, neighbor ADDRESS adj-in|adj-out.
 * Texts were measured on GoBGP 3.10.0.
 */
export const gobgp: Command = instantCommand('gobgp', 'node', context => {
  const words = [...context.args]
  const family = words.indexOf('-a')
  const [, name] = family < 0 ? [] : words.splice(family, 2)
  if (name !== undefined && name !== 'ipv4') return refuse(context, `family "${name}"`)
  const option = words.find(word => word.startsWith('-'))
  if (option !== undefined) return refuse(context, `option "${option}"`)
  const daemon = context.node.gobgp
  if (daemon === undefined || !context.node.isRunning) {
    context.error('gobgp: gobgpd does not run here\n')
    return 1
  }
  const action = ACTIONS.find(candidate => candidate.words.every((word, index) => words[index] === word))
  if (action === undefined) return refuse(context, words.length === 0 ? 'a call without words' : `"${words.join(' ')}"`)
  return action.run(context, daemon, words.slice(action.words.length))
})

function refuse(context: CommandContext, what: string): number {
  context.error(`gobgp: ${what} is not modelled by drylab\n`)
  return 1
}

function showGlobal(context: CommandContext, { model }: GobgpDaemon, words: readonly string[]): number {
  if (words.length > 0) return refuse(context, `"global ${words.join(' ')}"`)
  context.out(`AS:        ${model.bgp.asn}\nRouter-ID: ${formatIpv4(model.bgp.routerId!)}\n`)
  context.out(`Listening Port: ${model.listenPort ?? -1}, Addresses: 0.0.0.0, ::\n`)
  return 0
}

function showRib(context: CommandContext, { speaker }: GobgpDaemon, words: readonly string[]): number {
  const [wanted, ...rest] = words
  if (rest.length > 0) return refuse(context, `"global rib ${words.join(' ')}"`)
  const prefix = wanted === undefined ? undefined : parsePrefix(wanted)
  if (wanted !== undefined && prefix === undefined) {
    context.out('invalid CIDR/IP\n')
    return 1
  }
  const prefixes = speaker.snapshotTable().prefixes.filter(row => prefix === undefined || row.prefix === prefix)
  context.out(ribTable(prefixes, context.lab.simulator.nowNs))
  return 0
}

function showSummary(context: CommandContext, { speaker }: GobgpDaemon): number {
  const { prefixes } = speaker.snapshotTable()
  const paths = prefixes.reduce((count, row) => count + row.paths.length, 0)
  context.out(`Table afi:AFI_IP safi:SAFI_UNICAST\nDestination: ${prefixes.length}, Path: ${paths}\n`)
  return 0
}

function addRoute(context: CommandContext, { speaker }: GobgpDaemon, words: readonly string[]): number {
  const route = parseRoute(words)
  if ('error' in route) {
    context.out(`error: ${route.error}\n${addUsage('add')}`)
    return 1
  }
  speaker.originate(route.prefix, route.attributes)
  speaker.table.runDecision() // the client waits until gobgpd has the path
  return 0
}

/** A route that is not there is no mistake, as with gobgpd. */
function deleteRoute(context: CommandContext, { speaker }: GobgpDaemon, words: readonly string[]): number {
  if (words[0] === 'all') {
    for (const row of speaker.snapshotTable().prefixes)
      if (row.paths.some(path => path.kind === 'originated')) speaker.withdrawOriginated(row.prefix)
    speaker.table.runDecision()
    return 0
  }
  const route = parseRoute(words)
  if ('error' in route) {
    context.out(`error: ${route.error}\n${addUsage('del')}`)
    return 1
  }
  speaker.withdrawOriginated(route.prefix)
  speaker.table.runDecision()
  return 0
}

function showNeighbor(context: CommandContext, { speaker }: GobgpDaemon, words: readonly string[]): number {
  const { peers } = speaker.snapshotPeers()
  const { nowNs } = context.lab.simulator
  const [name, table, ...rest] = words
  if (name === undefined) {
    context.out(neighborList(peers, nowNs))
    return 0
  }
  const address = parseIpv4(name)
  const peer = peers.find(row => row.address === address)
  if (peer === undefined || address === undefined) {
    context.out(`not found neighbor ${name}\n`)
    return 1
  }
  if (rest.length > 0 || (table !== 'adj-in' && table !== 'adj-out'))
    return refuse(context, `"neighbor ${words.join(' ')}"`)
  if (peer.state !== 'Established') {
    context.out(`neighbor ${name}'s BGP session is not established\n`)
    return 1
  }
  const routes = table === 'adj-in' ? speaker.snapshotReceived(address) : speaker.snapshotAdvertised(address)
  const paths = new Map(
    speaker
      .snapshotTable()
      .prefixes.map(row => [row.prefix, row.paths.find(path => path.peer?.address === address)?.updatedAtNs]),
  )
  const ageOf = (row: PeerRouteRow): string | undefined => {
    const atNs = paths.get(row.prefix) ?? peer.changedAtNs // Differs from GoBGP: a refused route is as old as the session
    return table === 'adj-in' && atNs !== undefined ? formatAge(nowNs - atNs) : undefined
  }
  context.out(adjacencyTable(routes?.rows ?? [], table === 'adj-out' ? peer.nextHopAddress : undefined, ageOf))
  return 0
}
