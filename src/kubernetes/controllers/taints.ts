import type { Taint } from '../api/node.ts'
import type { Toleration } from '../api/pod.ts'

/** The first taint that keeps a pod off a node; undefined when all are tolerated. PreferNoSchedule never keeps one off. */
export function findUntolerated(taints: readonly Taint[], tolerations: readonly Toleration[]): Taint | undefined {
  return taints.find(taint => taint.effect !== 'PreferNoSchedule' && !tolerations.some(one => tolerates(one, taint)))
}

/** Source: k8s.io/api core/v1 toleration.go `ToleratesTaint`. */
function tolerates(toleration: Toleration, taint: Taint): boolean {
  if (toleration.effect && toleration.effect !== taint.effect) return false
  if (toleration.key && toleration.key !== taint.key) return false
  if (toleration.operator === 'Exists') return true
  return (toleration.value ?? '') === (taint.value ?? '') && Boolean(toleration.key)
}

/** Parses `key=value:Effect`, `key:Effect`; undefined when it is neither. */
export function parseTaint(text: string): Taint | undefined {
  const match = /^([^=:]+)(?:=([^:]*))?:(NoSchedule|PreferNoSchedule|NoExecute)$/.exec(text)
  if (match === null) return undefined
  const effect = match[3] as Taint['effect']
  return match[2] === undefined ? { key: match[1]!, effect } : { key: match[1]!, value: match[2], effect }
}
