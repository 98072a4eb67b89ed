/* What each key does. */
import { LOOK_AHEAD_NS } from '../inspect/time-machine.ts'
import { actMenu } from './act-menu.ts'
import { COMMANDS } from './commands.ts'
import { explainRow, showDetails, tellOscillation } from './explain.ts'
import { goToInstant } from './go-to.ts'
import { helpLines } from './help.ts'
import type { Inspector } from './inspector.ts'
import type { ActionName } from './keymap.ts'
import { journeyHops } from './lists.ts'
import { followPacket, togglePackets } from './packets.ts'
import { openPrompt, type PromptKind } from './prompt.ts'
import { bottomCursor, bottomList, bottomRows, mainRows, overlayLines } from './screen-of.ts'
import type { BottomKind, MenuItem, Overlay } from './screen-state.ts'
import { scrollTo } from './table-layout.ts'
import { ZOOMS } from './time-bar.ts'
import { tierRows } from './topology/draw-topology.ts'
import { rowKey, type View } from './view.ts'
import { DIGITS, TOPOLOGY, VIEWS } from './views/table.ts'

type Action = (inspector: Inspector, key: string) => Promise<void> | undefined

/** By name, as in the keymap. */
export const ACTIONS: Readonly<Record<ActionName, Action>> = {
  down: inspector => move(inspector, 1),
  up: inspector => move(inspector, -1),
  first: inspector => move(inspector, Number.NEGATIVE_INFINITY),
  last: inspector => move(inspector, Number.POSITIVE_INFINITY),
  pageDown: inspector => move(inspector, pageOf(inspector)),
  pageUp: inspector => move(inspector, -pageOf(inspector)),
  left: inspector => shift(inspector, -1),
  right: inspector => shift(inspector, 1),
  otherPane: inspector => {
    if (inspector.state.bottom === undefined) return inspector.say('e, c or p opens a second pane', 'dim')
    inspector.set({ focus: inspector.state.focus === 'main' ? 'bottom' : 'main' })
  },
  back: goBack,
  why: confirm,
  details: inspector => showDetails(inspector),
  open: openNode,
  previousNode: inspector => changeNode(inspector, -1),
  nextNode: inspector => changeNode(inspector, 1),
  showView: (inspector, key) => inspector.show(DIGITS[key]!),
  chooseView: inspector => inspector.set({ overlay: viewMenu(inspector), focus: 'main' }),
  command: ask('command'),
  filter: inspector => ask('filter', inspector.place.filter)(inspector),
  sort: inspector => {
    if (inspector.view === undefined) return inspector.say('there are no rows to order here', 'dim')
    inspector.set({ overlay: sortMenu(inspector, inspector.view), focus: 'main' })
  },
  help: showHelp,
  quit,
  playOrPause: inspector => {
    if (inspector.pace.isPlaying) inspector.pace.pause()
    else if (!inspector.isBusy) inspector.pace.play()
    inspector.changed()
  },
  stepEvent: async inspector => {
    await inspector.operate('one event', () => inspector.machine.stepEvent())
  },
  stepToChange,
  settle: async inspector => {
    const stop = await inspector.operate('settling', limits => inspector.machine.settle(limits))
    if (stop === 'oscillates') tellOscillation(inspector)
  },
  jump: ask('jump'),
  previousMark: inspector => goToMark(inspector, -1),
  nextMark: inspector => goToMark(inspector, 1),
  faster: inspector => changeSpeed(inspector, 1),
  slower: inspector => changeSpeed(inspector, -1),
  zoom: inspector => inspector.set({ zoomNs: ZOOMS[(ZOOMS.indexOf(inspector.state.zoomNs) + 1) % ZOOMS.length] }),
  events: inspector => toggleBottom(inspector, 'events'),
  console: inspector => toggleBottom(inspector, 'console'),
  capture: togglePackets,
  captureFilter: inspector => {
    if (inspector.capture === undefined) return inspector.say('p starts a capture first', 'warn')
    return ask('captureFilter', inspector.captureFilter)(inspector)
  },
  follow: followPacket,
  act: inspector => {
    const items = actMenu(inspector)
    if (items.length === 0) return inspector.say('nothing can be broken here', 'dim')
    inspector.set({ overlay: { kind: 'menu', title: 'Act', crumb: 'act', items, cursor: 0, top: 0 }, focus: 'main' })
  },
  apply: ask('apply'),
  shell: ask('shell'),
  save: ask('save', 'recorded.yaml'),
  redraw: inspector => inspector.changed(),
}

function ask(kind: PromptKind, initial = ''): (inspector: Inspector) => undefined {
  return inspector => inspector.set({ prompt: openPrompt(kind, initial) })
}

const hasBottomFocus = ({ state }: Inspector): boolean => state.focus === 'bottom' && state.bottom !== undefined

function pageOf(inspector: Inspector): number {
  return Math.max(1, (hasBottomFocus(inspector) ? bottomRows(inspector) : mainRows(inspector)) - 1)
}

