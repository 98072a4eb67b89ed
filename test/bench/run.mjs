// `npm run bench`, `npm run bench:frr`: builds a program (the first argument) with the source as one file, so that it
// measures what users run, and starts it with the other arguments.
import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { build } from 'esbuild'

const [entry, ...args] = process.argv.slice(2)
const folder = resolve(`node_modules/.cache/drylab-bench-${process.pid}`)

await build({
  entryPoints: [entry],
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
const program = join(folder, `${basename(entry, '.ts')}.mjs`)
const { status } = spawnSync(process.execPath, [...process.execArgv, program, ...args], { stdio: 'inherit' })
rmSync(folder, { recursive: true, force: true })
process.exitCode = status ?? 1
