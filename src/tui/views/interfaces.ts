import { STATE_TABLES } from '../../state/tables.ts'
import { defineView } from '../view.ts'

export const interfaces = defineView({
  name: 'interfaces',
  aliases: ['i', 'if', 'links'],
  title: 'Interfaces',
  description: 'network devices with state, addresses and counters',
  table: STATE_TABLES.interfaces,
  columns: [
    { title: 'DEVICE', cell: 'interface', role: 'bold' },
    { title: 'STATE', cell: 'state', role: ({ hasCarrier, isUp }) => (hasCarrier && isUp ? 'good' : 'bad') },
    { title: 'ADDRESSES', cell: ({ addresses }) => addresses.join(' '), isFlexible: true, widthMin: 14 },
    { title: 'IMPAIRED', cell: 'impairment', role: 'warn', isExtra: true },
    { title: 'MTU', cell: 'mtuBytes', align: 'right', role: 'dim' },
    { title: 'RX', cell: 'receivedPackets', align: 'right' },
    { title: 'TX', cell: 'transmittedPackets', align: 'right' },
    {
      title: 'DROPS',
      cell: ({ receiveDrops, transmitDrops }) => String(receiveDrops + transmitDrops),
      align: 'right',
      role: ({ receiveDrops, transmitDrops }) => (receiveDrops + transmitDrops === 0 ? 'dim' : 'warn'),
    },
    { title: 'RX BYTES', isExtra: true, cell: 'receivedBytes', align: 'right', role: 'dim' },
    { title: 'TX BYTES', isExtra: true, cell: 'transmittedBytes', align: 'right', role: 'dim' },
    { title: 'KIND', isExtra: true, cell: 'kind', role: 'dim' },
    { title: 'MASTER', isExtra: true, cell: 'master' },
    { title: 'MAC', isExtra: true, cell: 'mac', role: 'dim' },
  ],
  target: ({ node, interface: device }) => ({ node, interface: device }),
  nothing: 'no devices',
})
