import type { Reporter } from '../test-result.ts'
import { githubReporter } from './github.ts'
import { jsonReporter } from './json.ts'
import { junitReporter } from './junit.ts'
import type { Paint } from './spec.ts'
import { tapReporter } from './tap.ts'
import { specReporter } from './test-spec.ts'

/** Every reporter, by the name that `--reporter` takes. */
export const REPORTERS: Readonly<Record<string, (paint: Paint) => Reporter>> = {
  spec: specReporter,
  junit: junitReporter,
  tap: tapReporter,
  json: jsonReporter,
  github: githubReporter,
}
