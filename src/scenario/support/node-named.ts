import type { Lab } from '../../lab/lab.ts'
import { missingNode } from '../../lab/missing-node.ts'
import type { LabNode } from '../../lab/node.ts'
import type { CheckResult } from '../check.ts'

/** The node of this name, or what a check answers when there is none. */
export function nodeNamed(lab: Lab, name: string, expected: string): LabNode | CheckResult {
  const node = lab.node(name)
  if (node !== undefined) return node
  return { holds: false, isUnanswerable: true, expected, seen: [missingNode(lab, name)] }
}

/** Tells a check's answer from what it was looking for. */
export function isAnswer(value: object): value is CheckResult {
  return 'holds' in value
}
