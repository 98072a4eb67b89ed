/**
 * The allocation rules of LB-IPAM over one service view. Nothing here writes to the API.
 * Source: operator/pkg/lbipam/lbipam.go (stripInvalidAllocations, stripOrImportIngresses, satisfyService).
 */
import type { LabelSelector } from '../../../model/kubernetes-object.ts'
import { formatIpv4, type Ipv4Address } from '../../../wire/address.ts'
import { matchesSelector } from '../../api/selector.ts'
import type { PoolRange } from './pool-ranges.ts'
import type { PoolStore } from './pool-store.ts'
import { isSatisfied, type ServiceView, sharingObstacle } from './service-view.ts'

/** What became of a request, in the words of the service's condition. */
export interface Verdict {
  readonly isSatisfied: boolean
  readonly reason: string
  readonly message: string
}

/** Addresses that services with one sharing key hold, by key, in the order they were added. */
export type SharingIndex = Map<string, { readonly address: Ipv4Address; readonly range: PoolRange }[]>

/** Takes away what the service may no longer hold: pool gone, selector or families changed, not asked for, not shareable. */
export function stripInvalid(view: ServiceView, pools: PoolStore, sharing: SharingIndex): void {
  for (const held of [...view.held].reverse()) {
    const pool = pools.get(held.range.poolName)
    const isKept =
      pool !== undefined &&
      selects(pool.serviceSelector, view) &&
      isShareable(view) &&
      (view.requestedAddresses.length > 0 ? view.requestedAddresses.includes(held.address) : view.wantsIpv4)
    if (!isKept) release(view, held.address, sharing)
  }
}

/** Gives one address of the service back. */
export function release(view: ServiceView, address: Ipv4Address, sharing: SharingIndex): void {
  const held = view.held.find(candidate => candidate.address === address)
  if (held === undefined) return
  view.held = view.held.filter(candidate => candidate !== held)
  if (!held.range.removeHolder(address, view)) return
  for (const [key, entries] of sharing) {
    const left = entries.filter(entry => entry.address !== address || entry.range !== held.range)
    if (left.length === 0) sharing.delete(key)
    else sharing.set(key, left)
  }
}

/** Drops ingress addresses that are not held, unless they can be taken over. True when the status changed. */
export function stripOrImportIngress(view: ServiceView, pools: PoolStore, sharing: SharingIndex): boolean {
  const kept: Ipv4Address[] = []
  for (const address of view.ingress) {
    if (kept.includes(address)) continue
    if (view.held.some(held => held.address === address) || importAddress(view, address, pools, sharing)) {
      kept.push(address)
    }
  }
  const isChanged = kept.length !== view.ingress.length
  view.ingress = kept
  return isChanged
}

/** Tries to give the service what it asks for. The verdict is undefined when nothing is to be said. */
export function satisfy(
  view: ServiceView,
  pools: PoolStore,
  sharing: SharingIndex,
): { readonly isChanged: boolean; readonly verdicts: readonly Verdict[] } {
  const verdicts: Verdict[] = []
  if (view.requestedAddresses.length > 0) {
    for (const address of view.requestedAddresses) {
      const verdict = takeRequested(view, address, pools)
      if (verdict !== undefined) verdicts.push(verdict)
    }
  } else if (view.wantsIpv6) {
    verdicts.push(NO_POOL) // no pool has IPv6 addresses here
  } else if (view.wantsIpv4 && view.held.length === 0) {
    const verdict = takeAny(view, pools, sharing)
    if (verdict !== undefined) verdicts.push(verdict)
  }
  let isChanged = false
  for (const held of view.held) {
    if (view.ingress.includes(held.address)) continue
    view.ingress.push(held.address)
    addToSharing(view, held, sharing)
    isChanged = true
  }
  if (isSatisfied(view)) verdicts.push({ isSatisfied: true, reason: 'satisfied', message: '' })
  return { isChanged, verdicts }
}

const NO_POOL: Verdict = {
  isSatisfied: false,
  reason: 'no_pool',
  message: 'There are no enabled CiliumLoadBalancerIPPools that match this service',
}

