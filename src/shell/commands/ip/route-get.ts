import type { RouteGet } from '../../../config/iproute/operation.ts'
import { failure } from '../../../host/result.ts'
import { type OutputRoute, routeFor } from '../../../host/route-select.ts'
import { formatIpv4 } from '../../../wire/address.ts'
import { answer, type IpContext, type Json, noDevice, notModelled, printJson } from './output.ts'
import { PLAIN_STYLE, routeJson, routeText } from './route-text.ts'

/** `ip route get`: how a packet of this host's own would leave. Differs from Linux: `iif` (as if received) is not modelled. */
export function getRoute(context: IpContext, get: RouteGet): number {
  const { host } = context
  if (get.inputDevice !== undefined) return notModelled(context, '"ip route get … iif"')
  if (get.mark !== undefined) return notModelled(context, '"ip route get … mark"')
  const device = get.outputDevice === undefined ? undefined : host.interfaces.get(get.outputDevice)
  if (get.outputDevice !== undefined && device === undefined) return noDevice(context, get.outputDevice)
  const found = routeFor(host, {
    destination: get.destination.address,
    ...(get.from === undefined ? {} : { source: get.from.address }),
    ...(device === undefined ? {} : { interface: device }),
    ...(get.tos === undefined ? {} : { tos: get.tos }),
    ...(get.protocol === undefined ? {} : { protocol: get.protocol }),
    ...(get.sourcePort === undefined ? {} : { sourcePort: get.sourcePort }),
    ...(get.destinationPort === undefined ? {} : { destinationPort: get.destinationPort }),
  })
  if (!found.ok) {
    const isForeign = get.from !== undefined && !host.isLocalAddress(get.from.address)
    return answer(context, isForeign ? failure('ENETUNREACH') : found)
  }
  const match = found.route && host.fib.match(get.destination.address, get.tos, device)
  if (get.fibMatch && match !== undefined) {
    const style = { ...PLAIN_STYLE, details: context.options.details }
    if (context.options.json) printJson(context, [routeJson(match, style)])
    else context.out(routeText(match, style))
  } else if (context.options.json) printJson(context, [getJson(context, get, found)])
  else context.out(getText(context, get, found))
  return 0
}

/** The user who asks is root in every container. */
const USER_ID = 0

function getText(context: IpContext, get: RouteGet, found: OutputRoute): string {
  const words = [
    found.type === 'unicast' ? '' : `${found.type} `,
    `${formatIpv4(get.destination.address)} `,
    get.from === undefined ? '' : `from ${formatIpv4(get.from.address)} `,
    found.gateway === undefined ? '' : `via ${formatIpv4(found.gateway)} `,
    `dev ${found.interface.name} `,
    get.from === undefined ? `src ${formatIpv4(found.source)} ` : '',
    // RTCF_MULTICAST has the number of RTM_F_OFFLOAD_FAILED, and iproute2 prints it so.
    found.type === 'multicast' ? 'rt_offload_failed ' : '',
    `uid ${USER_ID} `,
  ]
  const flags = cacheFlags(found)
  const cache = [
    flags.length === 0 ? 'cache ' : `cache <${flags.join(',')}> `,
    ...expiry(context, found),
    ...cachedMetrics(found).map(([name, value]) => `${name} ${value} `),
  ]
  return `${words.join('')}${context.options.oneline ? '\\' : '\n'}    ${cache.join('')}\n`
}

function getJson(context: IpContext, get: RouteGet, found: OutputRoute): Json {
  const seconds = expirySeconds(context, found)
  const metrics = cachedMetrics(found)
  return {
    ...(found.type === 'unicast' ? {} : { type: found.type }),
    dst: formatIpv4(get.destination.address),
    ...(get.from === undefined ? {} : { from: formatIpv4(get.from.address) }),
    ...(found.gateway === undefined ? {} : { gateway: formatIpv4(found.gateway) }),
    dev: found.interface.name,
    ...(get.from === undefined ? { prefsrc: formatIpv4(found.source) } : {}),
    flags: found.type === 'multicast' ? ['rt_offload_failed'] : [],
    uid: USER_ID,
    cache: cacheFlags(found),
    ...(seconds === undefined ? {} : { expires: seconds }),
    ...(metrics.length === 0 ? {} : { metrics: [Object.fromEntries(metrics)] }),
  }
}

function cacheFlags(found: OutputRoute): readonly string[] {
  const flags: string[] = []
  if (found.type === 'local' || found.type === 'broadcast') flags.push('local')
  if (found.type === 'broadcast') flags.push('brd')
  if (found.type === 'multicast') flags.push('mc')
  if (found.redirected !== undefined) flags.push('redirected')
  return flags
}

function expiry(context: IpContext, found: OutputRoute): readonly string[] {
  const seconds = expirySeconds(context, found)
  return seconds === undefined ? [] : [`expires ${seconds}sec `]
}

function expirySeconds(context: IpContext, found: OutputRoute): number | undefined {
  const atNs = found.pathMtu?.expiresAtNs ?? found.redirected?.expiresAtNs
  return atNs === undefined ? undefined : Math.max(0, Math.floor((atNs - context.host.simulator.nowNs) / 1e9))
}

function cachedMetrics(found: OutputRoute): readonly (readonly [string, number])[] {
  const metrics: [string, number][] = []
  const mtuBytes = found.pathMtu?.mtuBytes ?? found.route?.mtuBytes
  if (mtuBytes !== undefined) metrics.push(['mtu', mtuBytes])
  const advertisedMssBytes = found.route?.advertisedMssBytes
  if (advertisedMssBytes !== undefined) metrics.push(['advmss', advertisedMssBytes])
  return metrics
}
