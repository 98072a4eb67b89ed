import { left, right } from '../../text/table.ts'
import { type Command, type CommandContext, instantCommand } from '../command.ts'
import { parseOptions } from '../options.ts'
import { endpoint, tcpSockets } from './socket-table.ts'

/** iproute2's `ss` for TCP sockets: -t -n -l -a -p -H -4. Differs from Linux: processes are not modelled, -p adds nothing. */
export const ss: Command = instantCommand('ss', 'everywhere', context => {
  const parsed = parseOptions('ss', context.args, {
    short: 'tnlap4Hu',
    long: {
      tcp: { argument: 'none', letter: 't' },
      numeric: { argument: 'none', letter: 'n' },
      listening: { argument: 'none', letter: 'l' },
      all: { argument: 'none', letter: 'a' },
      processes: { argument: 'none', letter: 'p' },
      'no-header': { argument: 'none', letter: 'H' },
      ipv4: { argument: 'none', letter: '4' },
      udp: { argument: 'none', letter: 'u' },
    },
  })
  if (!parsed.ok) {
    context.error(`${parsed.message}\nss: other options are not modelled by drylab\n`)
    return 255
  }
  if (parsed.operands.length > 0) {
    context.error(`ss: filter "${parsed.operands.join(' ')}" is not modelled by drylab\n`)
    return 255
  }
  print(context, new Set(parsed.options.map(option => option.name)))
  return 0
})

const STATE_NAMES: Readonly<Record<string, string>> = {
  listen: 'LISTEN',
  'syn-sent': 'SYN-SENT',
  'syn-received': 'SYN-RECV',
  established: 'ESTAB',
  'fin-wait-1': 'FIN-WAIT-1',
  'fin-wait-2': 'FIN-WAIT-2',
  'close-wait': 'CLOSE-WAIT',
  closing: 'CLOSING',
  'last-ack': 'LAST-ACK',
  'time-wait': 'TIME-WAIT',
  closed: 'UNCONN',
}

/** A line of the table; the address and the port of an endpoint are columns of their own. */
interface Line {
  readonly netid: string
  readonly state: string
  readonly receive: string
  readonly send: string
  readonly local: readonly [string, string]
  readonly remote: readonly [string, string]
  readonly process: string
}

const HEADER: Line = {
  netid: 'Netid',
  state: 'State',
  receive: 'Recv-Q',
  send: 'Send-Q',
  local: ['Local Address', 'Port'],
  remote: ['Peer Address', 'Port'],
  process: 'Process',
}

/** Columns as wide as their widest cell; addresses stand right and ports left of their colon (misc/ss.c, render). */
function print(context: CommandContext, letters: ReadonlySet<string>): void {
  const which = letters.has('l') ? 'listening' : letters.has('a') ? 'all' : 'connected'
  const hidesTcp = letters.has('u') && !letters.has('t')
  const rows = hidesTcp ? [] : tcpSockets(context.node.host, which)
  const cells: Line[] = rows.map(row => ({
    netid: 'tcp',
    state: STATE_NAMES[row.state] ?? row.state,
    receive: String(row.receiveQueueBytes),
    send: String(row.sendQueueBytes),
    local: splitEndpoint(endpoint(row.localAddress, row.localPort)),
    remote: splitEndpoint(endpoint(row.remoteAddress, row.remotePort)),
    process: '',
  }))
  const lines = letters.has('H') ? cells : [HEADER, ...cells]
  const width = (cell: (line: Line) => string): number => Math.max(0, ...lines.map(line => cell(line).length))
  const widths = {
    netid: letters.has('t') !== letters.has('u') ? 0 : width(line => line.netid) + 1,
    state: width(line => line.state),
    local: [width(line => line.local[0]), width(line => line.local[1])] as const,
    remote: [width(line => line.remote[0]), width(line => line.remote[1])] as const,
    process: width(line => line.process),
  }
  for (const line of lines) {
    const netid = widths.netid === 0 ? '' : left(line.netid, widths.netid)
    const queues = `${left(line.receive, 6)} ${left(line.send, 6)}`
    const ends = `${place(line.local, widths.local)} ${place(line.remote, widths.remote)}`
    context.out(`${netid}${left(line.state, widths.state)} ${queues} ${ends}${left(line.process, widths.process)}\n`)
  }
}

function splitEndpoint(text: string): readonly [string, string] {
  const colon = text.lastIndexOf(':')
  return [text.slice(0, colon), text.slice(colon + 1)]
}

function place(
  [address, port]: readonly [string, string],
  [addressWidth, portWidth]: readonly [number, number],
): string {
  return `${right(address, addressWidth)}:${left(port, portWidth)}`
}
