import { type FibRoute, TABLE_MAIN } from '../../host/fib.ts'
import type { Host } from '../../host/host.ts'
import { left, right } from '../../text/table.ts'
import { formatIpv4, netmask, prefixAddress, prefixLength } from '../../wire/address.ts'

/** Which columns: `normal` is `route`, `netstat` is `netstat -r` and `route -e`, `all` is `route -ee`. */
export type RouteTableForm = 'normal' | 'netstat' | 'all'

const TITLES: Readonly<Record<RouteTableForm, string>> = {
  normal: 'Destination     Gateway         Genmask         Flags Metric Ref    Use Iface',
  netstat: 'Destination     Gateway         Genmask         Flags   MSS Window  irtt Iface',
  all: 'Destination     Gateway         Genmask         Flags Metric Ref    Use Iface    MSS   Window irtt',
}

/**
 * The table that `route` and `netstat -r` of net-tools print from /proc/net/route: one row per route of table main, its
 * first next hop only. Ref and Use are always 0 in Linux.
 * @param numeric without it the default destination prints as `default` and known names replace addresses
 */
export function routeTable(host: Host, form: RouteTableForm, numeric: boolean): string {
  const rows = host.fib
    .routes(TABLE_MAIN)
    .filter(route => route.type !== 'broadcast')
    .map(route => `${row(host, route, form, numeric)}\n`)
  return `Kernel IP routing table\n${TITLES[form]}\n${rows.join('')}`
}

function row(host: Host, route: FibRoute, form: RouteTableForm, numeric: boolean): string {
  const isRejected = route.type === 'unreachable' || route.type === 'prohibit'
  const hop = route.nextHops[0]
  const gateway = isRejected ? '-' : name(host, hop?.gateway ?? 0, numeric, '0.0.0.0')
  const destination = destinationText(host, route, numeric)
  const flags = isRejected
    ? '!'
    : `U${hop?.gateway === undefined ? '' : 'G'}${prefixLength(route.prefix) === 32 ? 'H' : ''}`
  const mask = formatIpv4(netmask(prefixLength(route.prefix)))
  const head = `${left(destination, 15)} ${left(gateway, 15)} ${left(mask, 15)} ${left(flags, 5)} `
  const device = isRejected ? '-' : (hop?.interface?.name ?? '*')
  const mss = route.advertisedMssBytes === undefined ? 0 : route.advertisedMssBytes + 40
  if (form === 'netstat') {
    return isRejected
      ? `${head}${right('-', 5)} -          - -`
      : `${head}${right(mss, 5)} ${left(0, 5)} ${right(0, 6)} ${device}`
  }
  const metric = left(route.metric, 6)
  const start = isRejected ? `${head}${metric} -  ${right(0, 7)} ` : `${head}${metric} ${left(0, 2)} ${right(0, 7)} `
  if (form === 'normal') return start + device
  return isRejected
    ? `${start}${left('-', 8)} -     -      -`
    : `${start}${left(device, 8)} ${left(mss, 5)} ${left(0, 6)} 0`
}

function destinationText(host: Host, route: FibRoute, numeric: boolean): string {
  const address = prefixAddress(route.prefix)
  if (address === 0 && prefixLength(route.prefix) === 0) return numeric ? '0.0.0.0' : 'default'
  return name(host, address, numeric, '0.0.0.0')
}

function name(host: Host, address: number, numeric: boolean, nothing: string): string {
  if (address === 0) return nothing
  return (numeric ? undefined : nameOf(host, address)) ?? formatIpv4(address)
}

/** The name that /etc/hosts gives an address; the first one when there are several. */
export function nameOf(host: Host, address: number): string | undefined {
  for (const [known, value] of host.names) if (value === address) return known
  return undefined
}
