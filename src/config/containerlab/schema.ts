/**
 * The keys of a containerlab file as its JSON schema lists them (schemas/clab.schema.json, 0.78), and what becomes of each
 * here: `used` shapes the simulation, `kept` is stored or shown only, `ignored` is accepted and said to be not modelled.
 */
type KeyUse = 'used' | 'kept' | 'ignored'

export type KeyTable = Readonly<Record<string, KeyUse>>

export const TOP_KEYS: KeyTable = {
  name: 'used',
  prefix: 'used',
  mgmt: 'used',
  topology: 'used',
  settings: 'ignored',
  debug: 'kept',
}

export const MANAGEMENT_KEYS: KeyTable = {
  network: 'used',
  bridge: 'used',
  'ipv4-subnet': 'used',
  'ipv4-gw': 'used',
  'ipv4-range': 'used',
  mtu: 'used',
  'ipv6-subnet': 'ignored',
  'ipv6-gw': 'ignored',
  'ipv6-range': 'ignored',
  'external-access': 'ignored',
  'skip-when-unused': 'ignored',
  'driver-opts': 'ignored',
}

export const TOPOLOGY_KEYS: KeyTable = { nodes: 'used', kinds: 'used', groups: 'used', defaults: 'used', links: 'used' }

export const NODE_KEYS: KeyTable = {
  kind: 'used',
  group: 'used',
  type: 'kept',
  image: 'used',
  'startup-config': 'used',
  'startup-delay': 'used',
  binds: 'used',
  exec: 'used',
  'network-mode': 'used',
  env: 'used',
  labels: 'kept',
  sysctls: 'used',
  'mgmt-ipv4': 'used',
  hostname: 'used',
  'mgmt-ipv6': 'ignored',
  mgmt_ipv4: 'used',
  mgmt_ipv6: 'ignored',
  stages: 'ignored',
  'env-files': 'ignored',
  dns: 'ignored',
  aliases: 'ignored',
  'auto-remove': 'kept',
  'restart-policy': 'kept',
  'enforce-startup-config': 'kept',
  'suppress-startup-config': 'kept',
  healthcheck: 'ignored',
  extras: 'ignored',
  config: 'ignored',
  'image-pull-policy': 'kept',
  license: 'kept',
  volumes: 'kept',
  ports: 'kept',
  credentials: 'kept',
  user: 'kept',
  entrypoint: 'kept',
  cmd: 'kept',
  runtime: 'kept',
  'link-apply-mode': 'kept',
  cpu: 'kept',
  memory: 'kept',
  'cpu-set': 'kept',
  'shm-size': 'kept',
  devices: 'kept',
  'cap-add': 'kept',
  privileged: 'kept',
  'cgroupns-mode': 'kept',
  'cgroup-parent': 'kept',
  'pid-mode': 'kept',
  tmpfs: 'kept',
  'security-opts': 'kept',
  certificate: 'ignored',
  components: 'ignored',
  'skip-unique-check': 'kept',
  position: 'kept',
}

export const LINK_KEYS: KeyTable = {
  type: 'used',
  endpoints: 'used',
  endpoint: 'used',
  'host-interface': 'used',
  mtu: 'used',
  labels: 'kept',
  vars: 'kept',
  ipv4: 'used',
  ipv6: 'ignored',
  mode: 'kept',
  remote: 'kept',
  vni: 'kept',
  'dst-port': 'kept',
  'src-port': 'kept',
}

export const ENDPOINT_KEYS: KeyTable = {
  node: 'used',
  interface: 'used',
  mac: 'used',
  ipv4: 'used',
  ipv6: 'ignored',
  vars: 'kept',
}

/** Kinds that run here, and what each of them is. Further kinds of network systems are refused with their name. */
export const MODELLED_KINDS = ['linux', 'bridge', 'ovs-bridge', 'host', 'ext-container', 'k8s-kind'] as const

/** Interface names may have 15 characters (IFNAMSIZ, include/uapi/linux/if.h). */
export const MAX_INTERFACE_NAME = 15

/** containerlab's constants.DefaultLinkMTU. */
export const DEFAULT_LINK_MTU = 9500
