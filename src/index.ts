/**
 * drylab as a library: labs in memory, checks on their state, scenarios.
 *
 *     const lab = await loadLab('lab.clab.yml')
 *     const { holds, seen } = await lab.check('route', { node: 'leaf1', to: '10.100.4.0/24', via: ['10.1.1.0'] })
 *     await lab.fail({ node: 'spine1' })
 *
 * For tests see `drylab/vitest`.
 */
export { checks } from './api/checks.ts'
export { LabError } from './api/lab-error.ts'
export { type LoadLabOptions, loadLab } from './api/load-lab.ts'
export { type CheckReport, type Fault, type LabOrigin, LoadedLab } from './api/loaded-lab.ts'
export { type RunScenarioOptions, runScenario } from './api/run-scenario-file.ts'
export type { When } from './api/timing.ts'
export type { Lab } from './lab/lab.ts'
export type { LabNode } from './lab/node.ts'
export type { CheckArgument, CheckName } from './scenario/assertions/table.ts'
export { scenarioJsonSchema } from './scenario/json-schema.ts'
export type { CheckOutcome, ScenarioEvent, ScenarioResult } from './scenario/result.ts'
export type { CommandResult } from './shell/command.ts'
export type { JournalEntry } from './sim/journal.ts'