const OUT_OF_ADDRESSES: Verdict = {
  isSatisfied: false,
  reason: 'out_of_ips',
  message: 'All enabled CiliumLoadBalancerIPPools that match this service ran out of allocatable IPs',
}

function takeAny(view: ServiceView, pools: PoolStore, sharing: SharingIndex): Verdict | undefined {
  if (view.sharingKey !== '') {
    for (const { address, range } of sharing.get(view.sharingKey) ?? []) {
      const holders = range.holders(address)
      if (holders.length === 0 || holders.some(holder => sharingObstacle(holder, view) !== undefined)) continue
      range.addHolder(address, view)
      view.held.push({ address, range })
      return undefined
    }
  }
  let isAnyFull = false
  for (const range of pools.ranges) {
    const pool = pools.get(range.poolName)
    if (range.isDisabled || pool === undefined || !selects(pool.serviceSelector, view)) continue
    const address = range.allocator.allocateAny([view])
    if (address !== undefined) {
      view.held.push({ address, range })
      return undefined
    }
    isAnyFull = true
  }
  return isAnyFull ? OUT_OF_ADDRESSES : NO_POOL
}

function takeRequested(view: ServiceView, address: Ipv4Address, pools: PoolStore): Verdict | undefined {
  if (view.held.some(held => held.address === address)) return undefined
  const text = formatIpv4(address)
  const { range, isPoolFound } = rangeFor(view, address, pools)
  if (range === undefined) {
    return isPoolFound
      ? refuse('pool_selector_mismatch', `The pool with the CIDR containing '${text}', doesn't select this service`)
      : refuse('no_pool', `No pool exists with a CIDR containing '${text}'`)
  }
  if (range.allocator.has(address)) {
    if (view.sharingKey === '')
      return refuse('already_allocated', `The IP '${text}' is already allocated to another service`)
    for (const holder of range.holders(address)) {
      const obstacle = sharingObstacle(holder, view)
      if (obstacle === undefined) continue
      const message = `The IP '${text}' is already allocated to an incompatible service. Reason: ${obstacle}`
      return refuse('already_allocated_incompatible_service', message)
    }
    range.addHolder(address, view)
  } else {
    range.allocator.allocate(address, [view])
  }
  view.held.push({ address, range })
  return undefined
}

function refuse(reason: string, message: string): Verdict {
  return { isSatisfied: false, reason, message }
}

/** The first enabled range with the address whose pool selects the service. */
function rangeFor(
  view: ServiceView,
  address: Ipv4Address,
  pools: PoolStore,
): { readonly range: PoolRange | undefined; readonly isPoolFound: boolean } {
  let isPoolFound = false
  for (const range of pools.ranges) {
    const pool = pools.get(range.poolName)
    if (range.isDisabled || !range.contains(address) || pool === undefined) continue
    isPoolFound = true
    if (selects(pool.serviceSelector, view)) return { range, isPoolFound }
  }
  return { range: undefined, isPoolFound }
}

function importAddress(view: ServiceView, address: Ipv4Address, pools: PoolStore, sharing: SharingIndex): boolean {
  const isWanted = view.requestedAddresses.length > 0 ? view.requestedAddresses.includes(address) : view.wantsIpv4
  if (!isWanted) return false
  const { range } = rangeFor(view, address, pools)
  if (range === undefined || range.allocator.allocate(address, [view]) !== undefined) return false
  const held = { address, range }
  view.held.push(held)
  addToSharing(view, held, sharing)
  return true
}

function addToSharing(
  view: ServiceView,
  held: { readonly address: Ipv4Address; readonly range: PoolRange },
  sharing: SharingIndex,
): void {
  if (view.sharingKey === '') return
  const entries = sharing.get(view.sharingKey) ?? []
  if (entries.some(entry => entry.address === held.address && entry.range === held.range)) return
  sharing.set(view.sharingKey, [...entries, held])
}

function isShareable(view: ServiceView): boolean {
  return view.held.every(({ address, range }) =>
    range.holders(address).every(holder => holder === view || sharingObstacle(holder, view) === undefined),
  )
}

/** No selector selects every service. */
function selects(selector: LabelSelector | undefined, view: ServiceView): boolean {
  return selector === undefined || matchesSelector(selector, view.labels)
}
