import type { CiliumLoadBalancerIPPool, CiliumNode } from '../../../kubernetes/api/cilium-resources.ts'
import { findCondition } from '../../../kubernetes/api/condition.ts'
import type {
  ConfigMap,
  CustomResourceDefinition,
  Lease,
  Namespace,
  Secret,
} from '../../../kubernetes/api/configuration.ts'
import type { EndpointSlice, Endpoints } from '../../../kubernetes/api/endpoint-slice.ts'
import type { KubernetesObject } from '../../../model/kubernetes-object.ts'
import { formatAge } from './age.ts'
import { NODE_COLUMNS, POD_COLUMNS } from './columns-node-pod.ts'
import { SERVICE_COLUMNS } from './columns-service.ts'
import { DAEMON_SET_COLUMNS, DEPLOYMENT_COLUMNS, REPLICA_SET_COLUMNS } from './columns-workload.ts'

/** One column of `kubectl get`. */
export interface Column<T extends KubernetesObject = KubernetesObject> {
  readonly header: string
  readonly isWide?: boolean
  cell(object: T, wallMs: number): string
}

const NAME: Column = { header: 'NAME', cell: object => object.metadata.name }
const AGE: Column = {
  header: 'AGE',
  cell: (object, wallMs) => formatAge(object.metadata.creationTimestamp, wallMs),
}

/** A column from a function of the object. */
function column<T extends KubernetesObject>(header: string, cell: (object: T) => string | number): Column<T> {
  return { header, cell: object => String(cell(object)) }
}

/** Columns by kind; other kinds have NAME and AGE. Source: Kubernetes pkg/printers/internalversion/printers.go. */
const COLUMNS: Readonly<Record<string, readonly Column<never>[]>> = {
  Node: NODE_COLUMNS,
  Pod: POD_COLUMNS,
  Service: SERVICE_COLUMNS,
  Deployment: DEPLOYMENT_COLUMNS,
  ReplicaSet: REPLICA_SET_COLUMNS,
  DaemonSet: DAEMON_SET_COLUMNS,
  Namespace: [NAME, column<Namespace>('STATUS', object => object.status.phase ?? ''), AGE],
  ConfigMap: [NAME, column<ConfigMap>('DATA', object => countKeys(object.data) + countKeys(object.binaryData)), AGE],
  Secret: [
    NAME,
    column<Secret>('TYPE', object => object.type ?? ''),
    column<Secret>('DATA', object => countKeys(object.data)),
    AGE,
  ],
  ServiceAccount: [NAME, column('SECRETS', () => 0), AGE],
  Lease: [NAME, column<Lease>('HOLDER', object => object.spec.holderIdentity ?? ''), AGE],
  Endpoints: [NAME, column<Endpoints>('ENDPOINTS', formatEndpoints), AGE],
  EndpointSlice: [
    NAME,
    column<EndpointSlice>('ADDRESSTYPE', object => object.addressType),
    column<EndpointSlice>('PORTS', object => orUnset(object.ports.map(port => String(port.port)))),
    column<EndpointSlice>('ENDPOINTS', object => orUnset(object.endpoints.flatMap(endpoint => endpoint.addresses))),
    AGE,
  ],
  CustomResourceDefinition: [
    NAME,
    column<CustomResourceDefinition>('CREATED AT', object => object.metadata.creationTimestamp ?? ''),
  ],
  CiliumLoadBalancerIPPool: [
    NAME,
    column<CiliumLoadBalancerIPPool>('DISABLED', object => String(object.spec.disabled ?? false)),
    column<CiliumLoadBalancerIPPool>('CONFLICTING', pool => poolCondition(pool, CONFLICT)?.status ?? ''),
    column<CiliumLoadBalancerIPPool>('IPS AVAILABLE', pool => poolCondition(pool, AVAILABLE)?.message ?? ''),
    AGE,
  ],
  CiliumNode: [
    NAME,
    column<CiliumNode>('CILIUMINTERNALIP', object => nodeAddress(object, 'CiliumInternalIP')),
    column<CiliumNode>('INTERNALIP', object => nodeAddress(object, 'InternalIP')),
    AGE,
  ],
}

export function columnsOf(kind: string): readonly Column[] {
  return (COLUMNS[kind] as readonly Column[] | undefined) ?? [NAME, AGE]
}

/** Condition types since 1.16 and before. */
const CONFLICT = ['cilium.io/PoolConflict', 'io.cilium/conflict']
const AVAILABLE = ['cilium.io/IPsAvailable', 'io.cilium/ips-available']

function poolCondition(pool: CiliumLoadBalancerIPPool, types: readonly string[]) {
  return types.map(type => findCondition(pool.status.conditions, type)).find(condition => condition !== undefined)
}

function nodeAddress(node: CiliumNode, type: string): string {
  return node.spec.addresses?.find(address => address.type === type)?.ip ?? ''
}

function countKeys(data: object | undefined): number {
  return Object.keys(data ?? {}).length
}

function orUnset(values: readonly string[]): string {
  if (values.length === 0) return '<unset>'
  return values.length > 3 ? `${values.slice(0, 3).join(',')} + ${values.length - 3} more...` : values.join(',')
}

/** At most three addresses. Source: printers.go `formatEndpoints`. */
export function formatEndpoints(object: Endpoints): string {
  const all = (object.subsets ?? []).flatMap(({ addresses = [], ports = [] }) =>
    ports.length === 0
      ? addresses.map(address => address.ip)
      : ports.flatMap(port => addresses.map(address => `${address.ip}:${port.port}`)),
  )
  if (all.length === 0) return '<none>'
  return all.length > 3 ? `${all.slice(0, 3).join(',')} + ${all.length - 3} more...` : all.join(',')
}
