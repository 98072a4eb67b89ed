import type { Command } from '../command.ts'

const UNIT_SECONDS: Readonly<Record<string, number>> = { '': 1, s: 1, m: 60, h: 3600, d: 86_400 }

/** `sleep NUMBER[smhd]...`: lets simulated time pass. Texts: GNU coreutils. */
export const sleep: Command = {
  name: 'sleep',
  where: 'everywhere',
  *run({ args, error }) {
    if (args.length === 0) {
      error("sleep: missing operand\nTry 'sleep --help' for more information.\n")
      return 1
    }
    let seconds = 0
    for (const word of args) {
      const match = /^(\d+(?:\.\d*)?|\.\d+)([smhd]?)$/.exec(word)
      if (match === null) {
        error(`sleep: invalid time interval ‘${word}’\nTry 'sleep --help' for more information.\n`)
        return 1
      }
      seconds += Number(match[1]) * UNIT_SECONDS[match[2]!]!
    }
    const wake = yield { sleepNs: seconds * 1e9 }
    return wake === 'interrupt' ? 130 : 0
  },
}
