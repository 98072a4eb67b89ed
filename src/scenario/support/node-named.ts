import type { Lab } from '../../lab/lab.ts'
import type { LabNode } from '../../lab/node.ts'
import { didYouMean } from '../../text/nearest.ts'
import type { CheckResult } from '../check.ts'

/** The node of this name, or what a check answers when there is none. */
export function nodeNamed(lab: Lab, name: string, expected: string): LabNode | CheckResult {
  const node = lab.node(name)
  if (node !== undefined) return node
  const names = lab.nodes().map(one => one.name)
  return {
    holds: false,
    isUnanswerable: true,
    expected,
    seen: [`there is no node "${name}"${didYouMean(name, names)}; there are ${names.join(', ')}`],
  }
}

/** Tells a check's answer from what it was looking for. */
export function isAnswer(value: object): value is CheckResult {
  return 'holds' in value
}
