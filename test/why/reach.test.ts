import { describe, expect, test } from 'vitest'
import type { OpenedLab } from '../../src/shell/open-lab.ts'
import type { Answer, Step } from '../../src/why/answer.ts'
import { whyReach } from '../../src/why/reach.ts'
import { openSettledLab, ROOT } from '../support/open-settled-lab.ts'
import { ask, blamed, EditedLab } from './edited-lab.ts'

function lines({ verdict, steps }: Answer): readonly string[] {
  const all = (list: readonly Step[]): readonly string[] => list.flatMap(step => [step.text, ...all(step.steps ?? [])])
  return [verdict, ...all(steps)]
}

describe('a packet that arrives', () => {
  const clos = openSettledLab('topologies/clos-2x4/lab.clab.yml')

  test('is told hop by hop with the route used, there and back', async () => {
    const answer = ask((await clos).lab, 'reach host1 host3')
    expect(answer.isPositive).toBe(true)
    expect(answer.verdict).toMatch(/^host1 reaches host3 10\.100\.3\.10 \(ping\) in \d+\.\d+ ms$/)
    const texts = lines(answer)
    expect(texts).toContain('host1 eth1: 0.0.0.0/0 via leaf1 10.100.1.1')
    expect(
      texts.filter(text => /^leaf1 eth3 > eth\d: 10\.100\.3\.0\/24 via spine\d .* \(hash: \d of 2\)$/.test(text)),
    ).toHaveLength(1)
    expect(texts).toContain('host3 eth1: arrives, TTL 61')
    expect(texts).toContain('host1 eth1: arrives, TTL 61')
  })

  test('is followed by one as long as the way out allows', async () => {
    expect(lines(ask((await clos).lab, 'reach host1 host3'))).toContain('a packet of 9500 bytes passes too')
  })

  test('to itself never leaves', async () => {
    expect(ask((await clos).lab, 'reach host1 10.100.1.10').verdict).toContain('it is its own address')
  })

  test('by an address that nobody has named is the same as by its name', async () => {
    const { lab } = await clos
    expect(ask(lab, 'reach host1 10.100.3.10').verdict.replace(/in .*/, '')).toBe(
      ask(lab, 'reach host1 host3').verdict.replace(/in .*/, ''),
    )
  })
})

