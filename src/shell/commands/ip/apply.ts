import { unreachable } from '../../../assert.ts'
import type { IpOperation, IpOptions } from '../../../config/iproute/operation.ts'
import { parseIpCommand } from '../../../config/iproute/parse.ts'
import type { Host } from '../../../host/host.ts'
import { changeAddress, listAddresses } from './address.ts'
import { addLink, deleteLink, listLinks, setLink } from './link.ts'
import { changeNeighbor, getNeighbor, listNeighbors } from './neighbor.ts'
import { changeNextHop, getNextHop, listNextHops } from './nexthop.ts'
import type { IpContext } from './output.ts'
import { changeRoute, listRoutes } from './route.ts'
import { getRoute } from './route-get.ts'
import { changeRule, listRules } from './rule.ts'

/** Where an `ip` command prints and what it can see. */
export interface IprouteTarget {
  readonly host: Host
  /** Other namespaces, so that `link-netnsid` can be told and a veth's other end removed. */
  readonly namespaces?: readonly Host[]
  out(text: string): void
  error(text: string): void
}

/**
 * Runs one `ip` command on a host: the shell's `ip` and the `exec:` lines of topologies.
 * @param words the words after `ip`
 * @returns the exit code of iproute2 6.1
 */
export function applyIproute(target: IprouteTarget, words: readonly string[]): number {
  const parsed = parseIpCommand(words)
  if (!parsed.ok) {
    target.error(parsed.stderr)
    return parsed.exitCode
  }
  const unmodelled = unmodelledOption(parsed.options, parsed.operation)
  if (unmodelled !== undefined) {
    target.error(`ip: option "${unmodelled}" is not modelled by drylab\n`)
    return 2
  }
  const context: IpContext = {
    host: target.host,
    options: parsed.options,
    namespaces: target.namespaces ?? [],
    out: text => target.out(text),
    error: text => target.error(text),
  }
  return run(context, parsed.operation)
}

function unmodelledOption(options: IpOptions, operation: IpOperation): string | undefined {
  const isLink = operation.kind === 'link-list' || operation.kind === 'address-list'
  if (options.details && isLink) return '-details'
  return undefined
}

/** The version whose output is reproduced. */
const VERSION_LINE = 'ip utility, iproute2-6.1.0, libbpf 1.1.2\n'

function run(context: IpContext, operation: IpOperation): number {
  switch (operation.kind) {
    case 'version':
      context.out(VERSION_LINE)
      return 0
    case 'help':
      return help(context, operation.object)
    case 'address-change':
      return changeAddress(context, operation)
    case 'address-list':
      return listAddresses(context, operation)
    case 'link-add':
      return addLink(context, operation)
    case 'link-set':
      return setLink(context, operation)
    case 'link-delete':
      return deleteLink(context, operation)
    case 'link-list':
      return listLinks(context, operation)
    case 'route-change':
      return changeRoute(context, operation)
    case 'route-list':
      return listRoutes(context, operation)
    case 'route-get':
      return getRoute(context, operation)
    default:
      return runOther(context, operation)
  }
}

type OtherOperation = Extract<IpOperation, { kind: `neighbor-${string}` | `rule-${string}` | `nexthop-${string}` }>

function runOther(context: IpContext, operation: OtherOperation): number {
  switch (operation.kind) {
    case 'neighbor-change':
      return changeNeighbor(context, operation)
    case 'neighbor-list':
      return listNeighbors(context, operation)
    case 'neighbor-get':
      return getNeighbor(context, operation)
    case 'rule-change':
      return changeRule(context, operation)
    case 'rule-list':
      return listRules(context, operation)
    case 'nexthop-change':
      return changeNextHop(context, operation)
    case 'nexthop-list':
      return listNextHops(context, operation)
    case 'nexthop-get':
      return getNextHop(context, operation)
    default:
      return unreachable(operation)
  }
}

/** Differs from Linux: a short text of our own; the real one lists every option, most of which are not modelled. */
function help(context: IpContext, object: string): number {
  const objects = 'address | link | route | neighbor | nexthop | rule'
  const commands: Readonly<Record<string, string>> = {
    ip: `[ -br | -j | -p | -o | -s | -d | -4 ] { ${objects} } COMMAND`,
    address: 'address { add | change | replace | del | show | flush } …',
    link: 'link { add | set | del | show } …',
    route: 'route { add | append | change | replace | del | show | get | flush } …',
    neigh: 'neigh { add | change | replace | del | show | get | flush } …',
    nexthop: 'nexthop { add | replace | del | show | get | flush } …',
    rule: 'rule show',
  }
  context.error(`Usage: ip ${commands[object] ?? commands.ip}\n`)
  return 255
}
