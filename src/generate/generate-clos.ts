import { checkClos, closShape } from './check-clos.ts'
import type { ClosOptions } from './clos-options.ts'
import { DIALECTS } from './dialects.ts'
import type { FabricPlan } from './fabric-plan.ts'
import { planClos } from './plan-clos.ts'
import { writeTopology } from './write-topology.ts'

/** A lab as files, by path inside its folder, or why there is none: a sentence for each problem. */
export type GeneratedLab =
  | { readonly files: ReadonlyMap<string, string>; readonly plan: FabricPlan }
  | { readonly problems: readonly string[] }

/**
 * A leaf/spine fabric, with super-spines if asked for, as a containerlab lab: `lab.clab.yml`, for each router
 * `NAME/frr.conf` or `NAME/config.boot`, for FRR `daemons`. Names are leaf1 …, spine1 …, super1 …, host1 …; addresses and
 * systems are those of address-plan.ts.
 */
export function generateClos(options: ClosOptions): GeneratedLab {
  const shape = closShape(options)
  const problems = checkClos(shape)
  if (problems.length > 0) return { problems }
  const plan = planClos(shape)
  const dialect = DIALECTS[shape.dialect]
  const bound = new Map(plan.routers.map(router => [router.name, dialect.files(router)]))
  const files = new Map([['lab.clab.yml', writeTopology(plan, dialect, bound)]])
  for (const each of bound.values()) for (const { path, text } of each) files.set(path, text)
  return { files, plan }
}
