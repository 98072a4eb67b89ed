/*
 * Why LB-IPAM gives a service no address, or not the one that it asks for.
 * Source: operator/pkg/lbipam/lbipam.go (satisfyService, satisfySpecificIPRequest, allocateIPAddress).
 */
import type { CiliumLoadBalancerIPPool } from '../../kubernetes/api/cilium-resources.ts'
import { findCondition } from '../../kubernetes/api/condition.ts'
import type { Service } from '../../kubernetes/api/service.ts'
import {
  emptyServiceView,
  type ServiceView,
  serviceLabels,
  sharingObstacle,
  updateServiceView,
} from '../../kubernetes/cilium/lb-ipam/service-view.ts'
import type { SourceRef } from '../../model/source.ts'
import { formatIpv4, type Ipv4Address } from '../../wire/address.ts'
import type { Step } from '../answer.ts'
import { failed, passed, told } from '../step.ts'
import {
  addressesLeft,
  conflictOf,
  contains,
  holderNames,
  holdersOf,
  ingressAddresses,
  nearestRange,
  type PoolRangeAt,
  poolName,
  poolRanges,
  poolsByAge,
  rangesOf,
} from './pools.ts'
import { selectionRefusal } from './selection.ts'
import { failedFor, listText, mostLikely, type Refusal } from './step.ts'
import { type CiliumSubject, placeOf, serviceKey } from './subject.ts'

/** The gate that LB-IPAM is: the address with the pool it came from, or why there is none. */
export function poolGate(subject: CiliumSubject): Step {
  const { cluster, service, address } = subject
  const given = ingressAddresses(service)
  if (address !== undefined ? given.includes(address) : given.length > 0)
    return givenFrom(subject, address ?? given[0]!)
  const view = viewOf(service)
  if (poolsByAge(cluster).length === 0)
    return failed('there is no CiliumLoadBalancerIPPool: LB-IPAM sleeps until there is one', undefined)
  const missing = view.requestedAddresses.filter(requested => !given.includes(requested))
  const gate =
    missing.length > 0
      ? failedFor(
          'none of the addresses that it asks for can be given',
          missing.map(requested => requestGate(subject, view, requested)),
        )
      : anyGate(subject, view)
  return withCondition(subject, gate)
}

/** What the service looks like to LB-IPAM. */
export function viewOf(service: Service): ServiceView {
  const view = emptyServiceView(service)
  updateServiceView(view, service)
  return view
}

/** Where a service asks for its address: `spec.loadBalancerIP`, or the annotation. */
function requestPlace({ cluster, service }: CiliumSubject): SourceRef | undefined {
  if (service.spec.loadBalancerIP !== undefined) return placeOf(cluster, service, 'spec', 'loadBalancerIP')
  const annotations = service.metadata.annotations ?? {}
  const key = ['lbipam.cilium.io/ips', 'io.cilium/lb-ipam-ips'].find(one => annotations[one] !== undefined)
  return key === undefined ? undefined : placeOf(cluster, service, 'metadata', 'annotations', key)
}

function givenFrom({ cluster, service }: CiliumSubject, address: Ipv4Address): Step {
  const range = poolRanges(cluster).find(one => contains(one, address))
  const asked = viewOf(service).requestedAddresses.includes(address) ? ', as it asked' : ''
  const from = range === undefined ? ' of no pool that is left' : ` from ${poolName(range.pool)} (${range.text})`
  return passed(`it has ${formatIpv4(address)}${from}${asked}`, range?.source)
}

function anyGate(subject: CiliumSubject, view: ServiceView): Step {
  const { cluster, service } = subject
  if (!view.wantsIpv4) {
    const text = 'it wants an IPv6 address: IPv6 is not modelled, and no pool has any'
    return failed(text, placeOf(cluster, service, 'spec', 'ipFamilies'))
  }
  const gates = poolsByAge(cluster).map(pool => poolRefusal(subject, pool) ?? roomRefusal(subject, pool))
  const refusals = gates.filter(gate => gate !== undefined)
  if (refusals.length < gates.length) return failed('LB-IPAM has not given it an address yet')
  return mostLikely('no pool has an address for it', refusals)
}

/** Enabled, without conflict, and selecting the service. */
function poolRefusal(subject: CiliumSubject, pool: CiliumLoadBalancerIPPool): Refusal | undefined {
  const { cluster, cilium } = subject
  const unselected = selectorRefusal(subject, pool)
  const likelihood = unselected?.likelihood ?? 2
  if (pool.spec.disabled === true)
    return { step: failed(`${poolName(pool)} is disabled`, placeOf(cluster, pool, 'spec', 'disabled')), likelihood }
  const conflict = conflictOf(cilium, pool)
  return conflict === undefined ? unselected : { step: conflictStep(subject, pool, conflict), likelihood }
}

