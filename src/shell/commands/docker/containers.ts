import type { Lab } from '../../../lab/lab.ts'
import type { LabNode } from '../../../lab/node.ts'
import { formatIpv4, formatMac } from '../../../wire/address.ts'
import type { CommandContext } from '../../command.ts'
import { containerId } from '../container-id.ts'
import type { TemplateFields } from './template.ts'

/** The nodes that docker knows as containers. */
export function containers(lab: Lab): readonly LabNode[] {
  return lab.nodes().filter(({ kind }) => kind === 'linux' || kind === 'kind-node' || kind === 'k8s-kind')
}

/** A container by its name or the start of its id; an error as the daemon words it, when there is none. */
export function findContainer(context: CommandContext, name: string): LabNode | undefined {
  const { lab } = context
  const found = containers(lab).find(
    node => node.containerName === name || (name.length >= 4 && containerId(lab, node).startsWith(name)),
  )
  if (found === undefined) context.error(`Error response from daemon: No such container: ${name}\n`)
  return found
}

/** What `docker ps --format` can show of a container. */
export function rowFields(lab: Lab, node: LabNode): TemplateFields {
  return {
    '.ID': containerId(lab, node).slice(0, 12),
    '.Image': node.image,
    '.Command': '""',
    '.RunningFor': 'Less than a second ago',
    '.Status': node.isRunning ? 'Up' : 'Exited (137)',
    '.State': node.isRunning ? 'running' : 'exited',
    '.Ports': '',
    '.Names': node.containerName,
  }
}

/** What `docker inspect --format` can show: the fields that scripts ask for. */
export function inspectFields(lab: Lab, node: LabNode): TemplateFields {
  const device = node.host.interfaces.get('eth0')
  const address = device?.addresses[0]
  return {
    '.Id': containerId(lab, node),
    '.Name': `/${node.containerName}`,
    '.Config.Hostname': node.hostName,
    '.Config.Image': node.image,
    '.State.Status': node.isRunning ? 'running' : 'exited',
    '.State.Running': String(node.isRunning),
    '.NetworkSettings.IPAddress': address === undefined ? '' : formatIpv4(address.address),
    '.NetworkSettings.MacAddress': device === undefined ? '' : formatMac(device.mac),
  }
}
