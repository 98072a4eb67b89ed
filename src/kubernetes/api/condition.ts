import type { Condition } from '../../model/kubernetes-object.ts'

/**
 * Sets one condition in a list (in place), by type. lastTransitionTime moves only when the status changes.
 * Source: k8s.io/apimachinery pkg/api/meta/conditions.go `SetStatusCondition`.
 *
 * @param now RFC 3339 text
 */
export function setCondition(conditions: Condition[], condition: Condition, now: string): void {
  const existing = conditions.find(candidate => candidate.type === condition.type)
  if (existing === undefined) {
    conditions.push({ ...condition, lastTransitionTime: now })
    return
  }
  const lastTransitionTime = existing.status === condition.status ? (existing.lastTransitionTime ?? now) : now
  Object.assign(existing, condition, { lastTransitionTime })
}

export function findCondition(conditions: readonly Condition[] | undefined, type: string): Condition | undefined {
  return conditions?.find(condition => condition.type === type)
}
