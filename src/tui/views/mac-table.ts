import { STATE_TABLES } from '../../state/tables.ts'
import { ageText } from '../age.ts'
import { defineView } from '../view.ts'

export const macTable = defineView(
  {
    name: 'mac',
    aliases: ['fdb', 'bridges'],
    title: 'MAC tables',
    description: 'what the bridges have learned (bridge fdb)',
    table: STATE_TABLES.macTable,
    columns: [
      { title: 'BRIDGE', cell: 'bridge', role: 'bold' },
      { title: 'MAC', cell: 'mac' },
      { title: 'PORT', cell: 'port' },
      {
        title: 'KIND',
        cell: ({ isOwn }) => (isOwn ? 'own' : 'learned'),
        role: ({ isOwn }) => (isOwn ? 'dim' : 'good'),
      },
      { title: 'AGE', cell: ({ ageSeconds }) => ageText(ageSeconds), align: 'right' },
      { title: 'NODE', isExtra: true, cell: 'node', role: 'dim' },
    ],
    target: ({ node, port }) => ({ node, interface: port }),
    nothing: 'the lab has no bridges',
  },
  { isOfAllNodes: 'by-host' },
)
