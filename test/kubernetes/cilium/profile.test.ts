import { describe, expect, it } from 'vitest'
import { readConfig } from '../../../src/kubernetes/cilium/config.ts'
import { chooseProfile } from '../../../src/kubernetes/cilium/profile.ts'

describe('chooseProfile', () => {
  it.each([
    ['1.15.0', '1.15', false],
    ['v1.16.5', '1.16', false],
    ['1.17.1', '1.17', false],
    ['1.14.3', '1.15', true],
    ['1.20.2', '1.18', true],
    ['main', '1.18', true],
  ])('takes for %s the profile %s (said aloud: %s)', (version, minor, isSaid) => {
    const { profile, notice } = chooseProfile(version)
    expect([profile.minor, notice !== undefined]).toEqual([minor, isSaid])
  })
})

describe('readConfig', () => {
  const { profile } = chooseProfile('1.16.0')

  it('fills in the defaults of the chart', () => {
    expect(readConfig({}, profile, true).config).toMatchObject({
      kubeProxyReplacement: false,
      loadBalancerMode: 'snat',
      loadBalancerAlgorithm: 'random',
      maglevTableSize: 16381,
      routingMode: 'tunnel',
      isBgpControlPlaneEnabled: false,
      ipamMode: 'cluster-pool',
    })
  })

  it.each([true, 'true', 'strict'])('takes kubeProxyReplacement %s for on', value => {
    expect(readConfig({ kubeProxyReplacement: value }, profile, true).config.kubeProxyReplacement).toBe(true)
  })

  it('says that kube-proxy is only modelled so far', () => {
    expect(readConfig({ routingMode: 'native' }, profile, true).notices).toEqual([
      "kubeProxyReplacement is off: kube-proxy's iptables are modelled only as plain source NAT of NodePort, external and LoadBalancer addresses",
    ])
  })

  it('says that nobody serves services without kube-proxy and its replacement', () => {
    expect(readConfig({ routingMode: 'native' }, profile, false).notices).toEqual([
      'kubeProxyReplacement is off and the cluster has no kube-proxy: nobody serves NodePort, external and LoadBalancer addresses',
    ])
  })

  it('says that tunnels are not modelled', () => {
    expect(readConfig({ kubeProxyReplacement: true }, profile, true).notices).toHaveLength(1)
  })

  it('has nothing to say about the article’s values', () => {
    const values = {
      kubeProxyReplacement: true,
      routingMode: 'native',
      ipv4NativeRoutingCIDR: '10.0.0.0/8',
      ipam: { mode: 'kubernetes' },
      loadBalancer: { mode: 'dsr' },
      bgpControlPlane: { enabled: true },
    }
    expect(readConfig(values, profile, true).notices).toEqual([])
  })
})
