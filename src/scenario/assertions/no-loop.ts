import { defineCheck } from '../check.ts'
import { judgeWalks, walkArgument } from '../support/judge-walks.ts'

/** No packet from any of the sources (all running nodes unless named) to any of the destinations comes back to a node it passed. */
export const noLoop = defineCheck('no-loop', walkArgument, ({ lab }, argument) =>
  judgeWalks(lab, argument, 'no forwarding loop', end => end.kind === 'loop'),
)
