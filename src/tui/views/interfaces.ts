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
    { title: 'MTU', cell: 'mtuBytes', align: 'right', role: 'dim' },
    { title: 'RX', cell: 'receivedPackets', align: 'right' },
    { title: 'TX', cell: 'transmittedPackets', align: 'right' },
    {
      title: 'DROPS',
      cell: ({ receiveDrops, transmitDrops }) => String(receiveDrops + transmitDrops),
      align: 'right',
      role: ({ receiveDrops, transmitDrops }) => (receiveDrops + transmitDrops === 0 ? 'dim' : 'warn'),
    },
    { title: 'RX BYTES', cell: 'receivedBytes', align: 'right', role: 'dim' },
    { title: 'TX BYTES', cell: 'transmittedBytes', align: 'right', role: 'dim' },
    { title: 'KIND', cell: 'kind', role: 'dim' },
    { title: 'MASTER', cell: 'master' },
    { title: 'MAC', cell: 'mac', role: 'dim' },
    { title: 'IMPAIRED', cell: 'impairment', role: 'warn' },
  ],
  target: ({ node, interface: device }) => ({ node, interface: device }),
  nothing: 'no devices',
})
