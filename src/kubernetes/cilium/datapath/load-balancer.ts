/**
 * Choice of a backend for a flow to a service: a known flow keeps its backend, then client affinity, then the algorithm.
 * Source: bpf/lib/lb.h (lb4_local, lb4_select_backend_id).
 */
import type { Random } from '../../../sim/random.ts'
import type { Simulator } from '../../../sim/simulator.ts'
import type { Ipv4Address } from '../../../wire/address.ts'
import type { Flow } from '../../../wire/flow.ts'
import { ConnectionTable } from './connection-table.ts'
import { maglevSlot, maglevTable } from './maglev.ts'
import type { Backend, Frontend } from './service-map.ts'

export interface LoadBalancerOptions {
  readonly simulator: Simulator
  /** Of this node alone: nodes choose independently. */
  readonly random: Random
  readonly algorithm: 'random' | 'maglev'
  readonly maglevTableSize: number
  /** Flows of before a restart. */
  readonly flows?: ConnectionTable<Backend>
}

/** A flow that needs a backend. */
export interface BackendRequest {
  readonly frontend: Frontend
  readonly flow: Flow
  /** Key of the flow in the table of service flows. */
  readonly key: string
  /** How long the flow is remembered after this packet. */
  readonly lifetimeNs: number
  /** Backends that may be used; local ones only under a `Local` traffic policy. */
  readonly candidates: readonly Backend[]
  /** A new connection begins: east-west it chooses anew even when the key is known. */
  readonly isNew: boolean
  /** Maglev is for traffic from outside; inside, the choice is random. */
  readonly isFromOutside: boolean
}

interface Affinity {
  readonly backend: Backend
  readonly usedAtNs: number
}

export class LoadBalancer {
  /** Service flows and their backends. */
  readonly table: ConnectionTable<Backend>
  readonly #options: LoadBalancerOptions
  readonly #affinities = new Map<string, Affinity>()
  /** Tables by the backends' names, the last few only. */
  readonly #maglevTables = new Map<string, Uint16Array>()

  constructor(options: LoadBalancerOptions) {
    this.#options = options
    this.table = options.flows ?? new ConnectionTable(options.simulator)
  }

  /** The backend for the packet; undefined when there is none. */
  select(request: BackendRequest): Backend | undefined {
    const { key, frontend, lifetimeNs } = request
    const known = request.isNew ? undefined : this.table.get(key)
    const kept = known === undefined ? undefined : findSame(frontend.backends, known)
    if (kept !== undefined) {
      this.table.touch(key, lifetimeNs)
      this.#remember(frontend, request.flow.source, kept)
      return kept
    }
    const active = request.candidates.filter(backend => !backend.isTerminating)
    const usable = active.length > 0 ? active : request.candidates
    if (usable.length === 0) return undefined
    const backend = this.#affine(frontend, request.flow.source, usable) ?? this.#choose(request, usable)
    this.table.set(key, backend, lifetimeNs)
    this.#remember(frontend, request.flow.source, backend)
    return backend
  }

  #choose(request: BackendRequest, usable: readonly Backend[]): Backend {
    const { algorithm, maglevTableSize, random } = this.#options
    if (algorithm === 'random' || !request.isFromOutside) return usable[random.integer(0, usable.length)]!
    const names = usable.map(backend => `${backend.address}:${backend.port}`)
    const tableKey = [...names].sort().join(' ')
    let table = this.#maglevTables.get(tableKey)
    if (table === undefined) {
      table = maglevTable([...names].sort(), maglevTableSize)
      if (this.#maglevTables.size >= 64) this.#maglevTables.clear()
      this.#maglevTables.set(tableKey, table)
    }
    const { flow, frontend } = request
    const sourcePort = frontend.affinitySeconds === undefined ? flow.sourcePort : 0
    const text = `${flow.protocol} ${flow.source} ${sourcePort} ${flow.destination} ${flow.destinationPort}`
    const name = [...names].sort()[table[maglevSlot(text, maglevTableSize)]!]!
    return usable[names.indexOf(name)]!
  }

  /** The client's last backend while less than the timeout has passed. */
  #affine(frontend: Frontend, client: Ipv4Address, usable: readonly Backend[]): Backend | undefined {
    if (frontend.affinitySeconds === undefined) return undefined
    const affinity = this.#affinities.get(affinityKey(frontend, client))
    if (affinity === undefined) return undefined
    const ageNs = this.#options.simulator.nowNs - affinity.usedAtNs
    return ageNs < frontend.affinitySeconds * 1e9 ? findSame(usable, affinity.backend) : undefined
  }

  #remember(frontend: Frontend, client: Ipv4Address, backend: Backend): void {
    if (frontend.affinitySeconds === undefined) return
    const usedAtNs = this.#options.simulator.nowNs
    this.#affinities.set(affinityKey(frontend, client), { backend, usedAtNs })
  }
}

function affinityKey(frontend: Frontend, client: Ipv4Address): string {
  return `${client} ${frontend.address}:${frontend.port}`
}

function findSame(backends: readonly Backend[], wanted: Backend): Backend | undefined {
  return backends.find(backend => backend.address === wanted.address && backend.port === wanted.port)
}
