import { parseIpv4 } from '../../../wire/address.ts'
import { type ManifestKind, topLevel } from '../manifest-kind.ts'
import { checkCidr } from '../names.ts'
import { BOOLEAN, checkedText, list, object, oneOf, required, withDefault } from '../schema.ts'
import { LABEL_SELECTOR } from './label-selector.ts'

const CIDR = checkedText(text => (text.includes(':') || text.includes('/') ? checkCidr(text) : 'must be a CIDR'))

const ADDRESS = checkedText(text => {
  if (parseIpv4(text) !== undefined) return undefined
  return text.includes(':') ? 'IPv6 is not modelled' : 'must be an IP address'
})

/** Source: cilium pkg/k8s/apis/cilium.io/v2alpha1/lbipam_types.go; v2 since 1.18 has the same fields. */
export const CILIUM_LOAD_BALANCER_IP_POOL: ManifestKind = {
  kind: 'CiliumLoadBalancerIPPool',
  apiVersions: ['cilium.io/v2alpha1', 'cilium.io/v2'],
  flavour: 'custom',
  schema: topLevel('CiliumLoadBalancerIPPool', {
    spec: required(
      object('CiliumLoadBalancerIPPoolSpec', {
        blocks: list(
          object('CiliumLoadBalancerIPPoolIPBlock', { cidr: CIDR, start: ADDRESS, stop: ADDRESS }),
          'CiliumLoadBalancerIPPoolIPBlock',
        ),
        cidrs: list(
          object('CiliumLoadBalancerIPPoolIPBlock', { cidr: required(CIDR) }),
          'CiliumLoadBalancerIPPoolIPBlock',
        ),
        serviceSelector: LABEL_SELECTOR,
        disabled: withDefault(BOOLEAN, false),
        allowFirstLastIPs: oneOf('Yes', 'No'),
      }),
    ),
  }),
}
