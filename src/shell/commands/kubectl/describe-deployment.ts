import { isControlledBy } from '../../../kubernetes/api/owner.ts'
import { formatSelector } from '../../../kubernetes/api/selector.ts'
import type { Deployment, ReplicaSet } from '../../../kubernetes/api/workload.ts'
import { annotationRows, formatDate, formatRows, labelRows, mapRows, type Rows } from './describe-lines.ts'
import type { KubectlRequest } from './request.ts'

/** Source: k8s.io/kubectl pkg/describe/describe.go `describeDeployment`. */
export function describeDeployment({ store }: KubectlRequest, deployment: Deployment): string {
  const { metadata, spec, status } = deployment
  const count = (value: number | undefined) => String(value ?? 0)
  const replicas = `${spec.replicas} desired | ${count(status.updatedReplicas)} updated | ${count(status.replicas)} total | ${count(status.availableReplicas)} available | ${count(status.unavailableReplicas)} unavailable`
  const rolling = spec.strategy?.rollingUpdate
  const head: Rows = [
    ['Name:', metadata.name],
    ['Namespace:', metadata.namespace!],
    ['CreationTimestamp:', formatDate(metadata.creationTimestamp)],
    ...labelRows(deployment),
    ...annotationRows(deployment),
    ['Selector:', formatSelector(spec.selector)],
    ['Replicas:', replicas],
    ['StrategyType:', spec.strategy?.type ?? 'RollingUpdate'],
    ['MinReadySeconds:', count(spec.minReadySeconds)],
    ...(rolling === undefined
      ? []
      : [['RollingUpdateStrategy:', `${rolling.maxUnavailable} max unavailable, ${rolling.maxSurge} max surge`]]),
  ]
  const containers = spec.template.spec.containers.flatMap(container => {
    const ports = (container.ports ?? []).map(port => `${port.containerPort}/${port.protocol ?? 'TCP'}`)
    return [
      [`   ${container.name}:`],
      ['    Image:', container.image],
      ['    Port:', ports.length === 0 ? '<none>' : ports.join(', ')],
    ]
  })
  const template: Rows = [
    ['Pod Template:'],
    ...mapRows('  Labels', spec.template.metadata?.labels, '='),
    ['  Containers:'],
    ...containers,
  ]
  const conditions: Rows = [
    ['Conditions:'],
    ['  Type', 'Status', 'Reason'],
    ['  ----', '------', '------'],
    ...(status.conditions ?? []).map(one => [`  ${one.type}`, one.status, one.reason ?? '']),
  ]
  const sets = store.list('ReplicaSet', metadata.namespace).filter(set => isControlledBy(set, deployment))
  const current = sets.find(
    set =>
      set.metadata.annotations?.['deployment.kubernetes.io/revision'] ===
      metadata.annotations?.['deployment.kubernetes.io/revision'],
  )
  const old = sets.filter(set => set !== current && set.spec.replicas > 0)
  const tail: Rows = [
    ['OldReplicaSets:', old.length === 0 ? '<none>' : old.map(formatSet).join(', ')],
    ['NewReplicaSet:', current === undefined ? '<none>' : formatSet(current)],
    ['Events:', '<none>'],
  ]
  return [head, template, conditions, tail].map(formatRows).join('')
}

function formatSet(set: ReplicaSet): string {
  return `${set.metadata.name} (${set.status.replicas ?? 0}/${set.spec.replicas} replicas created)`
}
