import type { ScenarioStep } from '../parse-scenario.ts'
import type { ScenarioRun } from '../run-scenario.ts'
import { expect } from './expect.ts'
import { fail, restore } from './fault.ts'
import { run } from './run.ts'
import { settle } from './settle.ts'
import { start, stop } from './start-stop.ts'
import { wait } from './wait.ts'

/** Every kind of step, one line each. */
export const STEPS: Readonly<Record<ScenarioStep['kind'], (run: ScenarioRun, step: ScenarioStep) => Promise<void>>> = {
  run,
  start,
  stop,
  settle,
  wait,
  fail,
  restore,
  expect,
}
