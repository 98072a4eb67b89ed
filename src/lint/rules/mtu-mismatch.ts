import type { LintContext } from '../context.ts'
import type { LintRule } from '../rule.ts'
import type { Station } from '../wires.ts'

export const mtuMismatch: LintRule = {
  id: 'link/mtu-mismatch',
  level: 'warning',
  summary: 'devices that share a network have different MTUs',
  explain:
    'A frame longer than the receiver\'s MTU is dropped without a word: no router is in between that could send "fragmentation needed". Small packets and handshakes work, transfers hang.',
  *check(context) {
    for (const network of context.wires.networks()) {
      // a bridge follows its ports (br_mtu_auto_adjust, net/bridge/br_if.c)
      const stations = network.filter(
        ({ host, device }) =>
          host !== context.lab.machine.host && device.kind !== 'bridge' && device.addresses.length > 0,
      )
      const smallest = [...stations].sort((a, b) => a.device.mtuBytes - b.device.mtuBytes)[0]
      const largest = [...stations].sort((a, b) => b.device.mtuBytes - a.device.mtuBytes)[0]
      if (smallest === undefined || largest === undefined || smallest.device.mtuBytes === largest.device.mtuBytes)
        continue
      yield {
        message: `${nameOf(largest)} has MTU ${largest.device.mtuBytes}, but ${nameOf(smallest)} on the same network ${smallest.device.mtuBytes}`,
        source: placeOf(context, smallest),
        fix: `set the same MTU on both`,
      }
    }
  },
}

function placeOf(context: LintContext, { host, device }: Station) {
  for (const { router } of context.hosts().get(host) ?? []) {
    const block = router?.model.interfaces.find(one => one.name === device.name && one.mtuBytes !== undefined)
    if (block !== undefined) return context.texts.find(block.source, String(block.mtuBytes)) ?? block.source
  }
  const command = context.atCommand(host, 'mtu', String(device.mtuBytes))
  if (command !== undefined) return command
  for (const { model, nodes } of context.lab.topologies.values()) {
    const link = model.links.find(({ a, b, mtuBytes }) =>
      [a, b].some(
        end => end?.interface === device.name && nodes.get(end.node)?.host === host && mtuBytes === device.mtuBytes,
      ),
    )
    if (link !== undefined) return link.source
  }
  return context.atHost(host)
}

function nameOf({ node, device }: Station): string {
  return `${node}:${device.name}`
}
