import type { KubernetesObject } from '../../../model/kubernetes-object.ts'
import { invalid, type ManifestKind, topLevel } from '../manifest-kind.ts'
import { checkIp, checkLabel1035, checkLabel1123 } from '../names.ts'
import {
  BOOLEAN,
  checkedText,
  INTEGER_OR_TEXT,
  integer,
  KEPT,
  list,
  object,
  oneOf,
  required,
  TEXT,
  TEXT_LIST,
  TEXT_MAP,
  UNMODELLED,
  withDefault,
} from '../schema.ts'
import type { ManifestIssue } from '../validate.ts'

const SERVICE_PORT = object('ServicePort', {
  name: checkedText(text => (text === '' ? undefined : checkLabel1123(text))),
  protocol: withDefault(oneOf('SCTP', 'TCP', 'UDP'), 'TCP'),
  port: required(integer(1, 65535)),
  targetPort: INTEGER_OR_TEXT,
  nodePort: integer(0, 65535),
  appProtocol: KEPT,
})

export const SERVICE: ManifestKind = {
  kind: 'Service',
  apiVersions: ['v1'],
  flavour: 'builtin',
  checkName: checkLabel1035,
  schema: topLevel('Service', {
    spec: required(
      object('ServiceSpec', {
        type: withDefault(oneOf('ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'), 'ClusterIP'),
        clusterIP: TEXT,
        clusterIPs: TEXT_LIST,
        externalIPs: list(checkedText(checkIp), 'string'),
        loadBalancerIP: TEXT,
        loadBalancerClass: TEXT,
        loadBalancerSourceRanges: UNMODELLED,
        allocateLoadBalancerNodePorts: BOOLEAN,
        externalTrafficPolicy: oneOf('Cluster', 'Local'),
        internalTrafficPolicy: oneOf('Cluster', 'Local'),
        healthCheckNodePort: integer(0, 65535),
        ipFamilies: TEXT_LIST,
        ipFamilyPolicy: oneOf('PreferDualStack', 'RequireDualStack', 'SingleStack'),
        ports: list(SERVICE_PORT, 'v1.ServicePort'),
        selector: TEXT_MAP,
        sessionAffinity: withDefault(oneOf('ClientIP', 'None'), 'None'),
        sessionAffinityConfig: UNMODELLED,
        externalName: TEXT,
        publishNotReadyAddresses: BOOLEAN,
        trafficDistribution: UNMODELLED,
      }),
    ),
  }),
  check: checkService,
}

interface WrittenService {
  type?: string
  clusterIP?: string
  externalTrafficPolicy?: string
  ports?: { name?: string; port: number; protocol?: string }[]
  sessionAffinity?: string
}

/** Source: Kubernetes pkg/apis/core/validation/validation.go `ValidateService`. */
function checkService(object: KubernetesObject): ManifestIssue[] {
  const spec = (object.spec ?? {}) as WrittenService
  const issues: ManifestIssue[] = []
  const ports = spec.ports ?? []
  const isHeadless = spec.clusterIP === 'None'
  if (ports.length === 0 && spec.type !== 'ExternalName' && !isHeadless) {
    issues.push(invalid(['spec', 'ports'], 'spec.ports: Required value'))
  }
  const names = new Set<string>()
  for (const [index, port] of ports.entries()) {
    const path = `spec.ports[${index}]`
    if (ports.length > 1 && !port.name) issues.push(invalid(['spec', 'ports', index], `${path}.name: Required value`))
    else if (port.name !== undefined && names.has(port.name)) {
      issues.push(invalid(['spec', 'ports', index, 'name'], `${path}.name: Duplicate value: "${port.name}"`))
    }
    if (port.name !== undefined) names.add(port.name)
  }
  const isExternal = spec.type === 'NodePort' || spec.type === 'LoadBalancer'
  if (spec.externalTrafficPolicy !== undefined && !isExternal) {
    const text = `spec.externalTrafficPolicy: Invalid value: "${spec.externalTrafficPolicy}": may only be set for externally-accessible services`
    issues.push(invalid(['spec', 'externalTrafficPolicy'], text))
  }
  if (spec.sessionAffinity === 'ClientIP') {
    const path = ['spec', 'sessionAffinity']
    issues.push({ kind: 'unmodelled', path, message: '"spec.sessionAffinity: ClientIP" is not modelled' })
  }
  return issues
}
