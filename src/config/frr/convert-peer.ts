import { type BgpPeerModel, type PeerFamilyModel, type PeerPolicyNames, PLAIN_FAMILY } from '../../model/bgp.ts'
import type { Mutable } from '../../model/mutable.ts'
import { BGP_PORT } from '../router-defaults.ts'
import type { BgpDraft, FamilyOptions, PeerDraft, PeerOptions, PolicyNamesDraft } from './bgp-draft.ts'

/** What a peer falls back to when neither it nor its group says. */
export interface PeerDefaults {
  readonly timers: BgpPeerModel['timers']
  readonly enforceFirstAs: boolean
}

/** Of a family's options: that it is exchanged, and what holds further ones. */
const FAMILY_ITSELF = new Set(['activated', 'in', 'out'])

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
  const model: Mutable<BgpPeerModel> = {
    shutdown: options.shutdown ?? false,
    passive: options.passive ?? false,
    port: options.port ?? BGP_PORT,
    disableConnectedCheck: options.disableConnectedCheck ?? false,
    solo: options.solo ?? false,
    enforceFirstAs: options.enforceFirstAs ?? defaults.enforceFirstAs,
    timers: {
      keepaliveSeconds: options.timers?.keepaliveSeconds ?? defaults.timers.keepaliveSeconds,
      holdSeconds: options.timers?.holdSeconds ?? defaults.timers.holdSeconds,
      connectRetrySeconds: options.connectRetrySeconds ?? defaults.timers.connectRetrySeconds,
    },
    advertisementIntervalSeconds: options.advertisementIntervalSeconds ?? 0,
    bfd: options.bfd ?? false,
    capabilities: {
      dynamic: options.dynamicCapability ?? false,
      extendedNextHop: options.extendedNextHop ?? peer.kind === 'interface',
      softwareVersion: options.softwareVersion ?? false,
    },
    dontCapabilityNegotiate: options.dontCapabilityNegotiate ?? false,
    overrideCapability: options.overrideCapability ?? false,
    strictCapabilityMatch: options.strictCapabilityMatch ?? false,
    source: peer.source,
  }
  setKnown(model, 'address', peer.address)
  setKnown(model, 'interface', peer.kind === 'interface' ? peer.key : undefined)
  setKnown(model, 'peerGroup', peer.kind === 'group' ? peer.key : peer.group)
  setKnown(model, 'remoteAs', options.remoteAs)
  setKnown(model, 'localAs', options.localAs)
  setKnown(model, 'description', options.description)
  setKnown(model, 'password', options.password)
  setKnown(model, 'updateSource', options.updateSource)
  setKnown(model, 'ebgpMultihopTtl', options.ebgpMultihopTtl)
  setKnown(model, 'ttlSecurityHops', options.ttlSecurityHops)
  setKnown(model, 'delayOpenSeconds', options.delayOpenSeconds)
  setKnown(model, 'bfdSettings', options.bfdSettings)
  setKnown(model, 'ipv4Unicast', peer.family.activated ? convertFamily(peer.family, group?.family) : undefined)
  return model
}

function convertFamily(own: FamilyOptions, group: FamilyOptions | undefined): PeerFamilyModel {
  if (setsNothing(own) && (group === undefined || setsNothing(group))) return PLAIN_FAMILY
  const family = inherit(own, group)
  const model: Mutable<PeerFamilyModel> = {
    routeReflectorClient: family.routeReflectorClient ?? false,
    routeServerClient: family.routeServerClient ?? false,
    nextHopSelf: family.nextHopSelf ?? 'off',
    softReconfigurationInbound: family.softReconfigurationInbound ?? false,
    asOverride: family.asOverride ?? false,
    attributeUnchanged: attributeUnchangedOf(own, family),
    sendCommunity: {
      standard: family.sendStandard ?? true,
      extended: family.sendExtended ?? true,
      large: family.sendLarge ?? true,
    },
    senderAsPathLoopDetection: family.senderAsPathLoopDetection ?? false,
    in: convertNames(own.in, group?.in),
    out: convertNames(own.out, group?.out),
  }
  setKnown(model, 'allowAsIn', family.allowAsIn)
  setKnown(model, 'removePrivateAs', family.removePrivateAs)
  setKnown(model, 'defaultOriginate', family.defaultOriginate)
  setKnown(model, 'weight', family.weight)
  setKnown(model, 'maximumPrefix', withoutThreshold(family.maximumPrefix))
  setKnown(model, 'unsuppressMap', family.unsuppressMap)
  return model
}

/** Whether only the family itself was switched on, as for nearly every peer of a fabric. */
function setsNothing(family: FamilyOptions): boolean {
  const own = Object.entries(family).filter(([key]) => !FAMILY_ITSELF.has(key))
  return isEmpty(family.in) && isEmpty(family.out) && own.every(([, value]) => value === undefined)
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
  if (isEmpty(own)) return group
  const said = Object.entries(own).filter(([, value]) => value !== undefined)
  return { ...group, ...Object.fromEntries(said) } as Options
}

/** Sets a property unless there is no value: exact optional properties are then left out. */
function setKnown<Type, Key extends keyof Type>(target: Type, key: Key, value: Type[Key] | undefined): void {
  if (value !== undefined) target[key] = value
}

/** A property that is left out when there is no value, as exact optional properties want it. */
export function known<Key extends string, Value>(key: Key, value: Value | undefined): { readonly [K in Key]?: Value } {
  return (value === undefined ? {} : { [key]: value }) as { readonly [K in Key]?: Value }
}
