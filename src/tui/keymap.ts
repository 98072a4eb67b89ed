/** What a key asks for. `actions.ts` says how it is done. */
export type ActionName =
  | 'down'
  | 'up'
  | 'first'
  | 'last'
  | 'pageDown'
  | 'pageUp'
  | 'left'
  | 'right'
  | 'otherPane'
  | 'back'
  | 'why'
  | 'details'
  | 'open'
  | 'previousNode'
  | 'nextNode'
  | 'showView'
  | 'chooseView'
  | 'command'
  | 'filter'
  | 'sort'
  | 'help'
  | 'quit'
  | 'playOrPause'
  | 'stepEvent'
  | 'stepToChange'
  | 'settle'
  | 'jump'
  | 'previousMark'
  | 'nextMark'
  | 'faster'
  | 'slower'
  | 'zoom'
  | 'events'
  | 'console'
  | 'capture'
  | 'captureFilter'
  | 'follow'
  | 'act'
  | 'apply'
  | 'shell'
  | 'save'
  | 'redraw'

/** One line of the help. */
export interface Binding {
  /** Key names as key.ts has them. */
  readonly keys: readonly string[]
  readonly action: ActionName
  readonly group: (typeof GROUPS)[number]
  readonly help: string
  /** In the last line of the screen, where there is room. Lower comes first. */
  readonly hint?: { readonly text: string; readonly rank: number }
}

/** Headings of the help, in order. */
export const GROUPS = ['Move', 'Look', 'Time', 'Packets', 'Act', 'Leave'] as const

/** Every key of the program outside of a prompt. */
export const KEYMAP: readonly Binding[] = [
  { keys: ['j', 'down'], action: 'down', group: 'Move', help: 'next row' },
  { keys: ['k', 'up'], action: 'up', group: 'Move', help: 'previous row' },
  { keys: ['g', 'home'], action: 'first', group: 'Move', help: 'first row' },
  { keys: ['G', 'end'], action: 'last', group: 'Move', help: 'last row' },
  { keys: ['pagedown', 'ctrl-d'], action: 'pageDown', group: 'Move', help: 'a page down' },
  { keys: ['pageup', 'ctrl-u'], action: 'pageUp', group: 'Move', help: 'a page up' },
  { keys: ['h', 'left'], action: 'left', group: 'Move', help: 'columns to the left; the node to the left' },
  { keys: ['l', 'right'], action: 'right', group: 'Move', help: 'columns to the right; the node to the right' },
  { keys: ['tab', 'shift-tab'], action: 'otherPane', group: 'Move', help: 'the other pane' },
  { keys: ['['], action: 'previousNode', group: 'Move', help: 'same view of the previous node' },
  { keys: [']'], action: 'nextNode', group: 'Move', help: 'same view of the next node' },

  {
    keys: ['1', '2', '3', '4', '5', '6', '7', '8', '9', '0'],
    action: 'showView',
    group: 'Look',
    help: 'a view by its number',
  },
  { keys: ['v'], action: 'chooseView', group: 'Look', help: 'choose a view', hint: { text: 'views', rank: 3 } },
  {
    keys: [':'],
    action: 'command',
    group: 'Look',
    help: 'a view or a command by name',
    hint: { text: 'command', rank: 2 },
  },
  {
    keys: ['/'],
    action: 'filter',
    group: 'Look',
    help: 'filter the rows: words, !word',
    hint: { text: 'filter', rank: 4 },
  },
  { keys: ['O'], action: 'sort', group: 'Look', help: 'order the rows by a column; once more: the other way' },
  {
    keys: ['enter'],
    action: 'why',
    group: 'Look',
    help: 'why is this row as it is; of a node: its routes',
    hint: { text: 'why', rank: 5 },
  },
  { keys: ['d'], action: 'details', group: 'Look', help: 'every column of the row' },
  { keys: ['o'], action: 'open', group: 'Look', help: "the row's node: its routes" },
  { keys: ['e'], action: 'events', group: 'Look', help: 'what has happened: Enter goes to that time' },
  { keys: ['c'], action: 'console', group: 'Look', help: 'what commands have printed' },

  { keys: ['space'], action: 'playOrPause', group: 'Time', help: 'play, pause', hint: { text: 'play', rank: 6 } },
  { keys: ['s'], action: 'stepEvent', group: 'Time', help: 'one event' },
  {
    keys: ['n'],
    action: 'stepToChange',
    group: 'Time',
    help: 'to the next change of routing, ARP, lease or session',
    hint: { text: 'next change', rank: 7 },
  },
  { keys: ['u'], action: 'settle', group: 'Time', help: 'until nothing is left to do' },
  {
    keys: ['t'],
    action: 'jump',
    group: 'Time',
    help: 'go to a time, back too: 12s, +500ms, -1s',
    hint: { text: 'time', rank: 9 },
  },
  { keys: ['<', ','], action: 'previousMark', group: 'Time', help: 'back to the mark before' },
  { keys: ['>', '.'], action: 'nextMark', group: 'Time', help: 'on to the mark after' },
  { keys: ['+', '='], action: 'faster', group: 'Time', help: 'faster' },
  { keys: ['-'], action: 'slower', group: 'Time', help: 'slower' },
  { keys: ['z'], action: 'zoom', group: 'Time', help: 'zoom the time bar: all, 60s, 10s, 1s, 100ms' },

  {
    keys: ['p'],
    action: 'capture',
    group: 'Packets',
    help: "tcpdump on the row's node or interface; the capture again; close it",
    hint: { text: 'packets', rank: 10 },
  },
  { keys: ['F'], action: 'captureFilter', group: 'Packets', help: 'filter of the capture, as tcpdump takes it' },
  { keys: ['f'], action: 'follow', group: 'Packets', help: 'follow the packet hop by hop (Enter too)' },

  {
    keys: ['x'],
    action: 'act',
    group: 'Act',
    help: 'break or mend what the row stands for',
    hint: { text: 'act', rank: 8 },
  },
  { keys: ['a'], action: 'apply', group: 'Act', help: 'apply a manifest file' },
  {
    keys: ['!'],
    action: 'shell',
    group: 'Act',
    help: 'run a command on the chosen node',
    hint: { text: 'run', rank: 11 },
  },
  { keys: ['S'], action: 'save', group: 'Act', help: 'save what was done as a scenario' },

  { keys: ['escape'], action: 'back', group: 'Leave', help: 'close, clear the filter, back to where you were' },
  { keys: ['?'], action: 'help', group: 'Leave', help: 'this help', hint: { text: 'help', rank: 1 } },
  { keys: ['ctrl-l'], action: 'redraw', group: 'Leave', help: 'draw the screen anew' },
  {
    keys: ['q', 'ctrl-c'],
    action: 'quit',
    group: 'Leave',
    help: 'close; leave the program',
    hint: { text: 'quit', rank: 12 },
  },
]

const BY_KEY: ReadonlyMap<string, ActionName> = new Map(
  KEYMAP.flatMap(({ keys, action }) => keys.map(key => [key, action])),
)

/** What the key asks for; undefined when nothing. */
export function actionOf(key: string): ActionName | undefined {
  return BY_KEY.get(key)
}
