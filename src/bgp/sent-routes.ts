import type { ExportedRoute } from './export.ts'
import { isSameList } from './same-list.ts'

/** Routes of one page. */
const PAGE_BITS = 6
const PAGE_MASK = (1 << PAGE_BITS) - 1

/** Slots by the low bits of the number; never changed once it is committed. */
type Page = (ExportedRoute | undefined)[]

/** Contents of a table between two series of changes: who has the same object has been told the same. */
export interface SentState {
  readonly pages: readonly (Page | undefined)[]
}

const NOTHING_SENT: SentState = { pages: [] }

interface Draft {
  readonly pages: (Page | undefined)[]
  readonly open: Map<number, Page>
}

/** The newest page of each range of numbers that any peer of an update group has. */
export class SharedPages {
  readonly #pages: (Page | undefined)[] = []

  /** The page to keep: the shared one where it says the same. */
  share(index: number, page: Page): Page {
    const shared = this.#pages[index]
    if (shared !== undefined && isSameList(shared, page)) return shared
    this.#pages[index] = page
    return page
  }
}

/**
 * What a peer has been told (Adj-RIB-Out), by number of the prefix. The peers of an update group are told the same, each in
 * its own time: the table is cut into pages, and who has the same page as another has it in common with it. So a group has
 * one table, and a peer that lags behind, or was withdrawn something, its own copies of the pages in question.
 */
export class SentRoutes {
  #shared: SharedPages | undefined
  /** What others may have too, or undefined while this table is being changed. */
  #state: SentState | undefined = NOTHING_SENT
  #pages: readonly (Page | undefined)[] = NOTHING_SENT.pages
  /** Own ones, being written. */
  #drafts: Draft | undefined

  /** With whom it has pages in common from now on. */
  shareWith(pages: SharedPages): void {
    this.#shared = pages
  }

  get(number: number): ExportedRoute | undefined {
    return this.#pages[number >> PAGE_BITS]?.[number & PAGE_MASK]
  }

  get state(): SentState {
    this.commit()
    this.#state ??= { pages: this.#pages }
    return this.#state
  }

  /** Is from now on as another one is, or was. */
  adopt(state: SentState): void {
    this.#drafts = undefined
    this.#state = state
    this.#pages = state.pages
  }

  clear(): void {
    this.adopt(NOTHING_SENT)
  }

  /** Costs a copy of the page for the first change to it; `commit` ends a series of changes. */
  set(number: number, route: ExportedRoute | undefined): void {
    const { pages, open } = this.#draft()
    const index = number >> PAGE_BITS
    let page = open.get(index)
    if (page === undefined) {
      page = pages[index]?.slice() ?? new Array<undefined>(PAGE_MASK + 1).fill(undefined)
      // gaps are filled: an array with far ones would turn into a dictionary
      while (pages.length < index) pages.push(undefined)
      pages[index] = page
      open.set(index, page)
    }
    page[number & PAGE_MASK] = route
  }

  commit(): void {
    if (this.#drafts === undefined) return
    const { pages, open } = this.#drafts
    if (this.#shared !== undefined) for (const [index, page] of open) pages[index] = this.#shared.share(index, page)
    this.#drafts = undefined
  }

  #draft(): Draft {
    if (this.#drafts === undefined) {
      const pages = this.#pages.slice()
      this.#drafts = { pages, open: new Map() }
      this.#pages = pages
      this.#state = undefined
    }
    return this.#drafts
  }

  forEach(visit: (route: ExportedRoute, number: number) => void): void {
    for (const [index, page] of this.#pages.entries()) {
      page?.forEach((route, slot) => {
        if (route !== undefined) visit(route, (index << PAGE_BITS) + slot)
      })
    }
  }
}
