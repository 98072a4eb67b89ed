import { left, right } from '../../text/table.ts'
import { type Command, type CommandContext, instantCommand } from '../command.ts'
import { parseOptions } from '../options.ts'
import { routeTable } from './route-table.ts'
import { endpoint, tcpSockets } from './socket-table.ts'

/** net-tools `netstat`: the routing table (-r) and TCP sockets (-t). */
export const netstat: Command = instantCommand('netstat', 'everywhere', context => {
  const parsed = parseOptions('netstat', context.args, {
    short: 'rntulapeW4V',
    long: {
      route: { argument: 'none', letter: 'r' },
      numeric: { argument: 'none', letter: 'n' },
      tcp: { argument: 'none', letter: 't' },
      udp: { argument: 'none', letter: 'u' },
      listening: { argument: 'none', letter: 'l' },
      all: { argument: 'none', letter: 'a' },
      programs: { argument: 'none', letter: 'p' },
      extend: { argument: 'none', letter: 'e' },
      wide: { argument: 'none', letter: 'W' },
    },
  })
  if (!parsed.ok) {
    context.error(`${parsed.message}\nnetstat: other options are not modelled by drylab\n`)
    return 4
  }
  const letters = new Set(parsed.options.map(option => option.name))
  if (letters.has('V')) context.out('net-tools 2.10\n')
  else if (letters.has('r')) context.out(routeTable(context.node.host, 'netstat', letters.has('n')))
  else printSockets(context, letters)
  return 0
})

/** Names of net-tools for the states of the stack. */
const STATE_NAMES: Readonly<Record<string, string>> = {
  listen: 'LISTEN',
  'syn-sent': 'SYN_SENT',
  'syn-received': 'SYN_RECV',
  established: 'ESTABLISHED',
  'fin-wait-1': 'FIN_WAIT1',
  'fin-wait-2': 'FIN_WAIT2',
  'close-wait': 'CLOSE_WAIT',
  closing: 'CLOSING',
  'last-ack': 'LAST_ACK',
  'time-wait': 'TIME_WAIT',
  closed: 'CLOSE',
}

function printSockets(context: CommandContext, letters: ReadonlySet<string>): void {
  const which = letters.has('l') ? 'listening' : letters.has('a') ? 'all' : 'connected'
  const note = { listening: '(only servers)', all: '(servers and established)', connected: '(w/o servers)' }[which]
  const program = letters.has('p') ? ' PID/Program name    ' : ''
  context.out(`Active Internet connections ${note}\n`)
  context.out(`Proto Recv-Q Send-Q Local Address           Foreign Address         State      ${program}\n`)
  if (letters.has('u') && !letters.has('t')) return
  for (const row of tcpSockets(context.node.host, which)) {
    const local = left(endpoint(row.localAddress, row.localPort), 23)
    const remote = left(endpoint(row.remoteAddress, row.remotePort), 23)
    const state = left(STATE_NAMES[row.state] ?? row.state, 11)
    const queues = `${right(row.receiveQueueBytes, 6)} ${right(row.sendQueueBytes, 6)}`
    context.out(`tcp   ${queues} ${local} ${remote} ${state}${letters.has('p') ? ` ${left('-', 20)}` : ''}\n`)
  }
}
