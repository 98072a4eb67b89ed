import { configDefaults, defineConfig } from 'vitest/config'

// vitest 5 prints failures with Map.groupBy, which Node 20 does not have
if (!('groupBy' in Map)) {
  Object.defineProperty(Map, 'groupBy', {
    configurable: true,
    value: <Key, Item>(items: Iterable<Item>, keyOf: (item: Item) => Key): Map<Key, Item[]> => {
      const groups = new Map<Key, Item[]>()
      for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item])
      return groups
    },
  })
}

export default defineConfig({
  test: {
    include: ['test/**/*.test.{ts,tsx}'],
    // a project of its own, which installs the packed package: see .ci/run
    exclude: [...configDefaults.exclude, 'test/example/**'],
    environment: 'node',
    setupFiles: ['test/support/fast-check-seed.ts'],
    testTimeout: 20_000,
    // many tests wait for programs that they have started: one worker for each processor, none set aside for vitest
    maxWorkers: '100%',
  },
})
