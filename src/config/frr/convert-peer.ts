import { type BgpPeerModel, type PeerFamilyModel, type PeerPolicyNames, PLAIN_FAMILY } from '../../model/bgp.ts'
import { BGP_PORT } from '../router-defaults.ts'
import type { BgpDraft, FamilyOptions, PeerDraft, PeerOptions, PolicyNamesDraft } from './bgp-draft.ts'

/** What a peer falls back to when neither it nor its group says. */
export interface PeerDefaults {
  readonly timers: BgpPeerModel['timers']
  readonly enforceFirstAs: boolean
}

/** The neighbours of an instance. Most members of a group say nothing themselves: they differ by address and place only. */
export function convertPeers(bgp: BgpDraft, defaults: PeerDefaults): readonly BgpPeerModel[] {
  const plainMembers = new Map<string, BgpPeerModel>()
  return [...bgp.peers.values()].map(peer => {
    const { address, group, source, options, family } = peer
    if (address === undefined || group === undefined || !isEmpty(options) || !setsNothing(family))
      return convertPeer(peer, bgp, defaults)
    const kind = `${family.activated} ${group}`
    const alike = plainMembers.get(kind)
    if (alike !== undefined) return { ...alike, address, source }
    const model = convertPeer(peer, bgp, defaults)
    plainMembers.set(kind, model)
    return model
  })
}

/** A neighbour with its group's statements and the instance's defaults filled in. */
export function convertPeer(peer: PeerDraft, bgp: BgpDraft, defaults: PeerDefaults): BgpPeerModel {
  const group = peer.group === undefined ? undefined : bgp.groups.get(peer.group)
  const options = inherit(peer.options, group?.options)
  return {
    ...known('address', peer.address),
    ...known('interface', peer.kind === 'interface' ? peer.key : undefined),
    ...known('peerGroup', peer.kind === 'group' ? peer.key : peer.group),
    ...known('remoteAs', options.remoteAs),
    ...known('localAs', options.localAs),
    ...known('description', options.description),
    shutdown: options.shutdown ?? false,
    passive: options.passive ?? false,
    ...known('password', options.password),
    port: options.port ?? BGP_PORT,
    ...known('updateSource', options.updateSource),
    ...known('ebgpMultihopTtl', options.ebgpMultihopTtl),
    ...known('ttlSecurityHops', options.ttlSecurityHops),
    disableConnectedCheck: options.disableConnectedCheck ?? false,
    solo: options.solo ?? false,
    enforceFirstAs: options.enforceFirstAs ?? defaults.enforceFirstAs,
    timers: {
      keepaliveSeconds: options.timers?.keepaliveSeconds ?? defaults.timers.keepaliveSeconds,
      holdSeconds: options.timers?.holdSeconds ?? defaults.timers.holdSeconds,
      connectRetrySeconds: options.connectRetrySeconds ?? defaults.timers.connectRetrySeconds,
    },
    advertisementIntervalSeconds: options.advertisementIntervalSeconds ?? 0,
    ...known('delayOpenSeconds', options.delayOpenSeconds),
    bfd: options.bfd ?? false,
    ...known('bfdSettings', options.bfdSettings),
    capabilities: {
      dynamic: options.dynamicCapability ?? false,
      extendedNextHop: options.extendedNextHop ?? peer.kind === 'interface',
      softwareVersion: options.softwareVersion ?? false,
    },
    dontCapabilityNegotiate: options.dontCapabilityNegotiate ?? false,
    overrideCapability: options.overrideCapability ?? false,
    strictCapabilityMatch: options.strictCapabilityMatch ?? false,
    ...known('ipv4Unicast', peer.family.activated ? convertFamily(peer.family, group?.family) : undefined),
    source: peer.source,
  }
}

function convertFamily(own: FamilyOptions, group: FamilyOptions | undefined): PeerFamilyModel {
  if (setsNothing(own) && (group === undefined || setsNothing(group))) return PLAIN_FAMILY
  const family = inherit(own, group)
  return {
    routeReflectorClient: family.routeReflectorClient ?? false,
    routeServerClient: family.routeServerClient ?? false,
    nextHopSelf: family.nextHopSelf ?? 'off',
    softReconfigurationInbound: family.softReconfigurationInbound ?? false,
    ...known('allowAsIn', family.allowAsIn),
    asOverride: family.asOverride ?? false,
    ...known('removePrivateAs', family.removePrivateAs),
    ...known('defaultOriginate', family.defaultOriginate),
    attributeUnchanged: attributeUnchangedOf(own, family),
    sendCommunity: {
      standard: family.sendStandard ?? true,
      extended: family.sendExtended ?? true,
      large: family.sendLarge ?? true,
    },
    ...known('weight', family.weight),
    ...known('maximumPrefix', withoutThreshold(family.maximumPrefix)),
    senderAsPathLoopDetection: family.senderAsPathLoopDetection ?? false,
    ...known('unsuppressMap', family.unsuppressMap),
    in: convertNames(own.in, group?.in),
    out: convertNames(own.out, group?.out),
  }
}

/** Whether only the family itself was switched on, as for nearly every peer of a fabric. */
function setsNothing({ activated: _, in: received, out: sent, ...options }: FamilyOptions): boolean {
  return isEmpty(received) && isEmpty(sent) && isEmpty(options)
}

function isEmpty(options: object): boolean {
  for (const value of Object.values(options)) if (value !== undefined) return false
  return true
}

/**
 * `route-server-client` typed for the neighbour itself keeps the next hop too; what it inherits from its group does not
 * (peer_af_flag_modify sets NEXTHOP_UNCHANGED beside the flag, on that peer only; measured on 8.4.4).
 */
function attributeUnchangedOf(own: FamilyOptions, family: FamilyOptions): PeerFamilyModel['attributeUnchanged'] {
  const unchanged = family.attributeUnchanged ?? { asPath: false, nextHop: false, med: false }
  return own.routeServerClient === true ? { ...unchanged, nextHop: true } : unchanged
}

function withoutThreshold(maximum: FamilyOptions['maximumPrefix']): PeerFamilyModel['maximumPrefix'] {
  if (maximum === undefined) return undefined
  const { limit, warningOnly } = maximum
  return { limit, warningOnly, ...known('restartMinutes', maximum.restartMinutes) }
}

function convertNames(own: PolicyNamesDraft, group: PolicyNamesDraft | undefined): PeerPolicyNames {
  const names = inherit(own, group)
  return {
    ...known('routeMap', names.routeMap),
    ...known('prefixList', names.prefixList),
    ...known('distributeList', names.distributeList),
    ...known('filterList', names.filterList),
  }
}

/** The member's own statements, and the group's where it has none. */
function inherit<Options extends PeerOptions | FamilyOptions | PolicyNamesDraft>(
  own: Options,
  group: Options | undefined,
): Options {
  if (group === undefined) return own
  const said = Object.entries(own).filter(([, value]) => value !== undefined)
  return { ...group, ...Object.fromEntries(said) } as Options
}

/** A property that is left out when there is no value, as exact optional properties want it. */
export function known<Key extends string, Value>(key: Key, value: Value | undefined): { readonly [K in Key]?: Value } {
  return (value === undefined ? {} : { [key]: value }) as { readonly [K in Key]?: Value }
}
