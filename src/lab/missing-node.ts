import { didYouMean } from '../text/nearest.ts'
import type { Lab } from './lab.ts'

/** What a person is told who names a node that the lab does not have. */
export function missingNode(lab: Lab, name: string): string {
  const names = lab.nodes().map(one => one.name)
  return `there is no node "${name}"${didYouMean(name, names)}; there are ${names.join(', ')}`
}
