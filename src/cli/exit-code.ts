/** What the program's exit status says, for every command. */
export const EXIT_CODE = {
  /** Everything asked for was done, every claim holds. */
  ok: 0,
  /** A claim does not hold, or an emulated command failed. */
  failed: 1,
  /** A file or an argument is wrong; nothing ran. */
  usage: 2,
  /** Ctrl-C, as shells number it. */
  interrupted: 130,
} as const

/** Takes the exit status of the command that ran. */
export type Exit = (code: number) => void
