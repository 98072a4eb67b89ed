import type { StepFile } from '../scenario/schema.ts'
import type { ComingStep } from './act.ts'
import type { World } from './world.ts'

/** Steps of the world's scenario that have not begun; from a position on when that is given. */
export function comingSteps(world: World, from?: number): readonly ComingStep[] {
  if (world.isWithoutSteps && from === undefined) return []
  const steps = world.source.scenario?.steps ?? []
  const first = from ?? (world.begunSteps.at(-1)?.index ?? -1) + 1
  return steps
    .slice(first)
    .map(({ kind, step }, index) => ({ index: first + index, text: `${kind}: ${valueText(step[kind])}` }))
}

function valueText(value: StepFile[keyof StepFile]): string {
  if (typeof value === 'string') return value.trim().split('\n')[0]!
  if (Array.isArray(value)) return value.map(check => Object.keys(check)[0]).join(', ')
  if (typeof value !== 'object') return ''
  return Object.entries(value)
    .map(([key, one]) => `${key} ${typeof one === 'string' ? one : JSON.stringify(one)}`)
    .join(', ')
}
