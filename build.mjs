// Builds dist/: the command line and the API as one bundle whose parts are loaded when they are needed, the declarations,
// and the JSON Schema of scenarios.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'

// built aside and put in place at the end, so that what runs meanwhile finds a whole dist/
const folder = resolve(`node_modules/.cache/drylab-build-${process.pid}`)
mkdirSync(folder, { recursive: true })

/** ink's optional debugger: it is asked for only with DEV=true. */
const withoutDevtools = {
  name: 'without-devtools',
  setup(build) {
    build.onResolve({ filter: /^react-devtools-core$/ }, () => ({ path: 'none', namespace: 'none' }))
    build.onLoad({ filter: /./, namespace: 'none' }, () => ({ contents: 'export default {}' }))
  },
}

await build({
  entryPoints: {
    'cli/main': 'src/cli/main.ts',
    'cli/test-worker': 'src/cli/test-worker.ts',
    index: 'src/index.ts',
    'vitest/index': 'src/vitest/index.ts',
  },
  outdir: folder,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  // compression engines of just-bash, native and optional: its commands say so when one is missing
  // react and ink choose their production build by this
  define: { 'process.env.NODE_ENV': '"production"' },
  plugins: [withoutDevtools],
  external: ['vitest', '@mongodb-js/zstd', 'node-liblzma'],
  chunkNames: 'chunks/[name]-[hash]',
  legalComments: 'linked',
  logLevel: 'warning',
  banner: {
    // bundled CommonJS packages call require for Node's own modules
    js: "import { createRequire as drylabCreateRequire } from 'node:module'; const require = drylabCreateRequire(import.meta.url);",
  },
})

const { scenarioJsonSchema } = await import(pathToFileURL(join(folder, 'index.js')).href)
mkdirSync(join(folder, 'schema'))
writeFileSync(join(folder, 'schema/scenario.json'), `${JSON.stringify(scenarioJsonSchema(), undefined, 2)}\n`)

// type errors are reported by `npm run check`; the declarations come out all the same
const compiler = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc')
spawnSync(process.execPath, [compiler, '-p', 'tsconfig.build.json', '--outDir', folder])

const target = process.env.DRYLAB_OUT ?? 'dist'
if (existsSync(target)) renameSync(target, `${folder}-old`)
renameSync(folder, target)
rmSync(`${folder}-old`, { recursive: true, force: true })
