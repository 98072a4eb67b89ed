// Builds dist/: the command line and the API as one bundle whose parts are loaded when they are needed, the declarations,
// and the JSON Schema of scenarios.
import { spawnSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { build } from 'esbuild'

rmSync('dist', { recursive: true, force: true })

await build({
  entryPoints: {
    'cli/main': 'src/cli/main.ts',
    'cli/test-worker': 'src/cli/test-worker.ts',
    index: 'src/index.ts',
    'vitest/index': 'src/vitest/index.ts',
  },
  outdir: 'dist',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  external: ['vitest'],
  chunkNames: 'chunks/[name]-[hash]',
  legalComments: 'linked',
  logLevel: 'warning',
  banner: {
    // bundled CommonJS packages call require for Node's own modules
    js: "import { createRequire as drylabCreateRequire } from 'node:module'; const require = drylabCreateRequire(import.meta.url);",
  },
})

const { scenarioJsonSchema } = await import('./dist/index.js')
mkdirSync('dist/schema')
writeFileSync('dist/schema/scenario.json', `${JSON.stringify(scenarioJsonSchema(), undefined, 2)}\n`)

// type errors are reported by `npm run check`; the declarations come out all the same
const compiler = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc')
spawnSync(process.execPath, [compiler, '-p', 'tsconfig.build.json'])
