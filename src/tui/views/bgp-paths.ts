import { STATE_TABLES } from '../../state/tables.ts'
import { ageText } from '../age.ts'
import { defineView } from '../view.ts'

export const bgpPaths = defineView({
  name: 'paths',
  aliases: ['p', 'bgptable', 'bgp-table'],
  title: 'BGP table',
  description: 'every path with the reason it lost (show ip bgp)',
  table: STATE_TABLES.bgpPaths,
  columns: [
    {
      title: '',
      cell: 'status',
      role: ({ isBest, isMultipath, isValid }) => (isBest || isMultipath ? 'good' : isValid ? 'dim' : 'bad'),
    },
    { title: 'PREFIX', cell: 'prefix', role: ({ isBest }) => (isBest ? 'bold' : 'plain') },
    { title: 'NEXT HOP', cell: 'nextHop' },
    {
      title: 'WHY',
      cell: 'reason',
      role: ({ isBest, isValid }) => (isBest ? 'good' : isValid ? 'warn' : 'bad'),
      isFlexible: true,
      widthMin: 24,
    },
    { title: 'AS PATH', cell: 'asPath', isFlexible: true },
    { title: 'LOCPRF', isExtra: true, cell: 'localPreference', align: 'right' },
    { title: 'MED', isExtra: true, cell: 'med', align: 'right' },
    { title: 'WEIGHT', isExtra: true, cell: ({ weight }) => (weight === 0 ? '' : String(weight)), align: 'right' },
    { title: 'ORIGIN', isExtra: true, cell: 'origin', role: 'dim' },
    { title: 'AGE', isExtra: true, cell: ({ ageSeconds }) => ageText(ageSeconds), align: 'right', role: 'dim' },
    { title: 'COMMUNITIES', isExtra: true, cell: ({ communities }) => communities.join(' '), role: 'dim' },
  ],
  question: ({ node, prefix }) => ({ kind: 'route', node, prefix }),
  target: ({ node }) => ({ node }),
  nothing: 'the BGP table is empty',
})
