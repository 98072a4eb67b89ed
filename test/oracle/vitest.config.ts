import { mergeConfig } from 'vitest/config'
import base from '../../vitest.config.ts'

/** `npm run test:oracle`: the recorded labs once more, on this machine's FRR. One after the other, half a minute each. */
export default mergeConfig(
  { ...base, test: { ...base.test, include: [] } },
  {
    test: { include: ['test/oracle/*.oracle.ts'], fileParallelism: false, testTimeout: 300_000, hookTimeout: 300_000 },
  },
)
