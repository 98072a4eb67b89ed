/**
 * L2 announcements of one node: for each service that a policy selects here the node is a candidate for the service's
 * lease; who holds it answers ARP for the service's addresses on the policy's devices.
 * One level-triggered loop: any change of policies, services, the node's labels or devices wakes it.
 * Needs `l2announcements.enabled` and `kubeProxyReplacement`, else policies do nothing, which is said.
 * Source: pkg/l2announcer/l2announcer.go.
 */
import type { Interface } from '../../../host/interface.ts'
import { formatIpv4, type Ipv4Address } from '../../../wire/address.ts'
import type { CiliumL2AnnouncementPolicy } from '../../api/cilium-resources.ts'
import { SERVICE_NAME_LABEL } from '../../api/endpoint-slice.ts'
import type { Service } from '../../api/service.ts'
import type { CiliumAgent } from '../agent.ts'
import { changedMiddle } from '../changed-middle.ts'
import { LevelLoop } from '../level-loop.ts'
import { LeaderElection } from './leader-election.ts'
import { LeaseLock } from './lease-lock.ts'
import { L2_LEASE_PREFIX, l2LeaseName } from './lease-name.ts'
import { type LeaseTimings, sanitizeLeaseTimings } from './lease-timings.ts'
import { announcedAddresses, type SelectedPolicy, selectPolicyFor, selectsService } from './policy-selection.ts'
import { writePolicyStatus } from './policy-status.ts'
import { selectedDevices } from './selected-devices.ts'

/** Where Cilium lives, and its leases. */
const NAMESPACE = 'kube-system'
/** Leases that nobody holds are deleted this often. */
const GARBAGE_PERIOD_NS = 60e9
/** Agents do not hear of a service in the same microsecond: each takes up to this long more. Ours. */
const CANDIDACY_SPREAD_NS = 20_000_000

const NOTHING_SEEN = { services: [], policies: [] }

/** A service that a policy selects on this node. */
interface Candidacy {
  service: Service
  policies: readonly SelectedPolicy[]
  readonly election: LeaderElection
}

/** A row of the agent's table `l2-announce`. */
export interface L2AnnounceRow {
  readonly address: Ipv4Address
  readonly device: Interface
  /** `namespace/name`, sorted. */
  readonly services: readonly string[]
}

export class L2Announcer {
  readonly #agent: CiliumAgent
  readonly #timings: LeaseTimings
  readonly #candidacies = new Map<string, Candidacy>()
  /** The last version without mistakes of each policy that selects the node: one that breaks stays as it was. */
  readonly #policies = new Map<string, SelectedPolicy>()
  readonly #loop: LevelLoop
  /** What the last reconciliation saw. */
  #seen: { readonly services: readonly Service[]; readonly policies: readonly SelectedPolicy[] } = NOTHING_SEEN
  #devices: readonly Interface[] = []
  #rows: readonly L2AnnounceRow[] = []

  constructor(agent: CiliumAgent) {
    this.#agent = agent
    this.#loop = new LevelLoop(agent, () => this.#reconcile())
    this.#timings = sanitizeLeaseTimings(agent.cilium.config.leaseTimings).timings
  }

  /** What this node announces, by address and device. */
  get rows(): readonly L2AnnounceRow[] {
    return this.#rows
  }

