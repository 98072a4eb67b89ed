import { copyData } from '../../config/manifest/copy-data.ts'
import { formatIpv4, formatPrefix } from '../../wire/address.ts'
import type { CiliumNode } from '../api/cilium-resources.ts'
import { setCondition } from '../api/condition.ts'
import { formatTimestamp } from '../api/timestamp.ts'
import type { CiliumAgent } from './agent.ts'

/** Creates the CiliumNode of an agent's node, or brings it up to date. Source: pkg/nodediscovery/nodediscovery.go. */
export function publishCiliumNode(agent: CiliumAgent): void {
  const { store } = agent.cilium.cluster
  const { node } = agent
  const kubernetesNode = store.get('Node', undefined, node.name)
  const wanted: CiliumNode = {
    apiVersion: 'cilium.io/v2',
    kind: 'CiliumNode',
    metadata: {
      name: node.name,
      labels: { ...kubernetesNode?.metadata.labels },
      annotations: { ...kubernetesNode?.metadata.annotations },
      ownerReferences:
        kubernetesNode === undefined
          ? []
          : [{ apiVersion: 'v1', kind: 'Node', name: node.name, uid: kubernetesNode.metadata.uid ?? '' }],
    },
    spec: {
      addresses: [
        { type: 'InternalIP', ip: formatIpv4(node.address) },
        { type: 'CiliumInternalIP', ip: formatIpv4(agent.routerAddress) },
      ],
      health: { ipv4: formatIpv4(agent.healthAddress) },
      ipam: { podCIDRs: [formatPrefix(agent.podPrefix)] },
    },
  }
  const created = store.create(wanted)
  if (created.ok) return
  store.update('CiliumNode', undefined, node.name, draft => {
    draft.metadata.labels = wanted.metadata.labels ?? {}
    draft.metadata.annotations = wanted.metadata.annotations ?? {}
    draft.spec = wanted.spec
  })
}

/** Marks the Node's network as available. kubelet reports Ready by itself. Source: pkg/k8s/client/client.go. */
export function publishNodeReady(agent: CiliumAgent): void {
  const { store, simulator } = agent.cilium.cluster
  store.update('Node', undefined, agent.node.name, draft => {
    const conditions = copyData(draft.status?.conditions ?? [])
    const condition = {
      type: 'NetworkUnavailable',
      status: 'False' as const,
      reason: 'CiliumIsUp',
      message: 'Cilium is running on this node',
    }
    setCondition(conditions, condition, formatTimestamp(simulator.wallMs))
    draft.status = { ...draft.status, conditions }
  })
}
