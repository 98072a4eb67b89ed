// Builds dist/: the command line as a bundle whose parts are loaded when they are needed. Type declarations come with the API.
import { rmSync } from 'node:fs'
import { build } from 'esbuild'

rmSync('dist', { recursive: true, force: true })

await build({
  entryPoints: { 'cli/main': 'src/cli/main.ts', 'cli/test-worker': 'src/cli/test-worker.ts' },
  outdir: 'dist',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  chunkNames: 'chunks/[name]-[hash]',
  legalComments: 'linked',
  logLevel: 'warning',
  banner: {
    // bundled CommonJS packages call require for Node's own modules
    js: "import { createRequire as drylabCreateRequire } from 'node:module'; const require = drylabCreateRequire(import.meta.url);",
  },
})
