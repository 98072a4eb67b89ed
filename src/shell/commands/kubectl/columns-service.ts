import type { Service } from '../../../kubernetes/api/service.ts'
import { formatAge } from './age.ts'
import type { Column } from './columns.ts'

export const SERVICE_COLUMNS: readonly Column<Service>[] = [
  { header: 'NAME', cell: service => service.metadata.name },
  { header: 'TYPE', cell: service => service.spec.type },
  { header: 'CLUSTER-IP', cell: service => service.spec.clusterIP ?? '<none>' },
  { header: 'EXTERNAL-IP', cell: formatExternalIp },
  { header: 'PORT(S)', cell: formatPorts },
  { header: 'AGE', cell: (service, wallMs) => formatAge(service.metadata.creationTimestamp, wallMs) },
  {
    header: 'SELECTOR',
    isWide: true,
    cell: ({ spec }) => {
      const pairs = Object.entries(spec.selector ?? {}).map(([key, value]) => `${key}=${value}`)
      return pairs.length === 0 ? '<none>' : pairs.sort().join(',')
    },
  },
]

/** Source: Kubernetes pkg/printers/internalversion/printers.go `getServiceExternalIP`. */
function formatExternalIp(service: Service): string {
  const { type, externalIPs = [], externalName } = service.spec
  if (type === 'ExternalName') return externalName ?? '<none>'
  if (type !== 'LoadBalancer') return externalIPs.length === 0 ? '<none>' : externalIPs.join(',')
  const ingress = (service.status.loadBalancer?.ingress ?? []).map(entry => entry.ip ?? entry.hostname ?? '')
  const all = [...ingress, ...externalIPs]
  return all.length === 0 ? '<pending>' : all.join(',')
}

function formatPorts({ spec }: Service): string {
  const texts = (spec.ports ?? []).map(({ port, nodePort, protocol }) =>
    nodePort === undefined || nodePort === 0 ? `${port}/${protocol}` : `${port}:${nodePort}/${protocol}`,
  )
  return texts.length === 0 ? '<none>' : texts.join(',')
}
