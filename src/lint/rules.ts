import type { LintRule } from './rule.ts'
import { asMismatch } from './rules/as-mismatch.ts'
import { bridgeMissing } from './rules/bridge-missing.ts'
import { dsrMtu, leaseTimings, podsUnreachable, poolLoops } from './rules/cilium-datapath.ts'
import { bgpDisabled, interfaceRegex, l2AnnouncesNothing, localPolicyWithL2 } from './rules/cilium-l2.ts'
import { neighborMissingOnRouter, nodeAddressMissing, serviceWithoutPods } from './rules/cilium-neighbors.ts'
import {
  addressOutsidePools,
  misalignedCidr,
  noPoolForService,
  notAnnounced,
  poolOverlap,
  poolOverlapsNetwork,
} from './rules/cilium-pools.ts'
import { invalidSelector, selectorMatchesNothing, severalPolicies } from './rules/cilium-selectors.ts'
import { duplicateAddress } from './rules/duplicate-address.ts'
import { fdbAgeing } from './rules/fdb-ageing.ts'
import { ibgpHole } from './rules/ibgp-hole.ts'
import { linkNetworks } from './rules/link-networks.ts'
import { mtuMismatch } from './rules/mtu-mismatch.ts'
import { maximumPathsOne, multipathRelaxMissing } from './rules/multipath-off.ts'
import { networkNotInTable } from './rules/network-not-in-table.ts'
import { nextHopUnreachable } from './rules/next-hop-unreachable.ts'
import { ownAsRefused } from './rules/own-as-refused.ts'
import { ebgpMultihopMissing, peerOutsideNetworks } from './rules/peer-unreachable.ts'
import { peerWithoutCounterpart } from './rules/peer-without-counterpart.ts'
import { policyMissing } from './rules/policy-missing.ts'
import { bothPassive, duplicateRouterId, familyMismatch, passwordMismatch } from './rules/session-mismatch.ts'
import { sessionSourceRule } from './rules/session-source.ts'
import { staticGateway } from './rules/static-gateway.ts'
import { undefinedPolicy } from './rules/undefined-policy.ts'
import { updateSource } from './rules/update-source.ts'
import { noWayBack, reversePathFilter } from './rules/way-back.ts'

/** Every rule, in the order in which they are listed. */
export const LINT_RULES: readonly LintRule[] = [
  duplicateAddress,
  linkNetworks,
  mtuMismatch,
  bridgeMissing,
  peerWithoutCounterpart,
  peerOutsideNetworks,
  ebgpMultihopMissing,
  asMismatch,
  sessionSourceRule,
  updateSource,
  passwordMismatch,
  bothPassive,
  familyMismatch,
  duplicateRouterId,
  policyMissing,
  undefinedPolicy,
  networkNotInTable,
  nextHopUnreachable,
  ibgpHole,
  ownAsRefused,
  maximumPathsOne,
  multipathRelaxMissing,
  staticGateway,
  noWayBack,
  reversePathFilter,
  nodeAddressMissing,
  serviceWithoutPods,
  bgpDisabled,
  severalPolicies,
  invalidSelector,
  selectorMatchesNothing,
  neighborMissingOnRouter,
  poolOverlap,
  poolOverlapsNetwork,
  misalignedCidr,
  addressOutsidePools,
  noPoolForService,
  notAnnounced,
  poolLoops,
  l2AnnouncesNothing,
  interfaceRegex,
  localPolicyWithL2,
  leaseTimings,
  fdbAgeing,
  dsrMtu,
  podsUnreachable,
]
