import { type Command, instantCommand } from '../command.ts'

/** `sudo COMMAND`: everybody is root here, so it only passes on. */
export const sudo: Command = instantCommand('sudo', 'everywhere', ({ node, args, error }) => {
  const words = args.slice(args.findIndex(word => !word.startsWith('-')))
  if (args.length > 0 && !args.every(word => word.startsWith('-'))) return { node, words }
  error('usage: sudo command\n')
  return 1
})
