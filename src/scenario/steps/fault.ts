import { findCable, nodeDown, nodeUp, setLink } from '../../lab/actions.ts'
import type { FaultFile } from '../fault-schema.ts'
import type { ScenarioStep } from '../parse-scenario.ts'
import type { ScenarioRun } from '../run-scenario.ts'

/** Breaks a link or a node. */
export async function fail(scenario: ScenarioRun, step: ScenarioStep): Promise<void> {
  apply(scenario, step, step.step.fail!, false)
}

/** Undoes `fail`. */
export async function restore(scenario: ScenarioRun, step: ScenarioStep): Promise<void> {
  apply(scenario, step, step.step.restore!, true)
}

function apply(scenario: ScenarioRun, step: ScenarioStep, what: FaultFile, works: boolean): void {
  const { lab } = scenario
  if (what.link !== undefined) {
    const [node, name] = what.link.split(':')
    const cable = findCable(lab, node ?? '', name ?? '')
    if (cable === undefined)
      scenario.check({ holds: false, expected: `a link at "${what.link}"`, seen: ['there is none'] }, step)
    else setLink(lab, cable, works)
    scenario.tell({ kind: 'note', text: `link ${what.link} ${works ? 'mended' : 'broken'}` })
  }
  if (what.node !== undefined) {
    const node = lab.node(what.node)
    if (node === undefined)
      scenario.check({ holds: false, expected: `a node "${what.node}"`, seen: ['there is none'] }, step)
    else if (works) nodeUp(lab, node)
    else nodeDown(lab, node)
    scenario.tell({ kind: 'note', text: `node ${what.node} ${works ? 'started' : 'died'}` })
  }
}
