import type { Journey } from '../inspect/packet-follower.ts'
import type { Line, Role } from './line.ts'
import type { Prompt } from './prompt.ts'
import type { SortOrder } from './sort-table.ts'

/** A view as one left it: its breadcrumb. */
export interface Place {
  readonly view: string
  readonly filter: string
  /** Undefined: as the emulated command has them. */
  readonly sort: SortOrder | undefined
  /** Row with the cursor, by what tells it apart and by its position, should it be gone. */
  readonly cursorKey: string | undefined
  readonly cursor: number
  readonly top: number
  /** Columns scrolled away. */
  readonly shift: number
}

/** A pane below the main one. */
export type BottomKind = 'events' | 'console' | 'packets' | 'journey'

interface ListPosition {
  readonly cursor: number
  readonly top: number
  /** The cursor stays on the last line while lines come. */
  readonly isAtEnd: boolean
}

export interface MenuItem {
  readonly text: string
  readonly note?: string
  readonly run: () => Promise<void> | void
}

/** What covers the main pane. */
export type Overlay =
  | {
      readonly kind: 'text'
      readonly title: string
      /** Last breadcrumb. */
      readonly crumb: string
      /** Its lines for a width. */
      readonly render: (width: number) => readonly Line[]
      readonly top: number
    }
  | {
      readonly kind: 'menu'
      readonly title: string
      readonly crumb: string
      readonly items: readonly MenuItem[]
      readonly cursor: number
      readonly top: number
    }

/** Everything on the screen that is not the lab's. */
export interface ScreenState {
  /** Where one came from, the last is shown. Never empty. */
  readonly trail: readonly Place[]
  /** Name in the state tables of the node whose rows are shown; undefined until the lab has one. */
  readonly node: string | undefined
  /** Node with the cursor in the topology, by its name there. */
  readonly selected: string | undefined
  readonly focus: 'main' | 'bottom'
  readonly bottom: BottomKind | undefined
  readonly lists: Readonly<Record<BottomKind, ListPosition>>
  readonly overlay: Overlay | undefined
  readonly prompt: Prompt | undefined
  readonly message: { readonly text: string; readonly role: Role } | undefined
  readonly journey: Journey | undefined
  /** How much of the run the time bar shows; undefined: all. */
  readonly zoomNs: number | undefined
  /** What takes long just now; undefined: nothing. */
  readonly busy: string | undefined
}

const AT_END: ListPosition = { cursor: 0, top: 0, isAtEnd: true }

export function newPlace(view: string): Place {
  return { view, filter: '', sort: undefined, cursorKey: undefined, cursor: 0, top: 0, shift: 0 }
}

export function newScreenState(view: string): ScreenState {
  return {
    trail: [newPlace(view)],
    node: undefined,
    selected: undefined,
    focus: 'main',
    bottom: undefined,
    lists: { events: AT_END, console: AT_END, packets: AT_END, journey: { ...AT_END, isAtEnd: false } },
    overlay: undefined,
    prompt: undefined,
    message: undefined,
    journey: undefined,
    zoomNs: undefined,
    busy: undefined,
  }
}
