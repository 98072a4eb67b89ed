import { parsePrefixWord } from '../../config/iproute/word-reader.ts'
import { type FibRoute, fibRoute, type RouteMatch } from '../../host/fib.ts'
import type { Host } from '../../host/host.ts'
import type { Interface } from '../../host/interface.ts'
import { type Ipv4Address, parseIpv4, prefixAddress, prefixOf } from '../../wire/address.ts'
import { type Command, type CommandContext, instantCommand } from '../command.ts'
import { errorText } from './ip/output.ts'
import { resolveHost } from './resolve-host.ts'
import { routeTable } from './route-table.ts'

/** net-tools `route`: shows table main, and adds and deletes routes the ioctl way. */
export const route: Command = instantCommand('route', 'everywhere', context => {
  const words = [...context.args]
  let letters = ''
  while (words[0]?.startsWith('-') && words[0] !== '-net' && words[0] !== '-host') {
    const word = words.shift()!
    if (word === '-A' || word === '--inet6' || word === '-6') return notModelled(context, `option "${word}"`)
    letters += word.startsWith('--') ? longOption(word) : word.slice(1)
  }
  const unknown = [...letters].find(letter => !'nevFC4V'.includes(letter))
  if (unknown !== undefined) {
    context.error(`route: invalid option -- '${unknown}'\n${USAGE}`)
    return 4
  }
  if (letters.includes('V')) {
    context.out('net-tools 2.10\n')
    return 0
  }
  const command = words.shift()
  if (command === undefined) return show(context, letters)
  if (command === 'add' || command === 'del' || command === 'delete') return change(context, command === 'add', words)
  context.error(USAGE)
  return 4
})

const USAGE =
  'Usage: route [-nNvee] | route { add | del } { -net | -host } TARGET [netmask N] [gw G] [metric M] [reject] [[dev] IF]\n'

function longOption(word: string): string {
  return { '--numeric': 'n', '--extend': 'e', '--verbose': 'v' }[word] ?? '?'
}

function show(context: CommandContext, letters: string): number {
  const extended = [...letters].filter(letter => letter === 'e').length
  const form = extended === 0 ? 'normal' : extended === 1 ? 'netstat' : 'all'
  context.out(routeTable(context.node.host, form, letters.includes('n')))
  return 0
}

/** What the words after `add` or `del` say. */
interface Request {
  address: Ipv4Address
  length: number
  gateway?: Ipv4Address
  metric?: number
  device?: string
  mtuBytes?: number
  isReject: boolean
}

function change(context: CommandContext, isAdd: boolean, words: readonly string[]): number {
  const request = readRequest(context, [...words])
  if (typeof request === 'number') return request
  const { host } = context.node
  const prefix = prefixOf(request.address, request.length)
  if (prefixAddress(prefix) !== request.address) {
    context.error(`route: netmask doesn't match route address\n${USAGE}`)
    return 3
  }
  const call = isAdd ? 'SIOCADDRT' : 'SIOCDELRT'
  const device = request.device === undefined ? undefined : host.interfaces.get(request.device)
  if (request.device !== undefined && device === undefined) return refuse(context, call, 'ENODEV')
  // The ioctl creates without NLM_F_EXCL and without NLM_F_APPEND: the new route comes first among its equals.
  const result = isAdd ? host.addRoute(newRoute(request, device), 'prepend') : host.deleteRoute(match(request, device))
  return result.ok ? 0 : refuse(context, call, result.errno)
}

function refuse(context: CommandContext, call: string, errno: Parameters<typeof errorText>[0]): number {
  context.error(`${call}: ${errorText(errno)}\n`)
  return 7
}

function newRoute(request: Request, device: Interface | undefined): FibRoute {
  const { address, length, gateway, metric, mtuBytes } = request
  const hop = { ...(gateway === undefined ? {} : { gateway }), ...(device === undefined ? {} : { interface: device }) }
  return fibRoute({
    prefix: prefixOf(address, length),
    ...(request.isReject
      ? { type: 'unreachable' }
      : { nextHops: gateway === undefined && device === undefined ? [] : [hop] }),
    ...(metric === undefined ? {} : { metric }),
    ...(mtuBytes === undefined ? {} : { mtuBytes }),
  })
}

