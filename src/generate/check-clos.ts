import { announcedLength, checkPool, POOLS } from './address-plan.ts'
import type { ClosOptions } from './clos-options.ts'

/** The most nodes of one lab: above this a containerlab file is not read any more by anything. */
const MOST_NODES = 20_000

/** Options with every default filled in. */
export type ClosShape = Required<ClosOptions>

/** Fills in the defaults. */
export function closShape(options: ClosOptions): ClosShape {
  const superSpines = options.superSpines ?? 0
  const hostsPerLeaf = options.hostsPerLeaf ?? 1
  return {
    ...options,
    superSpines,
    hostsPerLeaf,
    pods: options.pods ?? (superSpines > 0 ? 2 : 1),
    prefixesPerLeaf: options.prefixesPerLeaf ?? Math.max(1, hostsPerLeaf),
    dialect: options.dialect ?? 'frr',
    ibgpRouteReflectors: options.ibgpRouteReflectors ?? false,
  }
}

/** Everything that makes these options no fabric, one sentence each; empty when they are one. */
export function checkClos(shape: ClosShape): readonly string[] {
  const counts = checkCounts(shape)
  return counts.length > 0 ? counts : [...checkPods(shape), ...checkSizes(shape)]
}

function checkCounts(shape: ClosShape): string[] {
  const least = { spines: 1, leaves: 1, superSpines: 0, pods: 1, hostsPerLeaf: 0, prefixesPerLeaf: 1 }
  return (Object.keys(least) as (keyof typeof least)[])
    .filter(name => !Number.isSafeInteger(shape[name]) || shape[name] < least[name])
    .map(name => `${wordsOf(name)} must be a whole number, at least ${least[name]}: ${shape[name]}`)
}

function checkPods({ spines, leaves, superSpines, pods, hostsPerLeaf, prefixesPerLeaf }: ClosShape): string[] {
  const problems: string[] = []
  for (const [count, name] of [
    [spines, 'spines'],
    [leaves, 'leaves'],
  ] as const) {
    if (count % pods !== 0)
      problems.push(`${count} ${name} cannot be shared equally by ${pods} pods: choose other counts`)
  }
  if (pods > 1 && superSpines === 0) problems.push(`${pods} pods without super-spines are not connected to each other`)
  if (prefixesPerLeaf < hostsPerLeaf)
    problems.push(
      `each host has a prefix of its own: ${hostsPerLeaf} hosts on each leaf, but ${prefixesPerLeaf} prefixes`,
    )
  return problems
}

function checkSizes({ spines, leaves, superSpines, pods, hostsPerLeaf, prefixesPerLeaf }: ClosShape): string[] {
  const nodes = spines + leaves * (1 + hostsPerLeaf) + superSpines
  const prefixes = leaves * prefixesPerLeaf
  return [
    ...(nodes > MOST_NODES ? [`${nodes} nodes are too many for one lab: at most ${MOST_NODES}`] : []),
    ...checkPool(POOLS.leafLinks, 31, (spines * leaves) / pods),
    ...checkPool(POOLS.superLinks, 31, spines * superSpines),
    ...checkPool(POOLS.leafLoopbacks, 32, leaves + 1),
    ...checkPool(POOLS.spineLoopbacks, 32, spines + 1),
    ...checkPool(POOLS.superLoopbacks, 32, superSpines + 1),
    ...checkPool(POOLS.prefixes, announcedLength(prefixes), prefixes),
  ]
}

/** `hostsPerLeaf` → `hosts per leaf` */
function wordsOf(name: string): string {
  return name.replace(/[A-Z]/g, letter => ` ${letter.toLowerCase()}`)
}
