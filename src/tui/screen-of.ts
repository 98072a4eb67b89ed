/* The program's state and the lab → the plain data that a screen is drawn from. */
import { BOX_BORDER } from './box.ts'
import type { Inspector } from './inspector.ts'
import { type Line, line, span } from './line.ts'
import { consoleLines, eventList, journeyHops, journeyList, packetList, placeOfHop } from './lists.ts'
import { promptText } from './prompt.ts'
import { PROMPTS } from './prompts.ts'
import {
  type BottomPane,
  type Clock,
  type LineList,
  type MainPane,
  type PromptLine,
  paneRows,
  rowsInside,
  type Screen,
} from './screen.ts'
import type { BottomKind, Overlay } from './screen-state.ts'
import { hiddenColumns, scrollTo } from './table-layout.ts'
import { barSpan } from './time-bar.ts'
import type { DrawnPath } from './topology/draw-topology.ts'
import { TOPOLOGY } from './views/table.ts'

export function screenOf(inspector: Inspector): Screen {
  const { columns, rows, state, options } = inspector
  return {
    columns,
    rows,
    symbols: options.symbols,
    hasUnicode: options.hasUnicode,
    crumbs: crumbsOf(inspector),
    clock: clockOf(inspector),
    main: mainOf(inspector),
    bottom: bottomOf(inspector),
    focus: state.bottom === undefined ? 'main' : state.focus,
    prompt: promptOf(inspector),
    message: state.message,
  }
}

function crumbsOf(inspector: Inspector): readonly string[] {
  const { view, state, options, isTopology, labNode } = inspector
  const node = view?.scope === 'node' ? [state.node ?? labNode?.name ?? 'no node'] : []
  const overlay = state.overlay === undefined ? [] : [state.overlay.crumb]
  return [options.labName, ...node, isTopology ? TOPOLOGY.name : (view?.name ?? ''), ...overlay]
}

function clockOf(inspector: Inspector): Clock {
  const { machine, pace, state } = inspector
  const { nowNs, endNs, isSettled, setup } = machine
  const told = setup.exitCode === undefined ? 'building' : isSettled ? 'settled' : 'at work'
  return {
    nowNs,
    ...barSpan(nowNs, Math.max(endNs, nowNs), state.zoomNs),
    marks: inspector.markIndex(),
    isPlaying: pace.isPlaying,
    speed: pace.speed,
    isBusy: state.busy !== undefined,
    state: state.busy ?? told,
  }
}

function promptOf(inspector: Inspector): PromptLine | undefined {
  const { prompt } = inspector.state
  if (prompt === undefined) return undefined
  const { label, candidates } = PROMPTS[prompt.kind]
  return { label: label(inspector), line: prompt.line, candidates: candidates(inspector, promptText(prompt)) }
}

/** Rows of the main pane that are seen, for scrolling by pages. */
export function mainRows(inspector: Inspector): number {
  const { rows, state } = inspector
  const kind = state.overlay === undefined ? 'table' : state.overlay.kind
  return rowsInside(kind, paneRows(rows, state.bottom !== undefined).main)
}

/** Rows of the second pane that are seen. */
export function bottomRows({ rows, state }: Inspector): number {
  return rowsInside('list', paneRows(rows, state.bottom !== undefined).bottom)
}

function mainOf(inspector: Inspector): MainPane {
  const { overlay } = inspector.state
  if (overlay !== undefined) return overlayPane(inspector, overlay)
  return inspector.isTopology ? topologyPane(inspector) : tablePane(inspector)
}

/** Text of an overlay in the width that it has. */
export function overlayLines({ columns }: Inspector, overlay: Overlay & { readonly kind: 'text' }): readonly Line[] {
  return overlay.render(columns - BOX_BORDER - 2)
}

function overlayPane(inspector: Inspector, overlay: Overlay): MainPane {
  const room = mainRows(inspector)
  if (overlay.kind === 'text') {
    const lines = overlayLines(inspector, overlay)
    const top = Math.max(0, Math.min(overlay.top, lines.length - room))
    return { kind: 'text', title: overlay.title, note: 'Esc closes', lines: fixed(lines), top }
  }
  const { title, items, cursor } = overlay
  const lines = items.map(({ text, note }) => line(text, span(note === undefined ? '' : `  ${note}`, 'dim')))
  return {
    kind: 'menu',
    title,
    note: 'Enter does it, Esc closes',
    lines: fixed(lines),
    cursor,
    top: scrollTo(cursor, overlay.top, room, lines.length),
  }
}

function topologyPane(inspector: Inspector): MainPane {
  const { journey, bottom } = inspector.state
  const picture = inspector.picture()
  const down = picture.links.filter(({ hasCarrier }) => !hasCarrier).length
  return {
    kind: 'topology',
    title: TOPOLOGY.title,
    note: `${picture.nodes.length} nodes, ${picture.links.length} links${down === 0 ? '' : `, ${down} down`}`,
    picture,
    selected: hopNode(inspector) ?? inspector.selectedNode(),
    paths: journey === undefined || bottom !== 'journey' ? [] : pathsOf(inspector),
  }
}

