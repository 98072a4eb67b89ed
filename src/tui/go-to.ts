import { parseDurationNs } from '../text/duration.ts'
import type { Inspector } from './inspector.ts'
import { shortTime } from './time-bar.ts'

/** Goes to an instant written as `12s`, or `+1s` and `-500ms` from now. @returns a complaint */
export async function goTo(inspector: Inspector, text: string): Promise<string | undefined> {
  const { nowNs } = inspector.machine
  const spanNs = parseDurationNs(text.replace(/^[+-]/, ''))
  if (spanNs === undefined) return `"${text}" is no time; 12s, 1m30s, +500ms and -1s are`
  const atNs = text.startsWith('+') ? nowNs + spanNs : text.startsWith('-') ? nowNs - spanNs : spanNs
  await goToInstant(inspector, Math.max(0, atNs))
  return undefined
}

/** To an instant, also back. */
export async function goToInstant(inspector: Inspector, atNs: number | undefined): Promise<void> {
  const { machine } = inspector
  if (atNs === undefined || atNs === machine.nowNs) return
  const text = `${atNs < machine.nowNs ? 'back' : 'on'} to ${shortTime(atNs)}`
  await inspector.operate(text, limits => machine.goTo(atNs, limits))
}
