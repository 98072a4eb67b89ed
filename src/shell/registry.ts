import type { Command } from './command.ts'
import { clab, containerlab } from './commands/clab.ts'
import { date } from './commands/date.ts'
import { docker } from './commands/docker.ts'
import { bash, sh } from './commands/sh.ts'
import { sleep } from './commands/sleep.ts'
import { sudo } from './commands/sudo.ts'

/** Every emulated command, one line each. Shells and `docker exec` look names up here. */
export const COMMANDS: readonly Command[] = [bash, clab, containerlab, date, docker, sh, sleep, sudo]
