import type { PodTemplate } from '../../../kubernetes/api/pod.ts'
import { formatSelector } from '../../../kubernetes/api/selector.ts'
import type { DaemonSet, Deployment, ReplicaSet } from '../../../kubernetes/api/workload.ts'
import type { LabelSelector } from '../../../model/kubernetes-object.ts'
import { formatAge } from './age.ts'
import type { Column } from './columns.ts'

type Workload = Deployment | ReplicaSet | DaemonSet

const NAME: Column<Workload> = { header: 'NAME', cell: object => object.metadata.name }
const AGE: Column<Workload> = {
  header: 'AGE',
  cell: (object, wallMs) => formatAge(object.metadata.creationTimestamp, wallMs),
}

const WIDE: readonly Column<Workload>[] = [
  {
    header: 'CONTAINERS',
    isWide: true,
    cell: object =>
      containers(object)
        .map(one => one.name)
        .join(','),
  },
  {
    header: 'IMAGES',
    isWide: true,
    cell: object =>
      containers(object)
        .map(one => one.image)
        .join(','),
  },
  {
    header: 'SELECTOR',
    isWide: true,
    cell: object => formatSelector((object.spec as { selector: LabelSelector }).selector),
  },
]

export const DEPLOYMENT_COLUMNS: readonly Column<Deployment>[] = [
  NAME as Column<Deployment>,
  { header: 'READY', cell: ({ spec, status }) => `${status.readyReplicas ?? 0}/${spec.replicas}` },
  { header: 'UP-TO-DATE', cell: ({ status }) => String(status.updatedReplicas ?? 0) },
  { header: 'AVAILABLE', cell: ({ status }) => String(status.availableReplicas ?? 0) },
  AGE as Column<Deployment>,
  ...(WIDE as readonly Column<Deployment>[]),
]

export const REPLICA_SET_COLUMNS: readonly Column<ReplicaSet>[] = [
  NAME as Column<ReplicaSet>,
  { header: 'DESIRED', cell: ({ spec }) => String(spec.replicas) },
  { header: 'CURRENT', cell: ({ status }) => String(status.replicas ?? 0) },
  { header: 'READY', cell: ({ status }) => String(status.readyReplicas ?? 0) },
  AGE as Column<ReplicaSet>,
  ...(WIDE as readonly Column<ReplicaSet>[]),
]

export const DAEMON_SET_COLUMNS: readonly Column<DaemonSet>[] = [
  NAME as Column<DaemonSet>,
  { header: 'DESIRED', cell: ({ status }) => String(status.desiredNumberScheduled ?? 0) },
  { header: 'CURRENT', cell: ({ status }) => String(status.currentNumberScheduled ?? 0) },
  { header: 'READY', cell: ({ status }) => String(status.numberReady ?? 0) },
  { header: 'UP-TO-DATE', cell: ({ status }) => String(status.updatedNumberScheduled ?? 0) },
  { header: 'AVAILABLE', cell: ({ status }) => String(status.numberAvailable ?? 0) },
  {
    header: 'NODE SELECTOR',
    cell: ({ spec }) => formatSelector({ matchLabels: { ...spec.template.spec.nodeSelector } }),
  },
  AGE as Column<DaemonSet>,
  ...(WIDE as readonly Column<DaemonSet>[]),
]

function containers(object: Workload): { name: string; image: string }[] {
  return (object.spec as { template: PodTemplate }).template.spec.containers
}
