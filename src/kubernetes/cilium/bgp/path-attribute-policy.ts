/**
 * `advertisedPathAttributes` of a neighbor as a route-map: one entry per element that selects prefixes, then everything else
 * as it is. Source: pkg/bgpv1/manager/reconciler/route_policy.go (pathAttributesToPolicy).
 */
import type { PrefixListEntry, RouteMapEntry, RouteMapSet } from '../../../model/policy.ts'
import type { Prefix } from '../../../wire/address.ts'
import { GOBGP_COMMUNITY_NAMES, parseCommunityPair } from '../../../wire/bgp/attributes.ts'
import type { BgpPathAttributes } from '../../api/cilium-resources.ts'

/** An element with the prefixes it applies to. */
export interface SelectedAttributes {
  readonly attributes: BgpPathAttributes
  readonly prefixes: readonly Prefix[]
}

export interface AttributePolicy {
  readonly routeMap: readonly RouteMapEntry[]
  readonly prefixLists: ReadonlyMap<string, readonly PrefixListEntry[]>
}

/** @param name of the route-map; prefix lists are named after it */
export function attributePolicy(
  name: string,
  elements: readonly SelectedAttributes[],
  isInternal: boolean,
): AttributePolicy {
  const prefixLists = new Map<string, readonly PrefixListEntry[]>()
  const routeMap: RouteMapEntry[] = []
  for (const [index, element] of elements.entries()) {
    if (element.prefixes.length === 0) continue
    const listName = `${name}-${index}`
    prefixLists.set(
      listName,
      element.prefixes.map((prefix, position) => ({ sequence: position + 1, action: 'permit', prefix })),
    )
    routeMap.push({
      sequence: (index + 1) * 10,
      action: 'permit',
      matches: [{ kind: 'prefix-list', name: listName }],
      sets: attributeSets(element.attributes, isInternal),
    })
  }
  routeMap.push({ sequence: 65535, action: 'permit', matches: [], sets: [] })
  return { routeMap, prefixLists }
}

/** A standard community as a 32-bit value: `65000:100` or a number. Undefined when it is neither. */
export function parseCommunity(text: string): number | undefined {
  if (!/^\d+$/.test(text)) return parseCommunityPair(text)
  return Number(text) <= 0xffffffff ? Number(text) : undefined
}

/** Local preference is sent to internal peers only. */
function attributeSets(attributes: BgpPathAttributes, isInternal: boolean): readonly RouteMapSet[] {
  const sets: RouteMapSet[] = []
  const { standard = [], large = [], wellKnown = [] } = attributes.communities ?? {}
  const communities = [
    ...standard.flatMap(text => parseCommunity(text) ?? []),
    ...wellKnown.flatMap(name => GOBGP_COMMUNITY_NAMES.get(name) ?? []),
  ]
  if (communities.length > 0) sets.push({ kind: 'community', communities, additive: true })
  if (large.length > 0) sets.push({ kind: 'large-community', communities: large, additive: true })
  if (attributes.localPreference !== undefined && isInternal) {
    sets.push({ kind: 'local-preference', value: attributes.localPreference })
  }
  return sets
}