/** Moves the cursor of the pane with the focus; text without a cursor scrolls. */
function move(inspector: Inspector, by: number): undefined {
  const { overlay } = inspector.state
  if (hasBottomFocus(inspector)) return moveBottom(inspector, by)
  if (overlay !== undefined) return moveOverlay(inspector, overlay, by)
  if (inspector.isTopology) return moveTier(inspector, by)
  const { rows } = inspector.table()
  const cursor = within(inspector.cursor() + by, rows.length)
  const row = rows[cursor]
  inspector.setPlace({
    cursor,
    cursorKey: row === undefined || inspector.view === undefined ? undefined : rowKey(inspector.view, row),
    top: scrollTo(cursor, inspector.place.top, mainRows(inspector), rows.length),
  })
}

function within(index: number, count: number): number {
  return Math.max(0, Math.min(index, count - 1))
}

function moveBottom(inspector: Inspector, by: number): undefined {
  const kind = inspector.state.bottom!
  const { count } = bottomList(inspector, kind)
  const cursor = within(bottomCursor(inspector, kind, count) + by, count)
  const { lists } = inspector.state
  const position = {
    cursor,
    top: scrollTo(cursor, lists[kind].top, bottomRows(inspector), count),
    isAtEnd: kind !== 'journey' && by > 0 && cursor >= count - 1,
  }
  inspector.set({ lists: { ...lists, [kind]: position } })
}

function moveOverlay(inspector: Inspector, overlay: Overlay, by: number): undefined {
  if (overlay.kind === 'text') {
    const count = overlayLines(inspector, overlay).length - mainRows(inspector) + 1
    return inspector.set({ overlay: { ...overlay, top: within(overlay.top + by, count) } })
  }
  const cursor = within(overlay.cursor + by, overlay.items.length)
  const top = scrollTo(cursor, overlay.top, mainRows(inspector), overlay.items.length)
  inspector.set({ overlay: { ...overlay, cursor, top } })
}

/** Up and down through the tiers, to the node that is at the same share of the width. */
function moveTier(inspector: Inspector, by: number): undefined {
  const tiers = tierRows(inspector.picture())
  const at = tiers.findIndex(tier => tier.some(({ name }) => name === inspector.selectedNode()))
  const tier = tiers[within(at + by, tiers.length)]
  const from = tiers[at]
  if (tier === undefined || from === undefined || tier === from) return
  const share = (from.findIndex(({ name }) => name === inspector.selectedNode()) + 0.5) / from.length
  selectNode(inspector, tier[Math.floor(share * tier.length)]?.name)
}

function selectNode(inspector: Inspector, name: string | undefined): undefined {
  const node = inspector.picture().nodes.find(one => one.name === name)
  if (node !== undefined) inspector.set({ selected: node.name, node: node.stateName })
}

function shift(inspector: Inspector, by: number): undefined {
  if (inspector.isTopology && inspector.state.overlay === undefined && !hasBottomFocus(inspector)) {
    const tier = tierRows(inspector.picture()).find(row => row.some(({ name }) => name === inspector.selectedNode()))
    const at = tier?.findIndex(({ name }) => name === inspector.selectedNode()) ?? -1
    return selectNode(inspector, tier?.[within(at + by, tier.length)]?.name)
  }
  const count = inspector.view?.columns.length ?? 1
  inspector.setPlace({ shift: Math.max(0, Math.min(count - 2, inspector.place.shift + by)) })
}

/** Closes what is open, else clears the filter, else goes back to the view before. */
function goBack(inspector: Inspector): undefined {
  const { state, place, pace } = inspector
  if (inspector.interrupt()) return inspector.say('interrupted', 'warn')
  if (pace.isPlaying) {
    pace.pause()
    return inspector.changed()
  }
  if (state.overlay !== undefined) return inspector.set({ overlay: undefined })
  if (state.bottom !== undefined && state.focus === 'bottom') return closeBottom(inspector)
  if (place.filter !== '') return inspector.setPlace({ filter: '' })
  if (state.bottom !== undefined) return closeBottom(inspector)
  if (state.trail.length > 1) inspector.set({ trail: state.trail.slice(0, -1) })
}

function closeBottom(inspector: Inspector): undefined {
  if (inspector.state.bottom === 'packets') {
    inspector.capture?.close()
    inspector.capture = undefined
  }
  // a followed packet lies over the packets that it was picked from
  const under = inspector.state.bottom === 'journey' && inspector.capture !== undefined
  inspector.set(
    under ? { bottom: 'packets', journey: undefined } : { bottom: undefined, focus: 'main', journey: undefined },
  )
}

function quit(inspector: Inspector, key: string): undefined {
  const { state } = inspector
  if (key === 'ctrl-c') {
    if (!inspector.interrupt()) inspector.options.leave()
    return
  }
  if (state.overlay !== undefined || state.bottom !== undefined) return goBack(inspector)
  inspector.options.leave()
}

