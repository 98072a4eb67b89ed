import { expect, test } from 'vitest'
import { parseFrrConfig } from '../../../src/config/frr/parse.ts'
import { formatRunningConfig } from '../../../src/config/frr/running-config.ts'

function running(lines: readonly string[]): readonly string[] {
  const { model } = parseFrrConfig(lines.join('\n'), { file: 'frr.conf', image: 'frr:8.4.4' })
  return model === undefined ? [] : formatRunningConfig(model, 'leaf1')
}

test('an empty router prints its release, profile and the host name of the container', () => {
  expect(running(['hostname other'])).toEqual([
    'Building configuration...',
    '',
    'Current configuration:',
    '!',
    'frr version 8.4.4',
    'frr defaults traditional',
    'hostname leaf1',
    '!',
    'end',
    '',
  ])
})

test('neighbour lines move into the family, remote-as comes first and defaults vanish', () => {
  const lines = [
    'router bgp 65000',
    'neighbor 10.0.0.2 remote-as 65001',
    'neighbor 10.0.0.2 ebgp-multihop',
    'neighbor 10.0.0.2 next-hop-self',
  ]
  expect(
    running([...lines, 'network 10.0.0.0/8', 'timers bgp 60 180', 'neighbor 10.0.0.2 activate']).slice(8, -2),
  ).toEqual([
    'router bgp 65000',
    ' neighbor 10.0.0.2 remote-as 65001',
    ' neighbor 10.0.0.2 ebgp-multihop 255',
    ' !',
    ' address-family ipv4 unicast',
    '  network 10.0.0.0/8',
    '  neighbor 10.0.0.2 next-hop-self',
    ' exit-address-family',
    'exit',
    '!',
  ])
})

test('activate is printed only without the IPv4 default', () => {
  const lines = [
    'router bgp 1',
    'no bgp default ipv4-unicast',
    'neighbor 10.0.0.2 remote-as 2',
    'neighbor 10.0.0.2 activate',
  ]
  expect(running(lines)).toContain('  neighbor 10.0.0.2 activate')
})

test('members of groups come before other neighbours', () => {
  const lines = [
    'router bgp 1',
    'neighbor 1.1.1.1 remote-as 2',
    'neighbor PG peer-group',
    'neighbor PG remote-as 3',
    'neighbor 9.9.9.9 peer-group PG',
  ]
  expect(running(lines).filter(line => line.startsWith(' neighbor'))).toEqual([
    ' neighbor PG peer-group',
    ' neighbor PG remote-as 3',
    ' neighbor 9.9.9.9 peer-group PG',
    ' neighbor 1.1.1.1 remote-as 2',
  ])
})

test('an old frr version line shows as the switches it turned', () => {
  const shown = running(['frr version 7.3', 'router bgp 1'])
  expect(shown.filter(line => line.startsWith(' no'))).toEqual([
    ' no bgp ebgp-requires-policy',
    ' no bgp suppress-duplicates',
    ' no bgp hard-administrative-reset',
    ' no bgp graceful-restart notification',
    ' no bgp network import-check',
  ])
})

test('the lines of a route-map are sorted by text', () => {
  const lines = [
    'route-map R permit 10',
    'set weight 5',
    'set metric 4',
    'match tag 3',
    'on-match next',
    'call X',
    'description d',
  ]
  expect(running(lines).slice(8, -2)).toEqual([
    'route-map R permit 10',
    ' call X',
    ' description d',
    ' match tag 3',
    ' on-match next',
    ' set metric 4',
    ' set weight 5',
    'exit',
    '!',
  ])
})

test('static routes are sorted by length, then address', () => {
  const lines = ['ip route 10.2.0.0/24 blackhole', 'ip route 10.1.0.0/24 blackhole', 'ip route 11.0.0.0/8 Null0']
  expect(running(lines).filter(line => line.startsWith('ip'))).toEqual([lines[2], lines[1], lines[0]])
})

test('what is printed reads back as the same configuration', () => {
  const lines = [
    'frr defaults datacenter',
    'interface lo',
    ' ip address 1.1.1.1/32',
    'ip route 10.0.0.0/8 10.1.1.1 tag 5',
    'access-list 1 permit any',
    'router bgp 1',
    'neighbor PG peer-group',
    'neighbor PG remote-as external',
    'neighbor 9.9.9.9 peer-group PG',
    'neighbor 9.9.9.9 route-map R in',
    'redistribute static metric 3',
    'bgp bestpath med confed',
    'ip prefix-list P permit any',
    'route-map R deny 7',
    'match ip address prefix-list P',
  ]
  const once = running(lines)
  expect(running(once)).toEqual(once)
})
