import type { Interface } from '../../host/interface.ts'
import type { LabNode } from '../../lab/node.ts'
import type { SourceRef } from '../../model/source.ts'
import {
  type AddressWithLength,
  networkAddress,
  type Prefix,
  parseAddressWithLength,
  prefixOf,
} from '../../wire/address.ts'
import type { Step } from '../answer.ts'
import type { Question } from '../question.ts'
import { failed } from '../step.ts'

/** An address that the files give a device, whether it is there now or not. */
export interface WrittenAddress {
  readonly device: string
  readonly value: AddressWithLength
  readonly source: SourceRef
}

/** Addresses that a node's files give it: routing suite, `exec` lines, links. */
export function writtenAddresses({ lab, places }: Question, node: LabNode): readonly WrittenAddress[] {
  const found: WrittenAddress[] = []
  const add = (device: string, text: string, source: SourceRef): void => {
    const value = parseAddressWithLength(text)
    if (value !== undefined) found.push({ device, value, source })
  }
  for (const { block, text, source } of places.statements(node)) {
    const device = /^interface (\S+)/.exec(block)?.[1]
    const address = /^ip address (\S+)/.exec(text)?.[1]
    if (device !== undefined && address !== undefined) add(device, address, source)
  }
  if (node.router?.model.dialect === 'vyos')
    for (const { name, addresses, source } of node.router.model.interfaces)
      for (const value of addresses)
        found.push({ device: name, value, source: places.address(node, name, value.address) ?? source })
  for (const one of places.nodesOf(node)) {
    const model = lab.topologies.get(one.labName)?.model.nodes.find(({ name }) => name === one.name)
    for (const { command, source } of model?.exec ?? []) {
      const match = /\baddr(?:ess)?\s+(?:add|replace)\s+(\S+)\s.*?\bdev\s+(\S+)/.exec(command)
      if (match !== null) add(match[2]!, match[1]!, source)
    }
  }
  return found
}

/** The network of an address. */
export function networkOf({ address, length }: AddressWithLength): Prefix {
  return prefixOf(networkAddress(address, length), length)
}

/** Why a device carries nothing; undefined when it is up and has carrier. */
export function explainDevice(question: Question, node: LabNode, name: string): Step | undefined {
  const { places } = question
  if (!node.isRunning) return failed(`${node.name} is not running`, places.node(node))
  const device = node.host.interfaces.get(name)
  if (device === undefined)
    return failed(
      `${node.name} has no interface ${name}: no link of the topology ends there`,
      places.device(node, name) ?? places.node(node),
    )
  if (!device.isUp)
    return failed(`${node.name} ${name} is down (administratively)`, question.places.shutdown(node, name))
  if (device.hasCarrier) return undefined
  return explainCarrier(question, node, device)
}

function explainCarrier({ places, map }: Question, node: LabNode, device: Interface): Step {
  const { name } = device
  const far = map.farEnd(device)
  const link = places.link(node, name)
  if (far === undefined) return failed(`${node.name} ${name} has no carrier`, link)
  if (!far.device.isUp) {
    const source = far.node === undefined ? undefined : (places.shutdown(far.node, far.device.name) ?? link)
    const why =
      far.node?.isRunning === false
        ? `${far.name} is not running`
        : `the other end, ${far.name} ${far.device.name}, is down`
    return failed(`${node.name} ${name} has no carrier: ${why}`, source)
  }
  return failed(`${node.name} ${name} has no carrier: the link to ${far.name} ${far.device.name} is cut`, link)
}
