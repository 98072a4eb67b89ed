import type { Check } from '../check.ts'
import { bestPath } from './best-path.ts'
import { reach } from './reach.ts'
import { route } from './route.ts'
import { session } from './session.ts'

/** Every check on state, one line each. */
export const CHECKS: readonly Check[] = [bestPath, reach, route, session]
