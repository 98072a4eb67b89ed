import { STATE_TABLES } from '../../state/tables.ts'
import { ageText } from '../age.ts'
import { defineView } from '../view.ts'

export const leases = defineView({
  name: 'leases',
  aliases: ['lease'],
  title: 'Leases',
  description: 'leases with holder and remaining time',
  table: STATE_TABLES.leases,
  columns: [
    { title: 'LEASE', cell: 'lease', role: 'bold', isFlexible: true, widthMin: 16, cut: 'middle' },
    {
      title: 'HOLDER',
      isFlexible: true,
      widthMin: 12,
      cut: 'middle',
      cell: ({ holder }) => (holder === '' ? '(nobody)' : holder),
      role: ({ holder }) => (holder === '' ? 'bad' : 'good'),
    },
    {
      title: 'REMAINING',
      align: 'right',
      cell: ({ remainingSeconds }) => ageText(remainingSeconds),
      role: ({ remainingSeconds, durationSeconds }) => {
        if (remainingSeconds === null || durationSeconds === null) return 'dim'
        return remainingSeconds <= 0 ? 'bad' : remainingSeconds < durationSeconds / 3 ? 'warn' : 'plain'
      },
    },
    {
      title: 'DURATION',
      isExtra: true,
      cell: ({ durationSeconds }) => ageText(durationSeconds),
      align: 'right',
      role: 'dim',
    },
    {
      title: 'RENEWED',
      isExtra: true,
      cell: ({ renewedSeconds }) => ageText(renewedSeconds),
      align: 'right',
      role: 'dim',
    },
    { title: 'MOVES', cell: 'transitions', align: 'right' },
    { title: 'SERVICE', cell: 'service', role: 'accent' },
    { title: 'NAMESPACE', isExtra: true, cell: 'namespace', role: 'dim' },
  ],
  question: ({ service }) => (service === null ? undefined : { kind: 'service', service }),
  target: ({ holder }) => (holder === '' ? {} : { node: holder, agent: holder }),
  nothing: 'no cluster, or no leases',
})
