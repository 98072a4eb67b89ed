/* What the second pane shows, as lines that are made when they are seen. */
import type { LiveCapture } from '../inspect/live-capture.ts'
import type { Mark } from '../inspect/mark.ts'
import type { Hop, Journey } from '../inspect/packet-follower.ts'
import type { TimeMachine } from '../inspect/time-machine.ts'
import { fitText, printableText } from './display-width.ts'
import { EMPTY_LINE, type Line, line, span } from './line.ts'
import { type LineList, preciseTime } from './screen.ts'
import type { Symbols } from './theme.ts'
import { MARK_LOOKS } from './time-bar.ts'

const NODE_WIDTH = 14

/** What has happened, and, after going back, what is still to come. */
export function eventList(marks: readonly Mark[], nowNs: number, symbols: Symbols): LineList {
  return {
    count: marks.length,
    lineAt: index => {
      const { atNs, kind, node, text } = marks[index]!
      const look = MARK_LOOKS.find(one => one.kind === kind)
      const isAhead = atNs > nowNs
      return line(
        span(preciseTime(atNs).padStart(14), isAhead ? 'dim' : 'bold'),
        '  ',
        span(fitText(kind, 8, 'left', symbols.ellipsis), isAhead ? 'dim' : look?.role),
        span(fitText(node, NODE_WIDTH, 'left', symbols.ellipsis), isAhead ? 'dim' : 'accent'),
        ' ',
        span(printableText(text), isAhead ? 'dim' : 'plain'),
      )
    },
  }
}

/** What building the lab printed, what the scenario told, what was typed and what it printed. */
export function consoleLines(
  { setup, scenarioEvents, commands }: Pick<TimeMachine, 'setup' | 'scenarioEvents' | 'commands'>,
  symbols: Symbols,
): readonly Line[] {
  return [
    ...textLines(setup.stdout, 'dim'),
    ...textLines(setup.stderr, 'dim'),
    ...scenarioEvents.flatMap(event => scenarioLines(event, symbols)),
    ...commands.flatMap(({ node, text, stdout, stderr, exitCode }) => [
      line(span(`${node ?? 'machine'}$ `, 'key'), span(printableText(text), 'bold')),
      ...textLines(stdout, 'plain'),
      ...textLines(stderr, 'bad'),
      ...(exitCode === undefined ? [line(span('(running)', 'warn'))] : []),
      ...(exitCode === undefined || exitCode === 0 ? [] : [line(span(`(exit status ${exitCode})`, 'bad'))]),
    ]),
  ]
}

function scenarioLines(event: TimeMachine['scenarioEvents'][number], symbols: Symbols): readonly Line[] {
  if (event.kind === 'command')
    return [
      ...event.text
        .trim()
        .split('\n')
        .map(text => line(span('scenario$ ', 'key'), span(printableText(text), 'bold'))),
      ...textLines(event.stdout, 'plain'),
      ...textLines(event.stderr, 'bad'),
    ]
  if (event.kind === 'note') return [line(span(printableText(event.text), 'accent'))]
  if (event.kind === 'mistake') return [line(span(printableText(event.diagnostic.message), 'bad'))]
  if (event.kind !== 'check') return []
  const { holds, expected, seen } = event.outcome
  const mark = holds ? span(`${symbols.good} `, 'good') : span(`${symbols.bad} `, 'bad')
  return [line(mark, printableText(expected)), ...(holds ? [] : seen.flatMap(text => textLines(`  ${text}`, 'bad')))]
}

function textLines(text: string, role: 'plain' | 'dim' | 'bad'): readonly Line[] {
  if (text === '') return []
  const rows = text.replace(/\n$/, '').split('\n')
  return rows.map(row => (row === '' ? EMPTY_LINE : line(span(printableText(row), role))))
}

/** What tcpdump prints, line by line. */
export function packetList(capture: LiveCapture | undefined): LineList {
  const lines = capture?.lines ?? []
  return {
    count: lines.length,
    lineAt: index => {
      const { text, handle } = lines[index]!
      const [time, rest] = splitTime(printableText(text))
      const isIn = handle.direction === 'in'
      // with `any` tcpdump itself says device and direction
      const way = capture?.options.interface === 'any' ? '' : isIn ? 'In  ' : 'Out '
      return line(span(time, 'dim'), ' ', span(way, isIn ? 'good' : 'accent'), span(rest, isIn ? 'plain' : 'bold'))
    },
  }
}

const TIME_LENGTH = '00:00:00.000000'.length

function splitTime(text: string): readonly [time: string, rest: string] {
  return [text.slice(0, TIME_LENGTH), text.slice(TIME_LENGTH + 1)]
}

/** One passage of a packet as the list has it. */
export interface ListedHop {
  readonly way: 'there' | 'back'
  readonly index: number
  readonly hop: Hop
}

/** The node, or the bridge of the topology where that is on the machine. */
export function placeOfHop({ node, bridge }: Hop): string {
  return bridge ?? node
}

/** Every hop: there, then back. */
export function journeyHops({ there, back }: Journey): readonly ListedHop[] {
  return [
    ...there.map((hop, index) => ({ way: 'there' as const, index, hop })),
    ...back.map((hop, index) => ({ way: 'back' as const, index, hop })),
  ]
}

/** The hops, what changed at each, and where it ended. */
export function journeyList(journey: Journey, symbols: Symbols): LineList {
  const hops = journeyHops(journey)
  return {
    count: hops.length,
    lineAt: index => {
      const { way, index: at, hop } = hops[index]!
      const isAsked = journey.at.way === way && journey.at.index === at
      const place = placeOfHop(hop)
      const where = hop.interface === '' ? place : `${place} ${hop.interface}`
      return line(
        span(way === 'there' ? symbols.arrow : symbols.hidden, way === 'there' ? 'key' : 'warn'),
        span(preciseTime(hop.atNs).padStart(14), 'dim'),
        ' ',
        span(fitText(where, 24, 'left', symbols.ellipsis), isAsked ? 'title' : 'bold'),
        span(hop.direction === 'in' ? ' in  ' : ' out ', hop.direction === 'in' ? 'good' : 'accent'),
        ...(hop.dropped === undefined ? [] : [span(`dropped: ${hop.dropped}  `, 'bad')]),
        ...hop.changes.map(change => span(`[${change}] `, 'warn')),
        span(printableText(hop.text), 'plain'),
      )
    },
  }
}
