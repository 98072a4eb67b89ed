import type { PrefixListEntry } from '../../model/policy.ts'
import type { RouterModel } from '../../model/router.ts'
import { formatAddressWithLength, formatIpv4, formatPrefix, prefixLength } from '../../wire/address.ts'
import type { RouterDefaults } from '../router-defaults.ts'
import type { RouterVersion } from '../router-version.ts'
import type { CommunityListDraft, InterfaceDraft, RouteMapEntryDraft, RouterDraft } from './draft.ts'
import { formatBfd } from './running-config-bfd.ts'
import { formatBgp } from './running-config-bgp.ts'

/**
 * What `vtysh -c 'show running-config'` prints for a router: `Building configuration...` to the blank line after `end`.
 * The host name is the container's, whatever the file says (measured on FRR 8.4.4).
 */
export function formatRunningConfig(model: RouterModel, hostName: string): readonly string[] {
  const [version, profile, ...rest] = model.runningConfig()
  const head = ['Building configuration...', '', 'Current configuration:', '!']
  return [...head, version ?? '', profile ?? '', `hostname ${hostName}`, ...rest, 'end', '']
}

/**
 * The lines of `RouterModel.runningConfig()`: the version, the profile, then everything after `hostname` up to `end`.
 * `newest` are the defaults without a `frr version` line: what differs from them is printed.
 */
export function formatDraft(
  draft: RouterDraft,
  version: RouterVersion,
  defaults: RouterDefaults,
  newest: RouterDefaults,
): readonly string[] {
  return [
    `frr version ${version.text}`,
    `frr defaults ${draft.defaults}`,
    ...formatGlobal(draft),
    ...section(draft.routerId === undefined ? [] : [`ip router-id ${formatIpv4(draft.routerId)}`]),
    ...section(sortRoutes(draft).map(route => route.text)),
    ...[...draft.interfaces.values()].sort(byName).flatMap(formatInterface),
    ...(draft.bgp === undefined ? [] : section(formatBgp(draft.bgp, defaults, newest))),
    ...formatLists(draft),
    ...[...draft.routeMaps]
      .sort(byKey)
      .flatMap(([name, entries]) => entries.flatMap(entry => formatRouteMap(name, entry))),
    ...section(formatNht(draft, defaults)),
    ...section([...draft.protocolRouteMaps].map(([protocol, map]) => `ip protocol ${protocol} route-map ${map}`)),
    ...(draft.bfd === undefined ? [] : section(formatBfd(draft.bfd))),
    ...(draft.vtyLines.length === 0 ? [] : section(['line vty', ...draft.vtyLines.map(indent), 'exit'])),
  ]
}

/** `log`, forwarding, `service`, debugging and passwords: each kind in a section of its own. */
function formatGlobal(draft: RouterDraft): readonly string[] {
  const lines = [...draft.globalLines.values()]
  const of = (pattern: RegExp) => lines.filter(line => pattern.test(line)).sort()
  return [
    ...of(/^log /),
    ...(draft.isForwarding === false ? ['no ip forwarding'] : []),
    ...(draft.isIpv6Forwarding === false ? ['no ipv6 forwarding'] : []),
    ...(draft.nextHopGroupKeepSeconds === undefined
      ? []
      : [`zebra nexthop-group keep ${draft.nextHopGroupKeepSeconds}`]),
    ...lines.filter(line => !/^(log|debug|password|enable) /.test(line)),
    '!',
    ...section(of(/^debug /)),
    ...section(of(/^(password|enable) /)),
  ]
}

function formatNht(draft: RouterDraft, defaults: RouterDefaults): readonly string[] {
  const { resolveViaDefault } = draft
  if (resolveViaDefault === undefined || resolveViaDefault === defaults.resolveViaDefault) return []
  return [`${resolveViaDefault ? '' : 'no '}ip nht resolve-via-default`]
}

