import type { CommandContext } from '../../command.ts'

/** A line of containerlab's log on stderr: `14:00:00 INFO Creating container name=leaf01`. */
export function log(
  context: CommandContext,
  message: string,
  fields: Readonly<Record<string, string | number>>,
  level: 'INFO' | 'WARN' | 'ERRO' = 'INFO',
): void {
  const time = new Date(context.lab.simulator.wallMs).toISOString().slice(11, 19)
  const pairs = Object.entries(fields).map(
    ([key, value]) => ` ${key}=${/[\s"=]/.test(String(value)) || value === '' ? JSON.stringify(value) : value}`,
  )
  context.error(`${time} ${level} ${message}${pairs.join('')}\n`)
}