  start(): void {
    const { cilium, node, datapath } = this.#agent
    if (!cilium.config.isL2AnnouncementsEnabled || !cilium.config.kubeProxyReplacement) {
      datapath.responder.clear()
      this.#collectGarbage()
      this.#complainWhenDisabled()
      return
    }
    for (const warning of sanitizeLeaseTimings(cilium.config.leaseTimings).warnings) this.#agent.log(warning)
    this.#loop.start()
    datapath.responder.agentStarts(this.#timings.leaseDurationNs)
    const watcher = `cilium l2 ${node.name}`
    for (const kind of ['CiliumL2AnnouncementPolicy', 'CiliumNode', 'Service'] as const) {
      this.#loop.onEnd(cilium.cluster.store.watch(kind, watcher, () => this.#loop.wake()))
    }
    this.#loop.onEnd(
      node.host.monitor.subscribe(({ kind }) => {
        if (kind !== 'neighbor' && kind !== 'nexthop' && this.#haveDevicesChanged()) this.#loop.wake()
      }),
    )
    this.#devices = this.#currentDevices()
    this.#loop.wake()
    this.#scheduleGarbageCollection()
  }

  /** Ends in order: leases are released. What the datapath answers for stays until its liveness runs out. */
  stop(): void {
    this.#loop.end()
    for (const { election } of this.#candidacies.values()) election.cancel()
    this.#candidacies.clear()
    this.#seen = NOTHING_SEEN
    this.#agent.datapath.responder.agentEnds()
    this.#rows = []
  }

  /** The agent has died: leases stay until they run out. */
  abandon(): void {
    this.#loop.end()
    for (const { election } of this.#candidacies.values()) election.abandon()
    this.#candidacies.clear()
    this.#seen = NOTHING_SEEN
    this.#agent.datapath.responder.agentEnds()
    this.#rows = []
  }

  #complainWhenDisabled(): void {
    const { cilium, node } = this.#agent
    const why = cilium.config.isL2AnnouncementsEnabled
      ? 'L2 announcements need kubeProxyReplacement=true'
      : 'l2announcements.enabled is not set'
    const stop = cilium.cluster.store.watch('CiliumL2AnnouncementPolicy', `cilium l2 ${node.name}`, event => {
      if (event.type !== 'ADDED') return
      cilium.warn(
        'l2-announcements-off',
        `CiliumL2AnnouncementPolicy ${event.object.metadata.name} has no effect: ${why}`,
      )
    })
    this.#loop.onEnd(stop)
  }

  #reconcile(): void {
    const { cilium, node } = this.#agent
    const { store } = cilium.cluster
    const labels = store.get('CiliumNode', undefined, node.name)?.metadata.labels
    if (labels === undefined) return
    this.#devices = this.#currentDevices()
    this.#readPolicies(store.list('CiliumL2AnnouncementPolicy'), labels)
    const needsAddress = cilium.profile.l2.electsOnlyWithAddress
    const { before, after } = this.#changedServices(store.list('Service'))
    const selected = new Map<string, { service: Service; policies: readonly SelectedPolicy[] }>()
    for (const service of after) {
      const policies = [...this.#policies.values()].filter(policy => selectsService(policy, service, needsAddress))
      if (policies.length > 0) selected.set(keyOf(service), { service, policies })
    }
    const gone = new Set(
      [...before, ...after].map(keyOf).filter(key => !selected.has(key) && this.#candidacies.has(key)),
    )
    for (const [key, candidacy] of gone.size === 0 ? [] : [...this.#candidacies]) {
      if (!gone.has(key)) continue
      this.#candidacies.delete(key)
      candidacy.election.cancel()
    }
    for (const [key, { service, policies }] of selected) {
      const known = this.#candidacies.get(key)
      if (known === undefined) this.#candidacies.set(key, this.#stand(service, policies))
      else Object.assign(known, { service, policies })
    }
    this.#announce()
  }

  /** The services that must be looked at: those that have changed, all of them when the policies have. */
  #changedServices(services: readonly Service[]): ReturnType<typeof changedMiddle<Service>> {
    const [known, policies] = [this.#seen, [...this.#policies.values()]]
    this.#seen = { services, policies }
    const isSame =
      known.policies.length === policies.length &&
      policies.every(({ policy, devices }, index) => {
        const other = known.policies[index]!
        return policy === other.policy && hasSameItems(devices, other.devices)
      })
    return isSame ? changedMiddle(known.services, services) : { before: known.services, after: services }
  }

  #readPolicies(policies: readonly CiliumL2AnnouncementPolicy[], labels: Readonly<Record<string, string>>): void {
    const { cluster } = this.#agent.cilium
    const names = new Set(policies.map(policy => policy.metadata.name))
    for (const name of [...this.#policies.keys()]) if (!names.has(name)) this.#policies.delete(name)
    for (const policy of policies) {
      const selection = selectPolicyFor(policy, labels, this.#devices)
      writePolicyStatus(cluster, policy, selection)
      if (selection.kind === 'selected') this.#policies.set(policy.metadata.name, selection)
      else if (selection.kind === 'other-node') this.#policies.delete(policy.metadata.name)
      else this.#agent.log(`Error processing policy event: ${selection.message}`, { policy: policy.metadata.name })
    }
  }

  /** Stands for the lease of a service. */
  #stand(service: Service, policies: readonly SelectedPolicy[]): Candidacy {
    const { cilium, node } = this.#agent
    const { simulator, name: clusterName, store } = cilium.cluster
    const { namespace = 'default', name } = service.metadata
    const label = `cluster ${clusterName} cilium l2 ${node.name} ${namespace}/${name}`
    const random = simulator.random.fork(`${label} ${service.metadata.uid}`)
    const lock = new LeaseLock(store, NAMESPACE, l2LeaseName(namespace, name), node.name)
    const election = new LeaderElection({
      simulator,
      origin: simulator.origin(label),
      random,
      lock,
      identity: node.name,
      timings: this.#timings,
      onStartedLeading: () => {
        this.#agent.log(`successfully acquired lease ${NAMESPACE}/${lock.name}`)
        const candidacy = this.#candidacies.get(`${namespace}/${name}`)
        if (candidacy !== undefined) this.#warnAboutLocalPolicy(candidacy.service)
        this.#announce()
      },
      onStoppedLeading: () => {
        this.#agent.log(`stopped leading ${NAMESPACE}/${lock.name}`)
        this.#announce()
      },
    })
    const candidacy = { service, policies, election }
    const spreadNs = random.integer(0, CANDIDACY_SPREAD_NS)
    simulator.schedule(
      simulator.origin(label),
      spreadNs,
      () => {
        if (this.#candidacies.get(`${namespace}/${name}`) === candidacy) election.start()
      },
      'work',
    )
    return candidacy
  }

  /** Brings table and datapath to what the node leads. An agent that ends does so no more. */
  #announce(): void {
    if (!this.#loop.isRunning) return
    const rows = new Map<string, { address: Ipv4Address; device: Interface; services: string[] }>()
    for (const [key, { service, policies, election }] of this.#candidacies) {
      if (!election.isLeading) continue
      for (const { policy, devices } of policies) {
        for (const address of announcedAddresses(policy, service)) {
          for (const device of devices) {
            const rowKey = `${address} ${device.name}`
            const row = rows.get(rowKey) ?? { address, device, services: [] }
            if (!row.services.includes(key)) row.services.push(key)
            rows.set(rowKey, row)
          }
        }
      }
    }
    const sorted = [...rows.values()].sort(
      (one, other) => one.address - other.address || (one.device.name < other.device.name ? -1 : 1),
    )
    for (const row of sorted) row.services.sort()
    this.#note(sorted)
    this.#rows = sorted
    this.#agent.datapath.responder.reconcile(sorted)
  }

  /** Journals what is new and what is gone. */
  #note(rows: readonly L2AnnounceRow[]): void {
    const { simulator } = this.#agent.cilium.cluster
    const tell = (list: readonly L2AnnounceRow[], others: readonly L2AnnounceRow[], kind: string) => {
      for (const { address, device, services } of list) {
        if (others.some(other => other.address === address && other.device === device)) continue
        const detail = { address: formatIpv4(address), interface: device.name, services: services.join(',') }
        simulator.journal.record(this.#agent.node.name, kind, detail)
      }
    }
    tell(rows, this.#rows, 'cilium.l2.announce')
    tell(this.#rows, rows, 'cilium.l2.withdraw')
  }

  /** The announcer does not look at the traffic policy: the address may sit where no pod is. */
  #warnAboutLocalPolicy(service: Service): void {
    if (service.spec.externalTrafficPolicy !== 'Local') return
    const { cilium, node } = this.#agent
    const slices = cilium.cluster.store.list('EndpointSlice', service.metadata.namespace)
    const hasLocal = slices.some(
      slice =>
        slice.metadata.labels?.[SERVICE_NAME_LABEL] === service.metadata.name &&
        slice.endpoints.some(endpoint => endpoint.nodeName === node.name && endpoint.conditions.ready),
    )
    const what = `Service ${keyOf(service)} has externalTrafficPolicy Local and is announced by ARP from ${node.name}`
    cilium.warn(
      'l2-local-traffic-policy',
      hasLocal
        ? `${what}: the lease may move to a node without a pod of it, and traffic is lost there`
        : `${what}, which runs no pod of it: traffic is lost there (DROP_NO_SERVICE, Service backend not found)`,
    )
  }

  #currentDevices(): readonly Interface[] {
    const { cilium, node } = this.#agent
    return selectedDevices(node.host, node.address, cilium.config.devices)
  }

  #haveDevicesChanged(): boolean {
    return !hasSameItems(this.#currentDevices(), this.#devices)
  }

  #scheduleGarbageCollection(): void {
    const { simulator, name } = this.#agent.cilium.cluster
    const origin = simulator.origin(`cluster ${name} cilium l2 garbage ${this.#agent.node.name}`)
    simulator.schedule(
      origin,
      GARBAGE_PERIOD_NS,
      () => {
        if (!this.#loop.isRunning) return
        this.#collectGarbage()
        this.#scheduleGarbageCollection()
      },
      'background',
    )
  }

  /** Deletes leases of ours that nobody holds. */
  #collectGarbage(): void {
    const { store } = this.#agent.cilium.cluster
    for (const { metadata, spec } of store.list('Lease', NAMESPACE)) {
      if (!metadata.name.startsWith(L2_LEASE_PREFIX) || (spec.holderIdentity ?? '') !== '') continue
      store.delete('Lease', NAMESPACE, metadata.name)
    }
  }
}

function hasSameItems(one: readonly unknown[], other: readonly unknown[]): boolean {
  return one.length === other.length && one.every((item, index) => item === other[index])
}

function keyOf(service: Service): string {
  return `${service.metadata.namespace ?? 'default'}/${service.metadata.name}`
}