describe('a packet that does not arrive', () => {
  test('to a closed port is told as refused, with the way there and back', async () => {
    const { lab } = await openSettledLab('topologies/clos-2x4/lab.clab.yml')
    const answer = ask(lab, 'reach host1 host3:80')
    expect(answer.verdict).toContain('host3 refuses TCP port 80')
    expect(lines(answer)).toContain('back: 4 hops')
  })

  test('because of an MTU is found though small packets pass', async () => {
    const command = 'ip link set dev eth3 mtu 1400'
    const lab = new EditedLab('topologies/clos-2x4', [
      ['lab.clab.yml', '/etc/frr/daemons]\n    spine2', `/etc/frr/daemons]\n      exec: ["${command}"]\n    spine2`],
      ['lab.clab.yml', '/etc/frr/daemons]\n    leaf1', `/etc/frr/daemons]\n      exec: ["${command}"]\n    leaf1`],
    ])
    const answer = await lab.ask('reach host1 host3')
    expect(answer.isPositive).toBe(true)
    expect(answer.steps[0]?.text).toMatch(/a packet of 9500 bytes does not pass: spine\d eth3 has MTU 1400/)
    expect(lab.placeOf(answer.steps[0]!.source!)).toMatch(/^lab\.clab\.yml:/)
    expect(lines(answer).some(text => /spine\d reports it: fragmentation needed/.test(text))).toBe(true)
  })

  test('because the other end takes only short frames is lost without a report', async () => {
    const lab = new EditedLab('topologies/clos-2x4', [
      [
        'lab.clab.yml',
        '- ip addr add 10.100.3.10/24 dev eth1',
        '- ip addr add 10.100.3.10/24 dev eth1\n        - ip link set dev eth1 mtu 1400',
      ],
    ])
    const answer = await lab.ask('reach host1 host3 1500')
    expect(answer.verdict).toContain('host3 eth1 has MTU 1400 and takes no frame of 1500 bytes; nobody is told')
    expect(lab.placeOf(blamed(answer.steps)!)).toBe(lab.place('lab.clab.yml', 'mtu 1400'))
  })

  test('because its link loses everything is lost there', async () => {
    const { lab, terminal } = await openSettledLab('topologies/clos-2x4/lab.clab.yml')
    await terminal.run('tc qdisc add dev eth3 root netem loss 100%', { node: lab.node('leaf3')! })
    const answer = ask(lab, 'reach host1 host3')
    expect(answer.isPositive).toBe(false)
    expect(answer.verdict).toMatch(/leaf3 eth3/)
  })

  test('in a loop is told with the routes that make it', async () => {
    const lab = new EditedLab('topologies/clos-2x4', [
      ['leaf1/frr.conf', 'router bgp', 'ip route 10.100.3.10/32 10.1.1.0\nrouter bgp'],
      ['spine1/frr.conf', 'router bgp', 'ip route 10.100.3.10/32 10.1.1.1\nrouter bgp'],
    ])
    const texts = lines(await lab.ask('reach host1 host3'))
    expect(texts[0]).toContain('forwarding loop between leaf1 and spine1')
    expect(texts).toContain('spine1 sends 10.100.3.10 by 10.100.3.10/32 to leaf1 10.1.1.1')
    expect(texts).toContain('and so on')
  })

  test('has a reason with a place, whatever two nodes of a recorded lab are asked about', async () => {
    const { lab } = await openSettledLab('test/labs/access-list-with-host-bits/lab.clab.yml')
    const names = lab.nodes().map(node => node.name)
    let absent = 0
    for (const from of names)
      for (const to of names) {
        const answer = from === to ? undefined : whyReach(lab, from, to)
        if (answer === undefined || 'mistake' in answer || answer.isPositive) continue
        absent += 1
        expect(blamed(answer.steps), lines(answer).join('\n')).toBeDefined()
      }
    expect(absent).toBeGreaterThan(0)
  })
})

describe('questions that cannot be asked', () => {
  test.each([
    ['nobody', 'host1', 'there is no node or pod "nobody"'],
    ['host1', 'host33', '"host33" is no node, service, address or URL'],
    ['host1', '10.0.0.256', '"10.0.0.256" is no node'],
  ])('from %s to %s', async (from, to, message) => {
    const { lab } = await openSettledLab('topologies/clos-2x4/lab.clab.yml')
    expect(whyReach(lab, from, to)).toMatchObject({ mistake: expect.stringContaining(message) })
  })

  test('a size with a port', async () => {
    const { lab } = await openSettledLab('topologies/clos-2x4/lab.clab.yml')
    expect(whyReach(lab, 'host1', 'host3:80', { sizeBytes: 1500 })).toEqual({
      mistake: 'a size is for pings: name no port',
    })
  })
})