/** By length, then address; the next hops of one prefix by distance and gateway (staticd's tree; measured on 8.4.4). */
function sortRoutes(draft: RouterDraft): readonly RouterDraft['staticRoutes'][number][] {
  return [...draft.staticRoutes].sort(
    (one, other) =>
      prefixLength(one.prefix) - prefixLength(other.prefix) ||
      one.prefix - other.prefix ||
      one.distance - other.distance ||
      (one.gateway ?? 0) - (other.gateway ?? 0),
  )
}

function formatInterface(draft: InterfaceDraft): readonly string[] {
  const lines = [
    ...(draft.description === undefined ? [] : [`description ${draft.description}`]),
    ...draft.addresses.map(address => `ip address ${formatAddressWithLength(address)}`),
    ...(draft.shutdown ? ['shutdown'] : []),
  ]
  return lines.length === 0 ? [] : section([`interface ${draft.name}`, ...lines.map(indent), 'exit'])
}

function formatLists(draft: RouterDraft): readonly string[] {
  const access = [...draft.accessLists]
    .sort(byKey)
    .flatMap(([name, list]) => [
      ...(list.description === undefined ? [] : [`access-list ${name} remark ${list.description}`]),
      ...list.entries.map(entry => `access-list ${name} seq ${entry.sequence} ${entry.action} ${entry.text}`),
    ])
  const prefixes = [...draft.prefixLists]
    .sort(byKey)
    .flatMap(([name, list]) => [
      ...(list.description === undefined ? [] : [`ip prefix-list ${name} description ${list.description}`]),
      ...list.entries.map(
        entry => `ip prefix-list ${name} seq ${entry.sequence} ${entry.action} ${formatEntry(entry)}`,
      ),
    ])
  const paths = [...draft.asPathLists]
    .sort(byKey)
    .flatMap(([name, list]) =>
      list.entries.map(entry => `bgp as-path access-list ${name} seq ${entry.sequence} ${entry.action} ${entry.regex}`),
    )
  const communities = [
    ...formatCommunityLists('community-list', draft.communityLists),
    ...formatCommunityLists('large-community-list', draft.largeCommunityLists),
  ]
  return [access, prefixes, paths, communities].flatMap(section)
}

function formatEntry({ prefix, ge, le }: PrefixListEntry): string {
  if (prefix === 0 && ge === undefined && le === 32) return 'any'
  return `${formatPrefix(prefix)}${ge === undefined ? '' : ` ge ${ge}`}${le === undefined ? '' : ` le ${le}`}`
}

function formatCommunityLists(keyword: string, lists: ReadonlyMap<string, CommunityListDraft>): readonly string[] {
  const isNumber = (name: string) => /^\d+$/.test(name)
  const sorted = [...lists].sort(byKey)
  const ordered = [...sorted.filter(([name]) => isNumber(name)), ...sorted.filter(([name]) => !isNumber(name))]
  return ordered.flatMap(([name, { kind, entries }]) =>
    entries.map(entry => {
      const head = isNumber(name) ? name : `${kind} ${name}`
      return `bgp ${keyword} ${head} seq ${entry.sequence} ${entry.action} ${entry.values.join(' ')}`
    }),
  )
}

/** vtysh sorts the lines of an entry by their text; set clauses run in the order entered all the same. */
function formatRouteMap(name: string, entry: RouteMapEntryDraft): readonly string[] {
  const { onMatch } = entry
  const lines = [
    ...entry.lines.values(),
    ...(entry.description === undefined ? [] : [`description ${entry.description}`]),
    ...(entry.call === undefined ? [] : [`call ${entry.call}`]),
    ...(onMatch === undefined ? [] : [onMatch.kind === 'next' ? 'on-match next' : `on-match goto ${onMatch.sequence}`]),
  ]
  return section([`route-map ${name} ${entry.action} ${entry.sequence}`, ...lines.sort().map(indent), 'exit'])
}

function section(lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [...lines, '!']
}

function indent(line: string): string {
  return ` ${line}`
}

function byKey([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number {
  return one < other ? -1 : one > other ? 1 : 0
}

function byName(one: { readonly name: string }, other: { readonly name: string }): number {
  return byKey([one.name, one], [other.name, other])
}
