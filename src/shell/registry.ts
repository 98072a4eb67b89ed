import type { Command } from './command.ts'

/** Every emulated command, one line each. Shells and `docker exec` look names up here. */
export const COMMANDS: readonly Command[] = []