function selectorRefusal({ cluster, service }: CiliumSubject, pool: CiliumLoadBalancerIPPool): Refusal | undefined {
  const selector = pool.spec.serviceSelector
  if (selector === undefined) return undefined
  return selectionRefusal({
    selectorName: poolName(pool),
    selector,
    selectorPlace: miss => placeOf(cluster, pool, 'spec', 'serviceSelector', ...miss.path),
    objectName: 'the service',
    labels: serviceLabels(service),
    labelPlace: key => placeOf(cluster, service, 'metadata', 'labels', key),
    otherLabels: cluster.store
      .list('Service')
      .filter(other => other.metadata.uid !== service.metadata.uid && other.spec.type === 'LoadBalancer')
      .map(serviceLabels),
  })
}

function conflictStep({ cluster }: CiliumSubject, pool: CiliumLoadBalancerIPPool, conflict: string): Step {
  const own = rangesOf(cluster, pool)
  const others = poolRanges(cluster).filter(
    one => one.pool !== pool && own.some(({ range }) => range.first <= one.range.last && one.range.first <= range.last),
  )
  const colliding = own.find(one =>
    others.some(({ range }) => range.first <= one.range.last && one.range.first <= range.last),
  )
  return failed(
    `${poolName(pool)} gives nothing: ${lowerFirst(conflict)}`,
    colliding?.source ?? own[0]?.source,
    others.slice(0, 1).map(other => told(`${poolName(other.pool)} is older`, other.source)),
  )
}

function roomRefusal({ cluster, cilium }: CiliumSubject, pool: CiliumLoadBalancerIPPool): Refusal | undefined {
  if (addressesLeft(cilium, pool) !== 0) return undefined
  const ranges = rangesOf(cluster, pool)
  const holders = holderNames(cluster, ranges)
  const taken = holders.length === 0 ? '' : `: ${listText(holders)} hold${holders.length === 1 ? 's' : ''} all of it`
  const text = `${poolName(pool)} (${ranges.map(one => one.text).join(', ')}) is exhausted${taken}`
  return { step: failed(text, ranges[0]?.source), likelihood: 2 }
}

function requestGate(subject: CiliumSubject, view: ServiceView, address: Ipv4Address): Step {
  const { cluster } = subject
  const text = formatIpv4(address)
  const ranges = poolRanges(cluster)
  const containing = ranges.filter(range => contains(range, address))
  if (containing.length === 0) {
    const near = nearestRange(ranges, address)
    const nearest = near === undefined ? [] : [told(`nearest: ${poolName(near.pool)} (${near.text})`, near.source)]
    return failed(`it asks for ${text}, which no pool contains`, requestPlace(subject), nearest)
  }
  const gates = containing.map(({ pool }) => poolRefusal(subject, pool))
  const usable = containing.find((_, index) => gates[index] === undefined)
  if (usable === undefined)
    return mostLikely(
      `no pool that contains ${text} gives it out`,
      gates.filter(gate => gate !== undefined),
    )
  return takenGate(subject, view, { address, range: usable }) ?? failed(`LB-IPAM has not given it ${text} yet`)
}

function takenGate(
  subject: CiliumSubject,
  view: ServiceView,
  { address, range }: { readonly address: Ipv4Address; readonly range: PoolRangeAt },
): Step | undefined {
  const { cluster, cilium } = subject
  const text = formatIpv4(address)
  const [holder] = holdersOf(cluster, address)
  if (holder !== undefined) {
    const obstacle = view.sharingKey === '' ? undefined : sharingObstacle(viewOf(holder), view)
    const why = obstacle === undefined ? '' : `, and they cannot share: ${obstacle}`
    const place = placeOf(cluster, holder, 'metadata', 'name')
    return failed(`it asks for ${text}, which Service ${serviceKey(holder)} has${why}`, requestPlace(subject), [
      told(`Service ${serviceKey(holder)}`, place),
    ])
  }
  const choice = range.pool.spec.allowFirstLastIPs
  const isReserved = cilium.profile.lbIpam.firstAndLastByDefault ? choice === 'No' : choice !== 'Yes'
  const isEnd = address === range.range.first || address === range.range.last
  if (!isReserved || !isEnd || !range.range.isFromCidr || range.range.last - range.range.first <= 1) return undefined
  const reason = choice === undefined ? `the default of ${cilium.profile.minor}` : 'allowFirstLastIPs: No'
  return failed(
    `it asks for ${text}, an end of ${range.text}, which ${poolName(range.pool)} keeps back (${reason})`,
    choice === undefined ? range.source : placeOf(cluster, range.pool, 'spec', 'allowFirstLastIPs'),
  )
}

/** Adds what Cilium itself writes into the service's status. */
function withCondition({ cilium, service }: CiliumSubject, gate: Step): Step {
  const condition = findCondition(service.status.conditions, cilium.profile.lbIpam.satisfiedCondition)
  if (condition?.status !== 'False' || condition.message === undefined || condition.message === '') return gate
  return { ...gate, steps: [...(gate.steps ?? []), told(`Cilium's condition: ${condition.message}`)] }
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1)
}
