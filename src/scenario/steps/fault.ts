import type { Diagnostic } from '../../config/diagnostic.ts'
import {
  agentDown,
  agentUp,
  daemonDown,
  daemonUp,
  findCable,
  findPods,
  impairLink,
  killPod,
  nodeDown,
  nodeUp,
  setApiServerReachable,
  setLink,
} from '../../lab/actions.ts'
import type { Lab } from '../../lab/lab.ts'
import { type NetemSettings, NO_IMPAIRMENT } from '../../link/netem.ts'
import { parseDurationNs } from '../../text/duration.ts'
import { didYouMean } from '../../text/nearest.ts'
import type { FaultFile } from '../fault-schema.ts'
import type { ScenarioStep } from '../parse-scenario.ts'
import type { ScenarioRun } from '../run-scenario.ts'

/** What faults need of a running scenario. */
type FaultScene = Pick<ScenarioRun, 'lab' | 'tell' | 'mistake'>

/** Breaks something. */
export async function fail(scenario: FaultScene, step: ScenarioStep): Promise<void> {
  apply(scenario, step, step.step.fail!, false)
}

/** Undoes `fail`. */
export async function restore(scenario: FaultScene, step: ScenarioStep): Promise<void> {
  apply(scenario, step, step.step.restore!, true)
}

/**
 * What a fault names and the lab does not have, as a message for the step's place in the file; undefined when all is there.
 * @param isStarted programs have had their time to start: one that does not run is missing
 */
export function findFaultMistake(lab: Lab, step: ScenarioStep, isStarted = true): Diagnostic | undefined {
  const fault = step.step.fail ?? step.step.restore
  const message = fault === undefined ? undefined : missing(lab, fault, isStarted)
  return message === undefined
    ? undefined
    : { code: 'scenario/unknown-target', severity: 'error', message, source: step.source }
}

function missing(lab: Lab, fault: FaultFile, isStarted: boolean): string | undefined {
  if (fault.link !== undefined && cableOf(lab, fault.link) === undefined) {
    const ends = [...lab.topologies.values()].flatMap(({ links }) => links.flatMap(link => link.ends))
    const known = ends.map(end => `${end.node}:${end.interface}`)
    return `there is no link at "${fault.link}"${didYouMean(fault.link, known)}`
  }
  const names = [...list(fault.node), ...list(fault.daemon?.split(':')[0])]
  const unknown = names.find(name => lab.node(name) === undefined)
  if (unknown !== undefined) {
    const known = lab.nodes().flatMap(node => [node.name, node.containerName])
    return `there is no node "${unknown}"${didYouMean(unknown, known)}`
  }
  if (isStarted && fault.daemon !== undefined && lab.node(names[0]!)?.router?.model.bgp === undefined)
    return `bgpd does not run on "${names[0]}"`
  const workers = [...lab.clusters.values()].flatMap(cluster => cluster.nodes.map(node => node.name))
  const stranger = [...list(fault.agent), ...list(fault.apiserver)].find(name => !workers.includes(name))
  if (stranger !== undefined) return `"${stranger}" is no node of a cluster${didYouMean(stranger, workers)}`
  return undefined
}

function apply(scenario: FaultScene, step: ScenarioStep, fault: FaultFile, works: boolean): void {
  const { lab } = scenario
  const mistake = findFaultMistake(lab, step)
  if (mistake !== undefined) {
    scenario.mistake(mistake)
    return
  }
  const note = (text: string): void => scenario.tell({ kind: 'note', text })
  if (fault.link !== undefined) note(applyToLink(lab, fault, fault.link, works))
  for (const name of list(fault.node)) {
    if (works) nodeUp(lab, lab.node(name)!)
    else nodeDown(lab, lab.node(name)!)
    note(`node ${name} ${works ? 'started' : 'died'}`)
  }
  for (const name of list(fault.agent)) {
    if (works) agentUp(lab, name)
    else agentDown(lab, name)
    note(`Cilium agent on ${name} ${works ? 'started' : 'died'}`)
  }
  for (const name of list(fault.apiserver)) {
    setApiServerReachable(lab, name, works)
    note(`${name} ${works ? 'reaches the API server again' : 'is parted from the API server'}`)
  }
  for (const text of list(fault.daemon)) {
    const node = lab.node(text.split(':')[0]!)!
    if (works) daemonUp(lab, node)
    else daemonDown(lab, node)
    note(`${text} ${works ? 'started' : 'was killed'}`)
  }
  if (fault.pod !== undefined) applyToPod(scenario, step, fault.pod, works)
}

/** A cut, or what is named beside the link; mending a link undoes both. */
function applyToLink(lab: Lab, fault: FaultFile, link: string, works: boolean): string {
  const cable = cableOf(lab, link)!
  if (works) {
    impairLink(lab, cable, undefined)
    setLink(lab, cable, true)
    return `link ${link} mended`
  }
  const settings = impairment(fault)
  if (settings === undefined) {
    setLink(lab, cable, false)
    return `link ${link} broken`
  }
  impairLink(lab, cable, settings)
  return `link ${link} impaired`
}

/** Undefined: nothing but the link is named, so it is cut. */
function impairment(fault: FaultFile): NetemSettings | undefined {
  const { loss, delay, jitter, corrupt, duplicate, reorder } = fault
  if ([loss, delay, jitter, corrupt, duplicate, reorder].every(value => value === undefined)) return undefined
  const span = (text: string | undefined): number => (text === undefined ? 0 : parseDurationNs(text)!)
  const share = (value: string | number | undefined): number =>
    value === undefined ? 0 : Number.parseFloat(String(value))
  return {
    ...NO_IMPAIRMENT,
    delayNs: span(delay),
    jitterNs: span(jitter),
    lossPercent: share(loss),
    corruptPercent: share(corrupt),
    duplicatePercent: share(duplicate),
    reorderPercent: share(reorder),
    gap: reorder === undefined ? 0 : 1,
  }
}

/** Pods come and go, so that only now can be said whether there is one. */
function applyToPod(scenario: FaultScene, step: ScenarioStep, text: string, works: boolean): void {
  if (works) return // what controls the pod has made another one
  const [pod] = findPods(scenario.lab, text)
  if (pod === undefined) {
    const message = `there is no pod "${text}"`
    scenario.mistake({ code: 'scenario/unknown-target', severity: 'error', message, source: step.source })
    return
  }
  killPod(scenario.lab, pod)
  scenario.tell({ kind: 'note', text: `pod ${pod.metadata.name} deleted` })
}

function cableOf(lab: Lab, link: string) {
  const [node = '', name = ''] = link.split(':')
  return findCable(lab, node, name)
}

function list(value: string | readonly string[] | undefined): readonly string[] {
  return value === undefined ? [] : [value].flat()
}
