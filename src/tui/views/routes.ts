import type { RouteRow } from '../../state/tables/routes.ts'
import { STATE_TABLES } from '../../state/tables.ts'
import { defineView } from '../view.ts'

export const routes = defineView({
  name: 'routes',
  aliases: ['r', 'route', 'fib'],
  title: 'Routes',
  description: 'kernel routes with every next hop; marks what route -n does not show',
  table: STATE_TABLES.routes,
  columns: [
    { title: 'DESTINATION', cell: 'destination', role: 'bold' },
    { title: 'GATEWAY', cell: ({ gateway, type }) => gateway ?? (type === 'unicast' ? 'link' : type) },
    { title: 'DEVICE', cell: 'device' },
    { title: 'PROTO', cell: 'protocol' },
    { title: 'METRIC', cell: ({ metric }) => (metric === 0 ? '' : String(metric)), align: 'right' },
    { title: 'SOURCE', isExtra: true, cell: 'source' },
    { title: 'ROUTE -N', cell: shownByRoute, role: ({ hiddenFromRoute }) => (hiddenFromRoute > 0 ? 'warn' : 'dim') },
    { title: 'FLAGS', isExtra: true, cell: flagsText, role: 'bad' },
  ],
  question: ({ node, destination }) => ({
    kind: 'route',
    node,
    prefix: destination === 'default' ? '0.0.0.0/0' : destination,
  }),
  target: ({ node, device }) => ({ node, ...(device === null ? {} : { interface: device }) }),
  nothing: 'the kernel has no routes',
})

/** `route -n` prints the first next hop of a route only. */
function shownByRoute({ hiddenFromRoute, isHidden }: RouteRow): string {
  if (isHidden) return 'not shown'
  return hiddenFromRoute > 0 ? `hides ${hiddenFromRoute}` : ''
}

function flagsText({ flags, weight }: RouteRow): string {
  return [...(weight === 1 ? [] : [`weight ${weight}`]), ...flags].join(' ')
}
