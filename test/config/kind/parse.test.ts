import { describe, expect, test } from 'vitest'
import { defaultKindCluster, parseKindCluster } from '../../../src/config/kind/parse.ts'
import { formatIpv4, formatPrefix } from '../../../src/wire/address.ts'

const HEADER = 'kind: Cluster\napiVersion: kind.x-k8s.io/v1alpha4\n'

function parse(text: string, name?: string) {
  return parseKindCluster(HEADER + text, { file: 'kind.yaml', ...(name === undefined ? {} : { name }) })
}

describe('parseKindCluster', () => {
  test('numbers nodes of a role from the second one on', () => {
    const { model } = parse(
      'nodes: [{role: control-plane}, {role: worker}, {role: worker}, {role: worker}]',
      'cilium-bgp',
    )
    expect(model?.nodes.map(node => node.name)).toEqual([
      'cilium-bgp-control-plane',
      'cilium-bgp-worker',
      'cilium-bgp-worker2',
      'cilium-bgp-worker3',
    ])
  })

  test('takes node-ip and node-labels from InitConfiguration on the control plane and JoinConfiguration elsewhere', () => {
    const patch = (kind: string, address: string, rack: string) => `
  kubeadmConfigPatches:
  - |
    kind: ${kind}
    nodeRegistration:
      kubeletExtraArgs:
        node-ip: "${address}"
        node-labels: "rack=${rack},tier="
`
    const nodes = `nodes:\n- role: control-plane${patch('InitConfiguration', '10.0.5.11', 'rack0')}- role: worker${patch('JoinConfiguration', '10.0.10.11', 'rack1')}`
    const { model, diagnostics } = parse(nodes)
    expect(diagnostics).toEqual([])
    expect(model?.nodes.map(node => formatIpv4(node.nodeAddress!))).toEqual(['10.0.5.11', '10.0.10.11'])
    expect(model?.nodes.map(node => node.labels.get('rack'))).toEqual(['rack0', 'rack1'])
    expect(model?.nodes[0]?.labels.get('tier')).toBe('')
  })

  test('a JoinConfiguration of the whole cluster is for workers only', () => {
    const { model } = parse(`kubeadmConfigPatches:
- |
  kind: JoinConfiguration
  nodeRegistration:
    kubeletExtraArgs: [{name: node-labels, value: a=b}]
nodes: [{role: control-plane}, {role: worker}]`)
    expect(model?.nodes.map(node => node.labels.size)).toEqual([0, 1])
  })

  test('the control plane is tainted unless it is the only node', () => {
    const several = parse('nodes: [{role: control-plane}, {role: worker}]').model
    expect(several?.nodes.map(node => node.taints)).toEqual([['node-role.kubernetes.io/control-plane:NoSchedule'], []])
    expect(parse('').model?.nodes.map(node => node.taints)).toEqual([[]])
  })

  test('has the defaults of kind', () => {
    const { model } = defaultKindCluster('demo')
    expect(model).toMatchObject({ name: 'demo', disableDefaultCni: false, kubeProxyMode: 'iptables' })
    expect(formatPrefix(model!.podSubnet)).toBe('10.244.0.0/16')
    expect(formatPrefix(model!.serviceSubnet)).toBe('10.96.0.0/16')
  })

  test.each([
    ['nodez: []', 'kind/unknown-key', 3, 1],
    ['nodes: [{role: boss}]', 'kind/wrong-value', 3, 16],
    ['networking: {podSubnet: 10.1.0.0}', 'kind/wrong-value', 3, 25],
    ['nodes: [{role: worker}]', 'kind/missing-node', 3, 8],
    ['networking: {disableDefaultCNI: "yes"}', 'kind/wrong-type', 3, 33],
  ])('says where %s is wrong', (text, code, line, column) => {
    const { model, diagnostics } = parse(text)
    expect(model).toBeUndefined()
    expect(diagnostics[0]).toMatchObject({ code, severity: 'error', source: { file: 'kind.yaml', line, column } })
  })

  test('keys without effect are named, not dropped', () => {
    const { model, diagnostics } = parse('nodes: [{role: control-plane, extraMounts: []}]')
    expect(model).toBeDefined()
    expect(diagnostics).toMatchObject([{ severity: 'unmodelled', message: '"extraMounts" is not modelled' }])
  })
})
