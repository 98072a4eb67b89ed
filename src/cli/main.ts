#!/usr/bin/env node
import { readFileSync } from 'node:fs'
import { EXIT_CODE } from './exit-code.ts'
import { runWithRoom, wantsRoom } from './room.ts'

const args = process.argv.slice(2)
const version = (
  JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string }
).version

// a reader that goes away (`drylab … | head`) is no failure
process.stdout.on('error', error => {
  if ((error as NodeJS.ErrnoException).code === 'EPIPE') process.exit(0)
})

if (args.length === 1 && (args[0] === '--version' || args[0] === '-V')) {
  process.stdout.write(`${version}\n`)
} else if (wantsRoom(args)) {
  process.exitCode = await runWithRoom(args)
} else {
  const { main } = await import('./program.ts')
  process.exitCode = await main(args, version)
  // the engine takes a large lab apart for a quarter of a second, and somebody has asked for an end
  if (process.exitCode === EXIT_CODE.interrupted) process.exit()
}
