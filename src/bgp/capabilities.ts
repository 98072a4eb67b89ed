import type { BgpModel, BgpPeerModel } from '../model/bgp.ts'
import type { Ipv4Address } from '../wire/address.ts'
import type { BgpCapability, BgpOpen } from '../wire/bgp/message.ts'
import type { BgpBehaviour } from './implementation.ts'

const IPV4_UNICAST = { afi: 1, safi: 1 } as const

/** What both OPENs together allow. */
export interface NegotiatedSession {
  readonly holdSeconds: number
  readonly keepaliveSeconds: number
  readonly isIpv4Unicast: boolean
  readonly fourOctetAsn: boolean
  readonly maximumBytes: number
  readonly routeRefresh: boolean
  readonly enhancedRefresh: boolean
  /** Both sides set the N bit: administrative resets travel as hard resets. */
  readonly hardReset: boolean
  /** The other side sent the graceful restart capability: End-of-RIB is expected. */
  readonly endOfRib: boolean
  /** Both sides know graceful restart, and the other one can restart with IPv4 unicast routes. */
  readonly gracefulRestart: { readonly restartSeconds: number; readonly forwards: boolean } | undefined
}

/** In what the OPENs of one speaker to its peers differ: text, numbers and truth only. */
export interface OpenChoices {
  readonly asn: number
  readonly holdSeconds: number
  readonly routerId: Ipv4Address
  readonly isInternal: boolean
  readonly isRestarting: boolean
  readonly hasIpv4Unicast: boolean
  readonly dontCapabilityNegotiate: boolean
  readonly dynamic: boolean
  readonly extendedNextHop: boolean
  readonly softwareVersion: boolean
}

/** The capabilities of an OPEN in the order the implementation sends them. */
export function ownCapabilities(
  behaviour: BgpBehaviour,
  gracefulRestart: BgpModel['gracefulRestart'],
  choices: OpenChoices,
): readonly BgpCapability[] {
  if (choices.dontCapabilityNegotiate) return []
  return behaviour.kind === 'gobgp'
    ? gobgpCapabilities(behaviour, gracefulRestart, choices)
    : frrCapabilities(behaviour, gracefulRestart, choices)
}

/** FRR bgp_open_capability. */
function frrCapabilities(
  behaviour: BgpBehaviour,
  gracefulRestart: BgpModel['gracefulRestart'],
  choices: OpenChoices,
): readonly BgpCapability[] {
  const { version } = behaviour
  const capabilities: BgpCapability[] = []
  const isActive = choices.hasIpv4Unicast
  if (isActive) capabilities.push({ name: 'multiprotocol', ...IPV4_UNICAST })
  if (version < 901) capabilities.push({ name: 'route-refresh-old' })
  capabilities.push({ name: 'route-refresh' }, { name: 'enhanced-route-refresh' })
  capabilities.push({ name: 'four-octet-asn', asn: choices.asn }, { name: 'extended-message' })
  if (isActive) {
    capabilities.push({ name: 'add-path', families: [{ ...IPV4_UNICAST, mode: 1 }] })
    if (version >= 1001) capabilities.push({ name: 'paths-limit', families: [{ ...IPV4_UNICAST, limit: 0 }] })
  }
  if (choices.dynamic) capabilities.push({ name: 'dynamic' })
  capabilities.push({ name: 'fqdn', hostName: behaviour.hostName, domainName: '' })
  if (gracefulRestart.mode !== 'disabled') {
    capabilities.push({
      name: 'graceful-restart',
      restarting: choices.isRestarting,
      notification: version >= 804,
      restartSeconds: gracefulRestart.restartSeconds,
      families:
        gracefulRestart.mode === 'restarting' && isActive
          ? [{ ...IPV4_UNICAST, forwarding: gracefulRestart.preservesForwarding === true }]
          : [],
    })
    if (isActive && version >= 800) {
      capabilities.push({
        name: 'long-lived-graceful-restart',
        families: [{ ...IPV4_UNICAST, flags: 0x80, staleSeconds: 0 }],
      })
    }
  }
  if (choices.softwareVersion && version >= 900) {
    capabilities.push({ name: 'software-version', version: `FRRouting/${Math.floor(version / 100)}.${version % 100}` })
  }
  return capabilities
}

