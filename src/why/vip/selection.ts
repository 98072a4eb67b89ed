import { matchesSelector } from '../../kubernetes/api/selector.ts'
import type { LabelSelector } from '../../model/kubernetes-object.ts'
import type { SourceRef } from '../../model/source.ts'
import type { Step } from '../answer.ts'
import { failed, told } from '../step.ts'
import { type SelectorMiss, selectorMiss } from './selector-miss.ts'
import type { Refusal } from './step.ts'

/** Who selects, and who should be selected. */
export interface Selection {
  /** `CiliumBGPPeeringPolicy rack0`. */
  readonly selectorName: string
  readonly selector: LabelSelector
  readonly selectorPlace: (miss: SelectorMiss) => SourceRef | undefined
  /** `Service default/nginx`, `node worker1`. */
  readonly objectName: string
  readonly labels: Readonly<Record<string, string>>
  readonly labelPlace: (key: string) => SourceRef | undefined
  /** Labels of the others of its kind: a selector that fits nobody is itself the odd one. */
  readonly otherLabels: readonly Readonly<Record<string, string>>[]
}

/** The gate that a selector is; undefined when it selects the object. */
export function selectionGate(selection: Selection): Step | undefined {
  return selectionRefusal(selection)?.step
}

/**
 * The same, with how likely it is what should have let through. Both ends are named; first the one that is more likely wrong:
 * the selector when it fits nobody, the object when others of its kind are selected.
 */
export function selectionRefusal(selection: Selection): Refusal | undefined {
  const { selectorName, selector, objectName, labels, otherLabels } = selection
  const miss = selectorMiss(selector, labels)
  if (miss === undefined) return undefined
  const fitsOthers = otherLabels.some(other => matchesSelector(selector, other))
  const text = `${selectorName} selects ${miss.wanted}; ${objectName} has ${miss.actual}`
  const selectorPlace = selection.selectorPlace(miss)
  const labelPlace = selection.labelPlace(miss.key)
  const step = fitsOthers
    ? failed(text, labelPlace ?? selectorPlace, [told('the selector, which fits others', selectorPlace)])
    : failed(text, selectorPlace ?? labelPlace, [told(`the labels of ${objectName}`, labelPlace)])
  return { step, likelihood: fitsOthers ? 0 : 1 }
}
