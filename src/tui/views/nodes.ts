import { STATE_TABLES } from '../../state/tables.ts'
import { defineView } from '../view.ts'

export const nodes = defineView(
  {
    name: 'nodes',
    aliases: ['no', 'node'],
    title: 'Nodes',
    description: 'every node: AS, sessions, routes, drops',
    table: STATE_TABLES.nodes,
    columns: [
      {
        title: 'NODE',
        cell: 'node',
        isFlexible: true,
        widthMin: 16,
        cut: 'middle',
        role: ({ isRunning }) => (isRunning ? 'bold' : 'bad'),
      },
      { title: 'KIND', cell: 'kind' },
      {
        title: 'STATE',
        cell: ({ isRunning }) => (isRunning ? 'up' : 'down'),
        role: ({ isRunning }) => (isRunning ? 'good' : 'bad'),
      },
      { title: 'AS', cell: 'asn', align: 'right' },
      { title: 'ROUTER ID', isExtra: true, cell: 'routerId' },
      {
        title: 'SESSIONS',
        align: 'right',
        cell: ({ sessions, sessionsUp }) => (sessions === 0 ? '' : `${sessionsUp}/${sessions}`),
        role: ({ sessions, sessionsUp }) => (sessions === sessionsUp ? 'good' : 'bad'),
      },
      { title: 'ROUTES', cell: 'routes', align: 'right' },
      { title: 'DROPS', cell: 'drops', align: 'right', role: ({ drops }) => (drops === 0 ? 'dim' : 'warn') },
      { title: 'CONTAINER', isExtra: true, cell: 'container', role: 'dim' },
    ],
    target: ({ node, kind }) => (kind === 'kind-node' ? { node, agent: node } : { node }),
    nothing: 'the lab has no nodes',
  },
  { isOfAllNodes: true },
)
