import { STATE_TABLES } from '../../state/tables.ts'
import { ageText } from '../age.ts'
import type { Role } from '../line.ts'
import { defineView } from '../view.ts'

/** Looks of the states of a neighbour entry (include/net/neighbour.h, NUD_*). */
const STATE_ROLES: Readonly<Record<string, Role>> = {
  REACHABLE: 'good',
  PERMANENT: 'good',
  NOARP: 'dim',
  STALE: 'plain',
  DELAY: 'warn',
  PROBE: 'warn',
  INCOMPLETE: 'warn',
  FAILED: 'bad',
}

export const neighbors = defineView({
  name: 'neighbors',
  aliases: ['arp', 'neigh'],
  title: 'Neighbours',
  description: 'ARP entries with state and age',
  table: STATE_TABLES.neighbors,
  columns: [
    { title: 'ADDRESS', cell: 'address', role: 'bold' },
    { title: 'DEVICE', cell: 'interface' },
    { title: 'MAC', cell: ({ mac }) => mac ?? '(incomplete)' },
    { title: 'STATE', cell: 'state', role: ({ state }) => STATE_ROLES[state] ?? 'plain' },
    { title: 'AGE', cell: ({ ageSeconds }) => ageText(ageSeconds), align: 'right' },
    { title: 'USED', isExtra: true, cell: ({ usedSeconds }) => ageText(usedSeconds), align: 'right', role: 'dim' },
    {
      title: 'CONFIRMED',
      isExtra: true,
      cell: ({ confirmedSeconds }) => ageText(confirmedSeconds),
      align: 'right',
      role: 'dim',
    },
  ],
  question: ({ node, address }) => ({ kind: 'reach', node, target: address }),
  target: ({ node, interface: device }) => ({ node, interface: device }),
  nothing: 'the table of neighbours is empty',
})
