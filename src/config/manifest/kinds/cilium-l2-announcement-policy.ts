import { type ManifestKind, topLevel } from '../manifest-kind.ts'
import { BOOLEAN, object, TEXT_LIST } from '../schema.ts'
import { LABEL_SELECTOR } from './label-selector.ts'

/** Source: cilium pkg/k8s/apis/cilium.io/v2alpha1/l2announcement_types.go. */
export const CILIUM_L2_ANNOUNCEMENT_POLICY: ManifestKind = {
  kind: 'CiliumL2AnnouncementPolicy',
  apiVersions: ['cilium.io/v2alpha1'],
  flavour: 'custom',
  schema: topLevel('CiliumL2AnnouncementPolicy', {
    spec: {
      schema: object('CiliumL2AnnouncementPolicySpec', {
        nodeSelector: LABEL_SELECTOR,
        serviceSelector: LABEL_SELECTOR,
        interfaces: TEXT_LIST,
        externalIPs: BOOLEAN,
        loadBalancerIPs: BOOLEAN,
      }),
    },
  }),
}
