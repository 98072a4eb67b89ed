import type { Condition } from '../../../model/kubernetes-object.ts'
import { findCondition, setCondition } from '../../api/condition.ts'

/** Sets a condition in place. False when it already is exactly so, in which case nothing has to be written. */
export function updateCondition(conditions: Condition[], condition: Condition, now: string): boolean {
  const old = findCondition(conditions, condition.type)
  const isSame =
    old !== undefined &&
    old.status === condition.status &&
    old.reason === condition.reason &&
    old.message === condition.message &&
    old.observedGeneration === condition.observedGeneration
  if (isSame) return false
  setCondition(conditions, condition, now)
  return true
}
