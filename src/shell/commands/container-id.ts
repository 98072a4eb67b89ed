import type { Lab } from '../../lab/lab.ts'
import type { LabNode } from '../../lab/node.ts'

/** 64 hexadecimal digits for a container, from the seed and its name: docker's are random. */
export function containerId(lab: Lab, node: LabNode): string {
  const random = lab.simulator.random.fork(`container ${node.containerName}`)
  return Array.from({ length: 8 }, () => random.uint32().toString(16).padStart(8, '0')).join('')
}
