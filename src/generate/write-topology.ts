import { formatAddressWithLength, formatIpv4 } from '../wire/address.ts'
import type { BoundFile } from './dialects.ts'
import type { FabricPlan, HostPlan } from './fabric-plan.ts'

const HOST_IMAGE = 'nicolaka/netshoot'

/** The containerlab file. Nodes have no management network: its default size would not hold a large fabric. */
export function writeTopology(
  { name, routers, hosts, links }: FabricPlan,
  { image, command }: { readonly image: string; readonly command?: string },
  bound: ReadonlyMap<string, readonly BoundFile[]>,
): string {
  return [
    `name: ${name}`,
    'topology:',
    '  defaults:',
    '    network-mode: none',
    '  kinds:',
    '    linux:',
    `      image: ${image}`,
    '  nodes:',
    ...routers.flatMap(router => [
      `    ${router.name}:`,
      '      kind: linux',
      ...(command === undefined ? [] : [`      cmd: ${command}`]),
      `      binds: [${bound
        .get(router.name)!
        .map(file => `${file.path}:${file.target}`)
        .join(', ')}]`,
    ]),
    ...hosts.flatMap(hostLines),
    '  links:',
    ...links.map(([[a, aDevice], [b, bDevice]]) => `    - endpoints: ["${a}:${aDevice}", "${b}:${bDevice}"]`),
    '',
  ].join('\n')
}

function hostLines({ name, address, gateway }: HostPlan): string[] {
  return [
    `    ${name}:`,
    '      kind: linux',
    `      image: ${HOST_IMAGE}`,
    '      exec:',
    `        - ip addr add ${formatAddressWithLength(address)} dev eth1`,
    `        - ip route replace default via ${formatIpv4(gateway)}`,
  ]
}