/** Enter: an item of a menu, a mark, a packet, a hop, a node's rows, or why a row is as it is. */
async function confirm(inspector: Inspector): Promise<void> {
  const { overlay, bottom } = inspector.state
  if (hasBottomFocus(inspector)) return confirmBottom(inspector, bottom!)
  if (overlay?.kind === 'text') return inspector.set({ overlay: undefined })
  if (overlay !== undefined) {
    inspector.set({ overlay: undefined })
    return overlay.items[overlay.cursor]?.run()
  }
  if (inspector.isTopology || inspector.view?.name === 'nodes') return openNode(inspector)
  return explainRow(inspector)
}

async function confirmBottom(inspector: Inspector, kind: BottomKind): Promise<void> {
  const { machine, state } = inspector
  const cursor = bottomCursor(inspector, kind, bottomList(inspector, kind).count)
  if (kind === 'packets') return followPacket(inspector)
  if (kind === 'events') return goToInstant(inspector, machine.marks[cursor]?.atNs)
  if (kind === 'journey' && state.journey !== undefined) {
    const hop = journeyHops(state.journey)[cursor]?.hop
    const node = hop === undefined ? undefined : machine.lab.node(hop.node)
    if (node !== undefined) inspector.show('routes', hop!.node)
  }
}

function openNode(inspector: Inspector): undefined {
  const { node } = inspector.target()
  if (node === undefined) return inspector.say('this row stands for no node', 'dim')
  inspector.show('routes', node)
}

function changeNode(inspector: Inspector, by: number): undefined {
  const rows = VIEWS[0]!.rows(inspector.machine.lab, undefined).map(row => String(row.node))
  const at = rows.indexOf(inspector.state.node ?? inspector.labNode?.name ?? '')
  const node = rows[(at + by + rows.length) % rows.length]
  if (node !== undefined) inspector.set({ node })
}

function viewMenu(inspector: Inspector): Overlay {
  const items = [...VIEWS, TOPOLOGY].map(({ name, description }): MenuItem => {
    const digit = Object.keys(DIGITS).find(one => DIGITS[one] === name) ?? ' '
    return { text: `${digit} :${name.padEnd(14)}`, note: description, run: () => inspector.show(name) }
  })
  return { kind: 'menu', title: 'Views', crumb: 'views', items, cursor: 0, top: 0 }
}

function sortMenu(inspector: Inspector, { columns }: View): Overlay {
  const { symbols } = inspector.options
  const { sort } = inspector.place
  const items = columns
    .filter(({ title }) => title !== '')
    .map(({ title }): MenuItem => {
      const isChosen = title === sort?.column
      const isDescending = isChosen && !sort.isDescending
      return {
        text: title,
        ...(isChosen ? { note: sort.isDescending ? symbols.down : symbols.up } : {}),
        run: () => inspector.setPlace({ sort: { column: title, isDescending } }),
      }
    })
  const asPrinted = { text: 'as the command prints them', run: () => inspector.setPlace({ sort: undefined }) }
  const cursor = Math.max(
    0,
    items.findIndex(({ text }) => text === sort?.column),
  )
  return { kind: 'menu', title: 'Order by', crumb: 'order', items: [...items, asPrinted], cursor, top: 0 }
}

function showHelp(inspector: Inspector): undefined {
  const digitOf = (name: string): string => Object.keys(DIGITS).find(one => DIGITS[one] === name) ?? ''
  const views = [...VIEWS, TOPOLOGY].map(view => ({ ...view, digit: digitOf(view.name) }))
  const lines = helpLines(views, COMMANDS)
  inspector.set({ overlay: { kind: 'text', title: 'Help', crumb: 'help', render: () => lines, top: 0 }, focus: 'main' })
}

function toggleBottom(inspector: Inspector, kind: BottomKind): undefined {
  if (inspector.state.bottom === kind) return inspector.set({ bottom: undefined, focus: 'main' })
  inspector.set({ bottom: kind, focus: 'bottom' })
}

async function stepToChange(inspector: Inspector): Promise<void> {
  const { machine } = inspector
  const stop = await inspector.operate('to the next change', limits => machine.stepToChange(undefined, limits))
  const mark = machine.marks.findLast(({ atNs }) => atNs <= machine.nowNs)
  if (stop === 'changed' && mark !== undefined) inspector.say(`${mark.kind} ${mark.node}: ${mark.text}`, 'good')
  else if (stop === 'unchanged')
    inspector.say(`nothing changes within ${LOOK_AHEAD_NS / 60e9} minutes; t lets time pass`, 'dim')
  else if (stop === 'quiet') inspector.say('nothing more will happen in the lab', 'dim')
}

async function goToMark(inspector: Inspector, by: 1 | -1): Promise<void> {
  const { marks, nowNs } = inspector.machine
  const mark = by === 1 ? marks.find(({ atNs }) => atNs > nowNs) : marks.findLast(({ atNs }) => atNs < nowNs)
  if (mark === undefined)
    return inspector.say(by === 1 ? 'no mark ahead; n runs to the next change' : 'no mark before', 'dim')
  await goToInstant(inspector, mark.atNs)
  inspector.say(`${mark.kind} ${mark.node}: ${mark.text}`, 'plain')
}

function changeSpeed(inspector: Inspector, by: 1 | -1): undefined {
  inspector.pace.change(by)
  inspector.changed()
}
