import { METADATA } from '../manifest-kind.ts'
import { checkLabel1123 } from '../names.ts'
import {
  ANY,
  BOOLEAN,
  checkedText,
  integer,
  KEPT,
  list,
  object,
  oneOf,
  required,
  TEXT,
  TEXT_MAP,
  UNMODELLED,
  withDefault,
} from '../schema.ts'

const CONTAINER_PORT = object('ContainerPort', {
  name: TEXT,
  containerPort: required(integer(1, 65535)),
  protocol: withDefault(oneOf('TCP', 'UDP', 'SCTP'), 'TCP'),
  hostPort: UNMODELLED,
  hostIP: UNMODELLED,
})

const CONTAINER = object('Container', {
  name: required(checkedText(checkLabel1123)),
  image: TEXT,
  imagePullPolicy: oneOf('Always', 'IfNotPresent', 'Never'),
  ports: list(CONTAINER_PORT, 'v1.ContainerPort'),
  // a server other than the image's own would be started by these
  command: UNMODELLED,
  args: UNMODELLED,
  volumeMounts: UNMODELLED,
  livenessProbe: UNMODELLED,
  readinessProbe: UNMODELLED,
  startupProbe: UNMODELLED,
  lifecycle: UNMODELLED,
  env: KEPT,
  envFrom: KEPT,
  resources: KEPT,
  securityContext: KEPT,
  workingDir: KEPT,
  stdin: KEPT,
  stdinOnce: KEPT,
  tty: KEPT,
  terminationMessagePath: KEPT,
  terminationMessagePolicy: KEPT,
  restartPolicy: KEPT,
  resizePolicy: KEPT,
  volumeDevices: KEPT,
})

/** core/v1 PodSpec. */
export const POD_SPEC = object('PodSpec', {
  containers: required(list(CONTAINER, 'v1.Container', 1)),
  initContainers: UNMODELLED,
  ephemeralContainers: UNMODELLED,
  nodeName: TEXT,
  nodeSelector: TEXT_MAP,
  tolerations: list(
    object('Toleration', {
      key: TEXT,
      operator: oneOf('Exists', 'Equal'),
      value: TEXT,
      effect: oneOf('NoSchedule', 'PreferNoSchedule', 'NoExecute', ''),
      tolerationSeconds: UNMODELLED,
    }),
    'v1.Toleration',
  ),
  hostNetwork: BOOLEAN,
  restartPolicy: withDefault(oneOf('Always', 'OnFailure', 'Never'), 'Always'),
  terminationGracePeriodSeconds: withDefault(integer(0, undefined, 'int64'), 30),
  affinity: {
    schema: object('Affinity', { nodeAffinity: UNMODELLED, podAffinity: UNMODELLED, podAntiAffinity: antiAffinity() }),
  },
  topologySpreadConstraints: UNMODELLED,
  volumes: UNMODELLED,
  dnsPolicy: withDefault(ANY, 'ClusterFirst'),
  dnsConfig: UNMODELLED,
  hostAliases: UNMODELLED,
  schedulerName: withDefault(ANY, 'default-scheduler'),
  priorityClassName: KEPT,
  priority: KEPT,
  serviceAccountName: KEPT,
  serviceAccount: KEPT,
  automountServiceAccountToken: KEPT,
  enableServiceLinks: KEPT,
  securityContext: withDefault(ANY, {}),
  imagePullSecrets: KEPT,
  hostname: UNMODELLED,
  subdomain: UNMODELLED,
  hostPID: KEPT,
  hostIPC: KEPT,
  hostUsers: KEPT,
  shareProcessNamespace: KEPT,
  activeDeadlineSeconds: UNMODELLED,
  runtimeClassName: KEPT,
  readinessGates: UNMODELLED,
  preemptionPolicy: KEPT,
  overhead: KEPT,
  os: KEPT,
  setHostnameAsFQDN: KEPT,
  schedulingGates: UNMODELLED,
  resources: KEPT,
  resourceClaims: KEPT,
})

/** `spec.template` of workloads. */
export const POD_TEMPLATE = object('PodTemplateSpec', { metadata: METADATA, spec: required(POD_SPEC) })

/** The scheduler knows one form: keep pods of the same labels on different nodes. */
function antiAffinity() {
  const term = object('PodAffinityTerm', {
    labelSelector: ANY,
    topologyKey: required(oneOf('kubernetes.io/hostname')),
    namespaces: UNMODELLED,
    namespaceSelector: UNMODELLED,
  })
  return object('PodAntiAffinity', {
    requiredDuringSchedulingIgnoredDuringExecution: list(term, 'v1.PodAffinityTerm'),
    preferredDuringSchedulingIgnoredDuringExecution: KEPT,
  })
}
