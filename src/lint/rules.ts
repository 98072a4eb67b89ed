import type { LintRule } from './rule.ts'
import { addressNotAnnounced } from './rules/address-not-announced.ts'
import { addressOutsidePools } from './rules/address-outside-pools.ts'
import { asMismatch } from './rules/as-mismatch.ts'
import { bgpControlPlaneOff } from './rules/bgp-control-plane-off.ts'
import { bothPassive } from './rules/both-passive.ts'
import { bridgeMissing } from './rules/bridge-missing.ts'
import { dsrMtu } from './rules/dsr-mtu.ts'
import { duplicateAddress } from './rules/duplicate-address.ts'
import { duplicateRouterId } from './rules/duplicate-router-id.ts'
import { ebgpMultihopMissing } from './rules/ebgp-multihop-missing.ts'
import { familyMismatch } from './rules/family-mismatch.ts'
import { fdbAgesBeforeArp } from './rules/fdb-ages-before-arp.ts'
import { gatewayUnreachable } from './rules/gateway-unreachable.ts'
import { ibgpHole } from './rules/ibgp-hole.ts'
import { interfaceRegexMatchesNothing } from './rules/interface-regex-matches-nothing.ts'
import { invalidSelector } from './rules/invalid-selector.ts'
import { l2PolicyAnnouncesNothing } from './rules/l2-policy-announces-nothing.ts'
import { leaseTimings } from './rules/lease-timings.ts'
import { linkNetworks } from './rules/link-networks.ts'
import { localPolicyWithL2 } from './rules/local-policy-with-l2.ts'
import { maximumPathsOne } from './rules/maximum-paths-one.ts'
import { misalignedCidr } from './rules/misaligned-cidr.ts'
import { mtuMismatch } from './rules/mtu-mismatch.ts'
import { multipathRelaxMissing } from './rules/multipath-relax-missing.ts'
import { neighborMissingOnRouter } from './rules/neighbor-missing-on-router.ts'
import { networkNotInTable } from './rules/network-not-in-table.ts'
import { nextHopUnreachable } from './rules/next-hop-unreachable.ts'
import { noPoolForService } from './rules/no-pool-for-service.ts'
import { noWayBack } from './rules/no-way-back.ts'
import { nodeAddressMissing } from './rules/node-address-missing.ts'
import { ownAsRefused } from './rules/own-as-refused.ts'
import { passwordMismatch } from './rules/password-mismatch.ts'
import { peerOutsideNetworks } from './rules/peer-outside-networks.ts'
import { peerWithoutCounterpart } from './rules/peer-without-counterpart.ts'
import { podsUnreachable } from './rules/pods-unreachable.ts'
import { policyMissing } from './rules/policy-missing.ts'
import { poolLoops } from './rules/pool-loops.ts'
import { poolOverlap } from './rules/pool-overlap.ts'
import { poolOverlapsNetwork } from './rules/pool-overlaps-network.ts'
import { reversePathFilter } from './rules/reverse-path-filter.ts'
import { selectorMatchesNothing } from './rules/selector-matches-nothing.ts'
import { serviceSelectsNothing } from './rules/service-selects-nothing.ts'
import { sessionSource } from './rules/session-source.ts'
import { severalBgpPolicies } from './rules/several-bgp-policies.ts'
import { undefinedPolicy } from './rules/undefined-policy.ts'
import { updateSource } from './rules/update-source.ts'

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
  sessionSource,
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
  gatewayUnreachable,
  noWayBack,
  reversePathFilter,
  nodeAddressMissing,
  serviceSelectsNothing,
  bgpControlPlaneOff,
  severalBgpPolicies,
  invalidSelector,
  selectorMatchesNothing,
  neighborMissingOnRouter,
  poolOverlap,
  poolOverlapsNetwork,
  misalignedCidr,
  addressOutsidePools,
  noPoolForService,
  addressNotAnnounced,
  poolLoops,
  l2PolicyAnnouncesNothing,
  interfaceRegexMatchesNothing,
  localPolicyWithL2,
  leaseTimings,
  fdbAgesBeforeArp,
  dsrMtu,
  podsUnreachable,
]
