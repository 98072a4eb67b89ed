import { defineCheck } from '../check.ts'
import { judgeWalks, walkArgument } from '../support/judge-walks.ts'

/** From each source (all running nodes unless named) every way that routing may choose arrives at each destination. */
export const noBlackHole = defineCheck('no-black-hole', walkArgument, ({ lab }, argument) =>
  judgeWalks(lab, argument, 'no black hole', end => end.kind !== 'arrived'),
)
