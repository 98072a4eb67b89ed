import type { IpOptions } from '../../../config/iproute/operation.ts'
import type { Host } from '../../../host/host.ts'
import type { Errno, Result } from '../../../host/result.ts'

/** What one `ip` command runs with. */
export interface IpContext {
  readonly host: Host
  readonly options: IpOptions
  /** Namespaces whose devices may be the other ends of this host's; for `link-netnsid`. */
  readonly namespaces: readonly Host[]
  out(text: string): void
  error(text: string): void
}

/** strerror of glibc, as `RTNETLINK answers:` prints it. */
const ERROR_TEXTS: Readonly<Record<Errno, string>> = {
  EACCES: 'Permission denied',
  EADDRINUSE: 'Address already in use',
  EADDRNOTAVAIL: 'Cannot assign requested address',
  EBUSY: 'Device or resource busy',
  EEXIST: 'File exists',
  EHOSTUNREACH: 'No route to host',
  EINVAL: 'Invalid argument',
  EMSGSIZE: 'Message too long',
  ENETDOWN: 'Network is down',
  ENETUNREACH: 'Network is unreachable',
  ENOBUFS: 'No buffer space available',
  ENODEV: 'No such device',
  ENOENT: 'No such file or directory',
  EOPNOTSUPP: 'Operation not supported',
  EPERM: 'Operation not permitted',
  ESRCH: 'No such process',
}

/** The text of an error number: `Network is unreachable`. */
export function errorText(errno: Errno): string {
  return ERROR_TEXTS[errno]
}

/** Prints a kernel's refusal as libnetlink does and returns the exit code: 0, or 2 when it failed. */
export function answer(context: IpContext, result: Result): number {
  if (result.ok) return 0
  const { message } = result
  if (message === undefined) context.error(`RTNETLINK answers: ${errorText(result.errno)}\n`)
  else context.error(`Error: ${message}${message.endsWith('.') ? '' : '.'}\n`)
  return 2
}

/** `Cannot find device "x"`, exit code 1. */
export function noDevice(context: IpContext, name: string): number {
  context.error(`Cannot find device "${name}"\n`)
  return 1
}

/** Says that something is real and not simulated; exit code 2. */
export function notModelled(context: IpContext, what: string): number {
  context.error(`ip: ${what} is not modelled by drylab\n`)
  return 2
}

/** A JSON value with keys in print order. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

/** Prints a JSON document as iproute2 does: one line, or the layout of its json_writer with `-p`. */
export function printJson(context: IpContext, value: Json): void {
  context.out(`${context.options.pretty ? prettyJson(value, 0) : JSON.stringify(value)}${'\n'}`)
}

/** lib/json_writer.c: members on lines of their own, arrays on the line of their name. */
function prettyJson(value: Json, depth: number): string {
  if (Array.isArray(value)) {
    if (value.length === 0) return '[ ]'
    return `[ ${value.map(item => prettyJson(item, depth + 1)).join(',')} ]`
  }
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  const members = Object.entries(value as { readonly [key: string]: Json })
  if (members.length === 0) return '{}'
  const indent = '    '.repeat(depth + 1)
  const lines = members.map(([name, member]) => `\n${indent}${JSON.stringify(name)}: ${prettyJson(member, depth + 1)}`)
  return `{${lines.join(',')}\n${'    '.repeat(depth)}}`
}
