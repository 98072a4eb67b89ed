import { protocolName } from '../../../config/iproute/names.ts'
import type { NeighborChange, NeighborGet, NeighborList, NeighborStateWord } from '../../../config/iproute/operation.ts'
import type { NeighborRow, NeighborRowState } from '../../../host/neighbor/neighbor-table.ts'
import { failure } from '../../../host/result.ts'
import { formatIpv4, formatMac, prefixContains, prefixOf } from '../../../wire/address.ts'
import { answer, type IpContext, type Json, noDevice, printJson } from './output.ts'
import { protocolNumberOf } from './route-text.ts'

/** `ip neigh add|replace|change|del`. Returns the exit code. */
export function changeNeighbor(context: IpContext, change: NeighborChange): number {
  const { host } = context
  const device = host.interfaces.get(change.device)
  if (device === undefined) return noDevice(context, change.device)
  const { address, mac, state } = change
  if (change.command === 'delete') return answer(context, host.neighbors.delete(device, address))
  const needsMac = state !== 'failed' && state !== 'incomplete' && state !== 'noarp' && state !== 'none'
  if (
    needsMac &&
    mac === undefined &&
    host.neighbors.get(device, address) === undefined &&
    change.command !== 'change'
  ) {
    return answer(context, failure('EINVAL', 'No link layer address given.'))
  }
  const request = { interface: device, address, state: rowState(state), ...(mac === undefined ? {} : { mac }) }
  return answer(context, host.neighbors.set(request, change.command))
}

function rowState(state: NeighborStateWord): NeighborRowState {
  return (state === 'none' ? 'noarp' : state).toUpperCase() as NeighborRowState
}

/** `ip neigh show` and `flush`. */
export function listNeighbors(context: IpContext, list: NeighborList): number {
  const { host } = context
  if (list.device !== undefined && host.interfaces.get(list.device) === undefined) return noDevice(context, list.device)
  if (list.flush) {
    const spared = list.states.length === 0 && !list.allStates ? ['PERMANENT', 'NOARP'] : []
    host.neighbors.flush(row => isWanted(row, list) && !spared.includes(row.state))
    return 0
  }
  const rows = host.neighbors.snapshot().filter(row => isWanted(row, list))
  if (context.options.json)
    printJson(
      context,
      rows.map(row => rowJson(row, list)),
    )
  else for (const row of rows) context.out(rowText(context, row, list.device !== undefined))
  return 0
}

/** Without `nud`, NOARP is not listed. */
function isWanted(row: NeighborRow, list: NeighborList): boolean {
  const states = list.states.map(rowState)
  if (states.length > 0 ? !states.includes(row.state) : row.state === 'NOARP' && !list.allStates) return false
  if (list.device !== undefined && row.interface.name !== list.device) return false
  return list.to === undefined || prefixContains(prefixOf(list.to.address, list.to.length), row.address)
}

/** `10.0.5.1 dev eth1 lladdr 02:… REACHABLE `: every item is followed by a space. */
function rowText(context: IpContext, row: NeighborRow, hidesDevice: boolean): string {
  const words = [
    `${formatIpv4(row.address)} `,
    hidesDevice ? '' : `dev ${row.interface.name} `,
    row.mac === undefined ? '' : `lladdr ${formatMac(row.mac)} `,
    row.isExternallyLearned ? 'extern_learn ' : '',
    context.options.statistics > 0 ? statistics(context, row) : '',
    `${row.state} `,
    protocolNumberOf(row.protocol) === 0 ? '' : `proto ${protocolName(protocolNumberOf(row.protocol))} `,
  ]
  return `${words.join('')}\n`
}

function statistics(context: IpContext, row: NeighborRow): string {
  const seconds = [row.usedAtNs, row.confirmedAtNs, row.updatedAtNs].map(atNs =>
    Math.floor((context.host.simulator.nowNs - atNs) / 1e9),
  )
  return ` used ${seconds.join('/')}probes ${row.probes} `
}

function rowJson(row: NeighborRow, list: NeighborList): Json {
  const protocol = protocolNumberOf(row.protocol)
  return {
    dst: formatIpv4(row.address),
    ...(list.device === undefined ? { dev: row.interface.name } : {}),
    ...(row.mac === undefined ? {} : { lladdr: formatMac(row.mac) }),
    ...(row.isExternallyLearned ? { extern_learn: null } : {}),
    state: [row.state],
    ...(protocol === 0 ? {} : { protocol: protocolName(protocol) }),
  }
}

/** `ip neigh get ADDRESS dev DEVICE`. */
export function getNeighbor(context: IpContext, get: NeighborGet): number {
  const device = context.host.interfaces.get(get.device)
  if (device === undefined) return noDevice(context, get.device)
  const row = context.host.neighbors
    .snapshot()
    .find(other => other.interface === device && other.address === get.address)
  if (row === undefined) return answer(context, failure('ENOENT', 'Neighbour entry not found.'))
  if (context.options.json) printJson(context, [rowJson(row, NO_FILTER)])
  else context.out(rowText(context, row, false))
  return 0
}

const NO_FILTER: NeighborList = { kind: 'neighbor-list', flush: false, states: [], allStates: true }
