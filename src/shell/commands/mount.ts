import { type Command, instantCommand } from '../command.ts'

/** `mount`, `mount -l`: the one file system that setup scripts look for. Mounting is not modelled. */
export const mount: Command = instantCommand('mount', 'everywhere', context => {
  if (context.args.length > 0 && context.args.join(' ') !== '-l') {
    context.error('mount: only listing is modelled by drylab\n')
    return 1
  }
  context.out('cgroup2 on /sys/fs/cgroup type cgroup2 (rw,nosuid,nodev,noexec,relatime)\n')
  return 0
})
