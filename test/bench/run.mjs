// `npm run bench`: builds the benchmarks as one file of their own, so that they measure what users run, and starts them.
import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { resolve } from 'node:path'
import { build } from 'esbuild'

const folder = resolve(`node_modules/.cache/drylab-bench-${process.pid}`)

await build({
  entryPoints: ['test/bench/main.ts'],
  outdir: folder,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  external: ['@mongodb-js/zstd', 'node-liblzma'],
  logLevel: 'warning',
  banner: {
    js: "import { createRequire as drylabCreateRequire } from 'node:module'; const require = drylabCreateRequire(import.meta.url);",
  },
})
const { status } = spawnSync(process.execPath, [`${folder}/main.mjs`, ...process.argv.slice(2)], { stdio: 'inherit' })
rmSync(folder, { recursive: true, force: true })
process.exitCode = status ?? 1
