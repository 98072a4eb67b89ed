import { copyData } from '../../../config/manifest/copy-data.ts'
import type { CiliumL2AnnouncementPolicy } from '../../api/cilium-resources.ts'
import { findCondition, setCondition } from '../../api/condition.ts'
import { formatTimestamp } from '../../api/timestamp.ts'
import type { Cluster } from '../../cluster.ts'
import { MISTAKE_CONDITIONS, type PolicySelection } from './policy-selection.ts'

/**
 * Writes what an agent found wrong with a policy. Conditions of mistakes never made are absent; that of a mistake made good
 * turns False. What comes after a mistake was not looked at, and stays as it was. Every agent that reads the policy writes;
 * equal writes change nothing. Source: pkg/l2announcer/l2announcer.go (updatePolicyStatus).
 */
export function writePolicyStatus(
  cluster: Cluster,
  policy: CiliumL2AnnouncementPolicy,
  selection: PolicySelection,
): void {
  const conditions = copyData(policy.status.conditions ?? [])
  let isChanged = false
  for (const type of MISTAKE_CONDITIONS) {
    const isMistake = selection.kind === 'mistake' && selection.condition === type
    const known = findCondition(conditions, type)
    const status = isMistake ? 'True' : 'False'
    const message = isMistake ? selection.message : ''
    if (known === undefined ? isMistake : known.status !== status || known.message !== message) {
      const observedGeneration = policy.metadata.generation ?? 0
      const condition = { type, status, reason: 'error', message, observedGeneration } as const
      setCondition(conditions, condition, formatTimestamp(cluster.simulator.wallMs))
      isChanged = true
    }
    // a node that is not selected looks no further than the node selector, a mistake ends the look
    if (isMistake || selection.kind === 'other-node') break
  }
  if (!isChanged) return
  cluster.store.update('CiliumL2AnnouncementPolicy', undefined, policy.metadata.name, draft => {
    draft.status = { ...draft.status, conditions }
  })
}