describe("the article's lab with its services", () => {
  const opened: Promise<OpenedLab> = openSettledLab('topologies/cilium-bgp/setup.sh').then(async lab => {
    const manifests = ['bgp', 'pool', 'nginx'].map(name => `-f topologies/cilium-bgp/manifests/${name}.yaml`)
    const { exitCode, stderr } = await lab.terminal.run(`kubectl apply ${manifests.join(' ')}`, { cwd: ROOT })
    if (exitCode !== 0) throw new Error(stderr)
    settle(lab)
    return lab
  })
  const settle = ({ lab: { simulator } }: OpenedLab): void => {
    simulator.runUntilQuiet(simulator.nowNs + 900e9)
    simulator.runUntil(simulator.nowNs + 300e9)
  }

  test('every rewrite is told: to the pod and back to the service', async () => {
    const texts = lines(ask((await opened).lab, 'reach client nginx-service'))
    expect(texts[0]).toContain('client reaches nginx-service 20.0.0.100 (TCP port 80)')
    expect(texts.some(text => /^destination 20\.0\.0\.100:80 > 10\.1\.\d+\.\d+:80 \(DNAT\)/.test(text))).toBe(true)
    expect(texts.some(text => /^source 10\.1\.\d+\.\d+:80 > 20\.0\.0\.100:80 \(SNAT\)$/.test(text))).toBe(true)
  })

  test('pings of a service are told as not served, with the line of its ports', async () => {
    const answer = ask((await opened).lab, 'reach client 20.0.0.100')
    expect(answer.verdict).toContain('is service default/nginx-service, which serves TCP 80')
    expect(blamed(answer.steps)?.file).toContain('nginx.yaml')
  })

  test('a pod can be asked from, and what it sends is masqueraded', async () => {
    const { lab } = await opened
    const texts = lines(ask(lab, 'reach pod/nginx- client'))
    expect(texts.some(text => /^source 10\.1\.\d+\.\d+ > 10\.0\.\d+\.\d+ \(SNAT\)$/.test(text))).toBe(true)
  })

  test('a service without pods is told as one without endpoints', async () => {
    const lab = await opened
    await lab.terminal.run('kubectl scale deployment nginx-deployment --replicas=0')
    settle(lab)
    expect(ask(lab.lab, 'reach client 20.0.0.100:80').verdict).toContain(
      'service default/nginx-service has no ready endpoint',
    )
    await lab.terminal.run('kubectl scale deployment nginx-deployment --replicas=1')
    settle(lab)
    expect(ask(lab.lab, 'reach client 20.0.0.100:80').isPositive).toBe(true)
  })

  test('a service that nobody announces is told with the walk of why vip', async () => {
    const lab = await opened
    await lab.terminal.run('kubectl delete ciliumbgppeeringpolicies --all')
    settle(lab)
    const texts = lines(ask(lab.lab, 'route leaf01 20.0.0.100/32'))
    expect(texts[0]).toContain('nobody announces 20.0.0.100')
    expect(texts.some(text => text.includes('there is no CiliumBGPPeeringPolicy'))).toBe(true)
  })
})

describe('direct server return', () => {
  const build = async (command: string): Promise<OpenedLab> => {
    const lab = await openSettledLab('topologies/cilium-bgp/setup-l2.sh')
    const { exitCode, stderr } = await lab.terminal.run(command, { cwd: ROOT })
    if (exitCode !== 0) throw new Error(stderr)
    const { simulator } = lab.lab
    simulator.runUntilQuiet(simulator.nowNs + 900e9)
    simulator.runUntil(simulator.nowNs + 300e9)
    return lab
  }

  test('by an IP option is told, with the answer that takes another way', async () => {
    const { lab } = await build('true')
    const texts = lines(ask(lab, 'reach client nginx-service'))
    expect(texts[0]).toContain('client reaches nginx-service 10.0.5.100')
    expect(texts.some(text => /\(DNAT\), DSR option added: service 10\.0\.5\.100:80$/.test(text))).toBe(true)
    expect(texts.some(text => /^back: \d hops, other nodes$/.test(text))).toBe(true)
  })

  test('in Geneve is told where the tunnel begins and ends', async () => {
    const { lab } = await build(
      'helm upgrade cilium cilium/cilium --version 1.16.0 --namespace kube-system --reuse-values --set loadBalancer.dsrDispatch=geneve --set tunnelProtocol=geneve && kubectl -n kube-system rollout restart daemonset/cilium',
    )
    const texts = lines(ask(lab, 'reach client nginx-service'))
    expect(texts.some(text => /^put into Geneve from 10\.0\.\d+\.\d+ to cilium-bgp-worker/.test(text))).toBe(true)
    expect(texts).toContain('taken out of Geneve')
  })

  test('refused by the source ranges of a service names the reason', async () => {
    const patch = '{"spec":{"loadBalancerSourceRanges":["10.9.0.0/16"]}}'
    const { lab } = await build(`kubectl patch service nginx-service -p '${patch}'`)
    const answer = ask(lab, 'reach client nginx-service')
    expect(answer.verdict).toContain('DROP_NOT_IN_SRC_RANGE')
  })
})
