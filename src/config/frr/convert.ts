import type { FrrVersion } from '../../model/frr-version.ts'
import type { CommunityList, PolicyModel, RouteMapEntry } from '../../model/policy.ts'
import type { RouterModel, StaticRouteModel } from '../../model/router.ts'
import { NEXT_HOP_GROUP_KEEP_SECONDS, routerDefaults } from '../router-defaults.ts'
import type { RouterVersion } from '../router-version.ts'
import { convertBgp } from './convert-bgp.ts'
import { known } from './convert-peer.ts'
import type {
  CommunityListDraft,
  InterfaceDraft,
  ListDraft,
  RouteMapEntryDraft,
  RouterDraft,
  StaticRouteDraft,
} from './draft.ts'
import { formatDraft } from './running-config.ts'

/** The complete router that a draft describes under a release of FRR. */
export function convertDraft(draft: RouterDraft, version: RouterVersion, dialect: RouterModel['dialect']): RouterModel {
  const defaults = routerDefaults({
    version: version.version,
    ...known('writtenVersion', draft.writtenVersion as FrrVersion | undefined),
    profile: draft.defaults,
  })
  return {
    dialect,
    version: version.version,
    isVersionKnown: version.isKnown,
    defaults: draft.defaults,
    ...known('hostName', draft.hostName),
    interfaces: [...draft.interfaces.values()].map(convertInterface),
    staticRoutes: draft.staticRoutes.map(convertStaticRoute),
    zebra: {
      resolveViaDefault: draft.resolveViaDefault ?? defaults.resolveViaDefault,
      nextHopGroupKeepSeconds: draft.nextHopGroupKeepSeconds ?? NEXT_HOP_GROUP_KEEP_SECONDS,
      ...known('routerId', draft.routerId),
      protocolRouteMaps: new Map(draft.protocolRouteMaps),
    },
    ...known('bgp', draft.bgp === undefined ? undefined : convertBgp(draft.bgp, defaults)),
    ...known('bfd', draft.bfd),
    policy: convertPolicy(draft),
    sysctls: convertSysctls(draft),
    sourceNat: [],
    runningConfig: () => {
      const newest = routerDefaults({ version: version.version, profile: draft.defaults })
      return formatDraft(draft, version, defaults, newest)
    },
  }
}

function convertInterface(draft: InterfaceDraft): RouterModel['interfaces'][number] {
  const { name, addresses, shutdown, description, source } = draft
  return { name, addresses: [...addresses], shutdown, ...known('description', description), source }
}

function convertStaticRoute({ text: _, ...route }: StaticRouteDraft): StaticRouteModel {
  return route
}

function convertSysctls(draft: RouterDraft): ReadonlyMap<string, string> {
  const sysctls = new Map<string, string>()
  if (draft.isForwarding !== undefined) sysctls.set('net.ipv4.ip_forward', draft.isForwarding ? '1' : '0')
  if (draft.isIpv6Forwarding !== undefined) {
    sysctls.set('net.ipv6.conf.all.forwarding', draft.isIpv6Forwarding ? '1' : '0')
  }
  return sysctls
}

function convertPolicy(draft: RouterDraft): PolicyModel {
  return {
    prefixLists: mapValues(draft.prefixLists, entriesOf),
    accessLists: mapValues(draft.accessLists, list => list.entries.map(({ text: _, ...entry }) => entry)),
    asPathLists: mapValues(draft.asPathLists, entriesOf),
    communityLists: mapValues(draft.communityLists, convertCommunityList),
    largeCommunityLists: mapValues(draft.largeCommunityLists, convertCommunityList),
    routeMaps: mapValues(draft.routeMaps, entries => entries.map(convertRouteMapEntry)),
  }
}

function entriesOf<Entry>(list: ListDraft<Entry>): readonly Entry[] {
  return [...list.entries]
}

function convertCommunityList({ kind, entries }: CommunityListDraft): CommunityList {
  return { kind, entries: [...entries] }
}

function convertRouteMapEntry(entry: RouteMapEntryDraft): RouteMapEntry {
  const { sequence, action, source } = entry
  return {
    sequence,
    action,
    matches: [...entry.matches],
    sets: [...entry.sets],
    ...known('call', entry.call),
    ...known('onMatch', entry.onMatch),
    ...known('description', entry.description),
    source,
  }
}

function mapValues<From, To>(map: ReadonlyMap<string, From>, convert: (value: From) => To): ReadonlyMap<string, To> {
  return new Map([...map].map(([key, value]) => [key, convert(value)]))
}