/** While a packet is followed the cursor is where the chosen hop is. */
function hopNode(inspector: Inspector): string | undefined {
  const { journey, bottom, lists } = inspector.state
  if (journey === undefined || bottom !== 'journey') return undefined
  const hop = journeyHops(journey)[lists.journey.cursor]?.hop
  const place = hop === undefined ? undefined : placeOfHop(hop)
  return inspector.picture().nodes.find(({ name, stateName }) => name === place || stateName === place)?.name
}

function pathsOf({ state }: Inspector): readonly DrawnPath[] {
  const { journey } = state
  if (journey === undefined) return []
  return [
    { nodes: journey.there.map(placeOfHop), role: 'key' },
    { nodes: journey.back.map(placeOfHop), role: 'warn' },
  ]
}

function tablePane(inspector: Inspector): MainPane {
  const { view, place, labNode, state } = inspector
  const table = inspector.table()
  const cursor = inspector.cursor()
  const count = table.rows.length
  const of = view?.scope === 'node' ? ` of ${state.node ?? labNode?.name ?? 'no node'}` : ''
  const hidden = hiddenColumns(table, { width: inspector.columns - BOX_BORDER, shift: place.shift })
  const { sort } = place
  const arrow = sort?.isDescending === true ? inspector.options.symbols.down : inspector.options.symbols.up
  const notes = [
    ...(place.filter === '' ? [] : [`/${place.filter}`]),
    ...(sort === undefined ? [] : [`${sort.column} ${arrow}`]),
    ...(hidden > 0 && place.shift === 0 ? [`l: ${hidden} more columns`] : []),
    `${count === 0 ? 0 : cursor + 1} of ${count}`,
  ]
  const isEmptyByFilter = place.filter !== '' && count === 0
  return {
    kind: 'table',
    title: `${view?.title ?? ''}${of}`,
    note: notes.join('  '),
    table,
    cursor,
    top: scrollTo(cursor, place.top, mainRows(inspector), count),
    shift: place.shift,
    nothing: isEmptyByFilter ? 'no row has all that; Esc clears the filter' : (view?.nothing ?? ''),
  }
}

/** The list of the second pane. */
export function bottomList(inspector: Inspector, kind: BottomKind): LineList {
  const { machine, options, capture, state } = inspector
  if (kind === 'events') return eventList(machine.marks, machine.nowNs, options.symbols)
  if (kind === 'console') return fixed(consoleLines(machine, options.symbols))
  if (kind === 'packets') return packetList(capture)
  return state.journey === undefined ? fixed([]) : journeyList(state.journey, options.symbols)
}

/** Where the cursor of the second pane is: on the newest line while it follows. */
export function bottomCursor(inspector: Inspector, kind: BottomKind, count: number): number {
  const { cursor, isAtEnd } = inspector.state.lists[kind]
  if (!isAtEnd) return Math.max(0, Math.min(cursor, count - 1))
  if (kind !== 'events') return Math.max(0, count - 1)
  const { marks, nowNs } = inspector.machine
  return Math.max(
    0,
    marks.findLastIndex(({ atNs }) => atNs <= nowNs),
  )
}

function bottomOf(inspector: Inspector): BottomPane | undefined {
  const { bottom, lists } = inspector.state
  if (bottom === undefined) return undefined
  const lines = bottomList(inspector, bottom)
  const cursor = bottomCursor(inspector, bottom, lines.count)
  const { title, note, nothing } = BOTTOM_TEXTS[bottom](inspector)
  return {
    title,
    note,
    nothing,
    lines,
    cursor,
    top: scrollTo(cursor, lists[bottom].top, bottomRows(inspector), lines.count),
  }
}

interface PaneTexts {
  readonly title: string
  readonly note: string
  readonly nothing: string
}

const BOTTOM_TEXTS: Readonly<Record<BottomKind, (inspector: Inspector) => PaneTexts>> = {
  events: () => ({ title: 'What happened', note: 'Enter goes there', nothing: 'nothing has happened yet' }),
  console: () => ({ title: 'Console', note: '! runs a command', nothing: 'no command has run; ! asks for one' }),
  packets: ({ capture, captureFilter }) => {
    const { node, interface: device } = capture?.options ?? { node: '', interface: '' }
    return {
      title: `tcpdump -i ${device} on ${node}${captureFilter === '' ? '' : `: ${captureFilter}`}`,
      note: 'Enter follows, F filters',
      nothing: capture?.mistake ?? 'no packet yet; Space lets time pass',
    }
  },
  journey: ({ state }) => ({
    title: `The packet's way: ${state.journey?.end ?? ''}`,
    note: 'Esc closes',
    nothing: 'the packet was not found',
  }),
}

function fixed(lines: readonly Line[]): LineList {
  return { count: lines.length, lineAt: index => lines[index]! }
}
