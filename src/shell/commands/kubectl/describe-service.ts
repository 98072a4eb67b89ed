import type { Service, ServicePort } from '../../../kubernetes/api/service.ts'
import { formatEndpoints } from './columns.ts'
import { annotationRows, formatRows, labelRows, type Rows } from './describe-lines.ts'
import type { KubectlRequest } from './request.ts'

/** Source: k8s.io/kubectl pkg/describe/describe.go `describeService` (1.31). */
export function describeService({ store }: KubectlRequest, service: Service): string {
  const { metadata, spec, status } = service
  const selector = Object.entries(spec.selector ?? {})
    .map(([key, value]) => `${key}=${value}`)
    .sort()
    .join(',')
  const ingress = (status.loadBalancer?.ingress ?? []).map(entry => entry.ip ?? entry.hostname ?? '')
  const endpoints = store.get('Endpoints', metadata.namespace, metadata.name)
  const rows: Rows = [
    ['Name:', metadata.name],
    ['Namespace:', metadata.namespace!],
    ...labelRows(service),
    ...annotationRows(service),
    ['Selector:', selector === '' ? '<none>' : selector],
    ['Type:', spec.type],
    ['IP Family Policy:', spec.ipFamilyPolicy ?? '<none>'],
    ['IP Families:', spec.ipFamilies?.join(',') ?? '<none>'],
    ['IP:', spec.clusterIP ?? ''],
    ['IPs:', spec.clusterIPs?.join(',') ?? '<none>'],
    ...(spec.externalIPs === undefined ? [] : [['External IPs:', spec.externalIPs.join(',')]]),
    ...(spec.loadBalancerIP === undefined ? [] : [['IP:', spec.loadBalancerIP]]),
    ...(spec.externalName === undefined ? [] : [['External Name:', spec.externalName]]),
    ...(ingress.length === 0 ? [] : [['LoadBalancer Ingress:', ingress.map(ip => `${ip} (VIP)`).join(', ')]]),
  ]
  for (const port of spec.ports ?? []) rows.push(...portRows(port, endpointText(endpoints, port)))
  rows.push(['Session Affinity:', spec.sessionAffinity ?? 'None'])
  if (spec.externalTrafficPolicy !== undefined) rows.push(['External Traffic Policy:', spec.externalTrafficPolicy])
  if (spec.internalTrafficPolicy !== undefined) rows.push(['Internal Traffic Policy:', spec.internalTrafficPolicy])
  rows.push(['Events:', '<none>'])
  return formatRows(rows)
}

function portRows(port: ServicePort, endpoints: string): Rows {
  const name = port.name === undefined || port.name === '' ? '<unset>' : port.name
  return [
    ['Port:', name, `${port.port}/${port.protocol}`],
    ['TargetPort:', `${port.targetPort}/${port.protocol}`],
    ...(port.nodePort === undefined ? [] : [['NodePort:', name, `${port.nodePort}/${port.protocol}`]]),
    ['Endpoints:', endpoints],
  ]
}

function endpointText(endpoints: Parameters<typeof formatEndpoints>[0] | undefined, port: ServicePort): string {
  if (endpoints === undefined) return '<none>'
  const subsets = (endpoints.subsets ?? []).map(subset => {
    const ports = (subset.ports ?? []).filter(one => (one.name ?? '') === (port.name ?? ''))
    return { ...subset, ports }
  })
  const shown = formatEndpoints({ ...endpoints, subsets: subsets.filter(subset => subset.ports.length > 0) })
  return shown === '<none>' ? '' : shown
}
