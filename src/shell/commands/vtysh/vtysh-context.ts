import type { Speaker } from '../../../bgp/speaker.ts'
import type { LabNode, RouterDaemons } from '../../../lab/node.ts'
import type { FrrVersion } from '../../../model/frr-version.ts'
import type { Simulator } from '../../../sim/simulator.ts'

/** What one vtysh command sees. */
export interface VtyshContext {
  readonly node: LabNode
  readonly router: RouterDaemons
  readonly simulator: Simulator
  readonly version: FrrVersion
  /** The command with abbreviations written out. */
  readonly words: readonly string[]
  /** Standard output, whole lines with their newlines. */
  out(text: string): void
  error(text: string): void
}

/** One vtysh command; the exit code is 0 unless it says otherwise. */
export type VtyshAction = (context: VtyshContext) => number | undefined

/** Whether the command contains a word. */
export function hasWord(context: VtyshContext, word: string): boolean {
  return context.words.includes(word)
}

/** The first word of the form of an address or prefix. */
export function addressWord(context: VtyshContext): string | undefined {
  return context.words.find(word => /^\d+\.\d+\.\d+\.\d+(\/\d+)?$/.test(word))
}

/**
 * The BGP instance. Without one, what bgpd (or vtysh, when bgpd does not run) says is printed and undefined returned.
 *
 * @param absent bgpd's answer without an instance
 */
export function requireSpeaker(context: VtyshContext, absent: string): Speaker | undefined {
  const { speaker, model } = context.router
  if (speaker !== undefined) return speaker
  if (model.bgp === undefined) context.out(absent)
  else context.error('bgpd is not running\n')
  return undefined
}