function match(request: Request, device: Interface | undefined): RouteMatch {
  const { address, length, gateway, metric } = request
  const hop = { ...(gateway === undefined ? {} : { gateway }), ...(device === undefined ? {} : { interface: device }) }
  return {
    prefix: prefixOf(address, length),
    ...(metric === undefined ? {} : { metric }),
    ...(request.isReject ? { type: 'unreachable' } : {}),
    ...(gateway === undefined && device === undefined ? {} : { nextHops: [hop] }),
  }
}

/** Reads `[-net|-host] TARGET …`; the exit code after a message when it is wrong. */
function readRequest(context: CommandContext, words: string[]): Request | number {
  const kind = words[0] === '-net' || words[0] === '-host' ? words.shift() : undefined
  const target = words.shift()
  if (target === undefined) return usage(context)
  const prefix = readTarget(context.node.host, target, kind)
  if (prefix === undefined) return unknownHost(context, target)
  const request: Request = { ...prefix, isReject: false }
  while (words.length > 0) {
    const word = words.shift()!
    if (word === 'reject') {
      request.isReject = true
      continue
    }
    const code = readOption(context, word, words, request)
    if (code !== undefined) return code
  }
  return request
}

function readTarget(
  host: Host,
  target: string,
  kind: string | undefined,
): { address: Ipv4Address; length: number } | undefined {
  if (target === 'default') return { address: 0 as Ipv4Address, length: 0 }
  const prefix = parsePrefixWord(target)
  if (prefix !== undefined) {
    if (prefix.hasLength || kind === '-host') return prefix
    if (kind === '-net') return { address: prefix.address, length: classLength(prefix.address) }
    return prefix.address === 0 ? { address: prefix.address, length: 0 } : prefix
  }
  const address = resolveHost(host, target)
  return address === undefined ? undefined : { address, length: 32 }
}

/** Length by address class, where no mask is given. */
function classLength(address: number): number {
  if (address === 0) return 0
  return address >>> 31 === 0 ? 8 : address >>> 30 === 2 ? 16 : 24
}

function readOption(context: CommandContext, word: string, words: string[], request: Request): number | undefined {
  const needsValue = /^(netmask|gw|gateway|metric|dev|device|mss|mtu|window|irtt)$/.test(word)
  const value = needsValue ? words.shift() : word
  if (value === undefined) return usage(context)
  if (word === 'netmask') {
    const mask = parsePrefixWord(`0.0.0.0/${value}`)
    if (mask === undefined) return badMask(context, value)
    request.length = mask.length
  } else if (word === 'gw' || word === 'gateway') {
    const gateway = parseIpv4(value) ?? resolveHost(context.node.host, value)
    if (gateway === undefined) return unknownHost(context, value)
    request.gateway = gateway
  } else if (word === 'metric') {
    if (!/^\d+$/.test(value)) return usage(context)
    request.metric = Number(value)
  } else if (word === 'mss' || word === 'mtu') request.mtuBytes = Number(value)
  else if (word === 'window' || word === 'irtt') return notModelled(context, `"${word}"`)
  else if (word === 'mod' || word === 'dyn' || word === 'reinstate') return undefined
  else request.device = value
  return undefined
}

function badMask(context: CommandContext, value: string): number {
  context.error(`route: bogus netmask ${value}\n`)
  return 3
}

function usage(context: CommandContext): number {
  context.error(USAGE)
  return 4
}

function unknownHost(context: CommandContext, name: string): number {
  context.error(`${name}: Unknown host\n`)
  return 6
}

function notModelled(context: CommandContext, what: string): number {
  context.error(`route: ${what} is not modelled by drylab\n`)
  return 4
}
