import { protocolName } from '../../../config/iproute/names.ts'
import type { NextHopChange, NextHopGet, NextHopList } from '../../../config/iproute/operation.ts'
import type { NextHopObject } from '../../../host/next-hop-objects.ts'
import { failure } from '../../../host/result.ts'
import { formatIpv4 } from '../../../wire/address.ts'
import { answer, type IpContext, type Json, printJson } from './output.ts'
import { protocolNumberOf, routeProtocol } from './route-text.ts'

/** `ip nexthop add|replace|delete`. Returns the exit code. */
export function changeNextHop(context: IpContext, change: NextHopChange): number {
  const { host } = context
  const device = change.device === undefined ? undefined : host.interfaces.get(change.device)
  if (change.device !== undefined && device === undefined) return wrongDevice(context, change.device)
  if (change.command === 'delete') return answer(context, host.nextHopObjects.delete(change.id ?? 0))
  const hasWay = change.gateway !== undefined || device !== undefined || change.blackhole || change.group !== undefined
  if (!hasWay) return answer(context, failure('EINVAL', 'Invalid address family.'))
  const object: NextHopObject = {
    id: change.id ?? freeId(context),
    protocol: routeProtocol(change.protocol ?? 0),
    ...(change.gateway === undefined ? {} : { gateway: change.gateway }),
    ...(device === undefined ? {} : { interface: device }),
    ...(change.onlink ? { onlink: true } : {}),
    ...(change.blackhole ? { blackhole: true } : {}),
    ...(change.group === undefined ? {} : { group: change.group }),
  }
  return answer(
    context,
    change.command === 'add' ? host.nextHopObjects.add(object) : host.nextHopObjects.replace(object),
  )
}

function wrongDevice(context: IpContext, name: string): number {
  context.error(`Error: argument "${name}" is wrong: Device does not exist\n\n`)
  return 255
}

/** The kernel hands out the lowest free number. */
function freeId(context: IpContext): number {
  for (let id = 1; ; id++) if (context.host.nextHopObjects.get(id) === undefined) return id
}

/** `ip nexthop show` and `flush`. */
export function listNextHops(context: IpContext, list: NextHopList): number {
  if (list.device !== undefined && context.host.interfaces.get(list.device) === undefined) {
    return wrongDevice(context, list.device)
  }
  if (list.id !== undefined && !list.flush) return getNextHop(context, { kind: 'nexthop-get', id: list.id })
  const objects = context.host.nextHopObjects.all().filter(object => isWanted(object, list))
  if (list.flush) {
    for (const object of objects) context.host.nextHopObjects.delete(object.id)
    context.out(objects.length === 0 ? 'Nothing to flush\n' : `Flushed ${objects.length} nexthops\n`)
    return 0
  }
  return print(context, objects)
}

function isWanted(object: NextHopObject, list: NextHopList): boolean {
  if (list.id !== undefined && object.id !== list.id) return false
  if (list.groupsOnly && object.group === undefined) return false
  if (list.device !== undefined && object.interface?.name !== list.device) return false
  return list.protocol === undefined || protocolNumberOf(object.protocol) === list.protocol
}

/** `ip nexthop get id N`. */
export function getNextHop(context: IpContext, get: NextHopGet): number {
  const object = context.host.nextHopObjects.get(get.id)
  return object === undefined ? answer(context, failure('ENOENT')) : print(context, [object])
}

function print(context: IpContext, objects: readonly NextHopObject[]): number {
  if (context.options.json) printJson(context, objects.map(objectJson))
  else for (const object of objects) context.out(objectText(object))
  return 0
}

/** A gateway is of scope link, a bare device of scope host; groups and black holes have none. */
function scopeOf(object: NextHopObject): string | undefined {
  if (object.blackhole || object.group !== undefined) return undefined
  return object.gateway === undefined ? 'host' : 'link'
}

function objectText(object: NextHopObject): string {
  const scope = scopeOf(object)
  const protocol = protocolNumberOf(object.protocol)
  const hasDevice = object.interface !== undefined && !object.blackhole
  const words = [
    `id ${object.id} `,
    object.group === undefined ? '' : `group ${object.group.map(memberText).join('/')} `,
    object.gateway === undefined ? '' : `via ${formatIpv4(object.gateway)} `,
    hasDevice ? `dev ${object.interface.name} ` : '',
    scope === undefined ? '' : `scope ${scope} `,
    object.blackhole ? 'blackhole ' : '',
    protocol === 0 ? '' : `proto ${protocolName(protocol)} `,
    object.onlink ? 'onlink ' : '',
  ]
  return `${words.join('')}\n`
}

function memberText(member: { readonly id: number; readonly weight: number }): string {
  return member.weight === 1 ? String(member.id) : `${member.id},${member.weight}`
}

function objectJson(object: NextHopObject): Json {
  const scope = scopeOf(object)
  const protocol = protocolNumberOf(object.protocol)
  const hasDevice = object.interface !== undefined && !object.blackhole
  return {
    id: object.id,
    ...(object.group === undefined
      ? {}
      : { group: object.group.map(({ id, weight }) => (weight === 1 ? { id } : { id, weight })) }),
    ...(object.gateway === undefined ? {} : { gateway: formatIpv4(object.gateway) }),
    ...(hasDevice ? { dev: object.interface.name } : {}),
    ...(scope === undefined ? {} : { scope }),
    ...(object.blackhole ? { blackhole: null } : {}),
    ...(protocol === 0 ? {} : { protocol: protocolName(protocol) }),
    flags: object.onlink ? ['onlink'] : [],
  }
}
