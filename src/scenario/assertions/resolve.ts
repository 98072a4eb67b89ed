import { z } from 'zod'
import { snapshotNeighbors } from '../../host/neighbor/neighbor-table.ts'
import { formatMac, parseIpv4 } from '../../wire/address.ts'
import { defineProbe } from '../check.ts'
import { isAnswer, nodeNamed } from '../support/node-named.ts'
import { sendProbe } from '../support/probe.ts'
import { address, macAddress, nodeName } from '../values.ts'

/** Linux asks three times, a second apart. */
const RESOLUTION_NS = 3.1e9

/** ARP: a node asks for an address on its link; somebody answers, the MAC address named, or the node named (`by`). */
export const resolve = defineProbe(
  'resolve',
  z.strictObject({
    from: nodeName,
    address,
    mac: macAddress.optional(),
    by: nodeName.optional(),
    fails: z.boolean().optional(),
  }),
  async ({ lab }, { from, address: text, mac, by, fails }) => {
    const expected = fails
      ? `nobody answers ${from} for ${text}`
      : `${from} resolves ${text}${mac === undefined ? '' : ` to ${mac}`}${by === undefined ? '' : ` at ${by}`}`
    const node = nodeNamed(lab, from, expected)
    if (isAnswer(node)) return node
    const wanted = parseIpv4(text)!
    const probe = sendProbe(node.host, { kind: 'ping', address: wanted, port: 0 })
    const row = () => snapshotNeighbors(node.host).find(one => one.address === wanted)
    const { simulator } = lab
    simulator.runWhile(() => row()?.mac === undefined && probe.failure === undefined, simulator.nowNs + RESOLUTION_NS)
    probe.close()
    const found = row()?.mac
    const owner = lab.nodes().find(one => [...one.host.interfaces].some(device => device.mac === found))?.name
    const holds = fails
      ? found === undefined
      : found !== undefined &&
        (mac === undefined || formatMac(found) === mac.toLowerCase()) &&
        (by === undefined || owner === by)
    const seen =
      found === undefined
        ? `nobody answered for ${text}`
        : `${text} is at ${formatMac(found)}${owner === undefined ? '' : ` (${owner})`}`
    return { holds, expected, seen: [seen] }
  },
)
