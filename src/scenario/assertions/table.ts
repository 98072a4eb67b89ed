import type { Check } from '../check.ts'
import { advertised } from './advertised.ts'
import { announced } from './announced.ts'
import { bestPath } from './best-path.ts'
import { loss } from './loss.ts'
import { neighbor } from './neighbor.ts'
import { noBlackHole } from './no-black-hole.ts'
import { noLoop } from './no-loop.ts'
import { object } from './object.ts'
import { output } from './output.ts'
import { packets } from './packets.ts'
import { path } from './path.ts'
import { reach } from './reach.ts'
import { received } from './received.ts'
import { resolve } from './resolve.ts'
import { route } from './route.ts'
import { session } from './session.ts'

/** Every check on state, one line each, by its key in scenarios. */
export const CHECK_TABLE = {
  advertised,
  announced,
  'best-path': bestPath,
  loss,
  neighbor,
  'no-black-hole': noBlackHole,
  'no-loop': noLoop,
  object,
  output,
  packets,
  path,
  reach,
  received,
  resolve,
  route,
  session,
} satisfies Readonly<Record<string, Check>>

export type CheckName = keyof typeof CHECK_TABLE

/** What a check takes. */
export type CheckArgument<Name extends CheckName> =
  (typeof CHECK_TABLE)[Name] extends Check<infer Argument> ? Argument : never

export const CHECKS: readonly Check[] = Object.values(CHECK_TABLE)