/** GoBGP v3 capabilitiesFromConfig. */
function gobgpCapabilities(
  behaviour: BgpBehaviour,
  gracefulRestart: BgpModel['gracefulRestart'],
  choices: OpenChoices,
): readonly BgpCapability[] {
  const capabilities: BgpCapability[] = [
    { name: 'route-refresh' },
    { name: 'fqdn', hostName: behaviour.hostName, domainName: '' },
  ]
  if (choices.isInternal && choices.softwareVersion) {
    capabilities.push({ name: 'software-version', version: `GoBGP/${behaviour.softwareVersion}` })
  }
  if (choices.hasIpv4Unicast || behaviour.offersIpv6) {
    capabilities.push({ name: 'multiprotocol', ...IPV4_UNICAST })
  }
  if (behaviour.offersIpv6) capabilities.push({ name: 'multiprotocol', afi: 2, safi: 1 })
  capabilities.push({ name: 'four-octet-asn', asn: choices.asn })
  if (gracefulRestart.mode === 'restarting') {
    capabilities.push({
      name: 'graceful-restart',
      // Cilium sets LocalRestarting always, as an agent that starts cannot know; GoBGP then says that forwarding went on
      restarting: true,
      notification: true,
      restartSeconds: gracefulRestart.restartSeconds,
      families: [{ ...IPV4_UNICAST, forwarding: true }],
    })
  }
  if (choices.extendedNextHop) {
    capabilities.push({ name: 'extended-next-hop', families: [{ ...IPV4_UNICAST, nextHopAfi: 2 }] })
  }
  return capabilities
}

/** RFC 5492 and the RFCs of each capability; hold time and keepalive as RFC 4271 §4.2 and the implementation have it. */
export function negotiate(
  own: BgpOpen,
  other: BgpOpen,
  timers: BgpPeerModel['timers'],
  options: { readonly overrideCapability: boolean; readonly isFamilyActive: boolean },
): NegotiatedSession {
  const holdSeconds = Math.min(own.holdSeconds, other.holdSeconds)
  const third = Math.floor(holdSeconds / 3)
  const both = (name: BgpCapability['name']): boolean => has(own, name) && has(other, name)
  const notification = (open: BgpOpen): boolean =>
    open.capabilities.some(each => each.name === 'graceful-restart' && each.notification)
  const isOffered =
    other.capabilities.length === 0 || !has(other, 'multiprotocol') || options.overrideCapability || offersIpv4(other)
  return {
    holdSeconds,
    keepaliveSeconds: holdSeconds === 0 ? 0 : Math.max(1, Math.min(timers.keepaliveSeconds, third)),
    isIpv4Unicast: options.isFamilyActive && isOffered,
    fourOctetAsn: both('four-octet-asn'),
    maximumBytes: both('extended-message') ? 65535 : 4096,
    routeRefresh: both('route-refresh'),
    enhancedRefresh: both('enhanced-route-refresh'),
    hardReset: notification(own) && notification(other),
    endOfRib: has(other, 'graceful-restart'),
    gracefulRestart: has(own, 'graceful-restart') ? restartOf(other) : undefined,
  }
}

function restartOf(open: BgpOpen): NegotiatedSession['gracefulRestart'] {
  const capability = open.capabilities.find(each => each.name === 'graceful-restart')
  const family = capability?.families.find(each => each.afi === 1 && each.safi === 1)
  if (capability === undefined || family === undefined) return undefined
  return { restartSeconds: capability.restartSeconds, forwards: family.forwarding }
}

function has(open: BgpOpen, name: BgpCapability['name']): boolean {
  return open.capabilities.some(each => each.name === name)
}

function offersIpv4(open: BgpOpen): boolean {
  return open.capabilities.some(each => each.name === 'multiprotocol' && each.afi === 1 && each.safi === 1)
}
