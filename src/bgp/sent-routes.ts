import type { ExportedRoute } from './export.ts'

/** Routes of one page. */
const PAGE_BITS = 6
const PAGE_MASK = (1 << PAGE_BITS) - 1

/** Slots by the low bits of the number; never changed once it is committed. */
type Page = (ExportedRoute | undefined)[]

/** The newest page of each range of numbers that any peer of an update group has. */
export class SharedPages {
  readonly #pages: (Page | undefined)[] = []

  /** The page to keep: the shared one where it says the same. */
  share(index: number, page: Page): Page {
    const shared = this.#pages[index]
    if (shared !== undefined && isSamePage(shared, page)) return shared
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
  #pages: (Page | undefined)[] = []
  /** Pages of this peer's own, being written: their places. */
  #open = new Set<number>()

  /** With whom it has pages in common from now on. */
  shareWith(pages: SharedPages): void {
    this.#shared = pages
  }

  get(number: number): ExportedRoute | undefined {
    return this.#pages[number >> PAGE_BITS]?.[number & PAGE_MASK]
  }

  /** Costs a copy of the page for the first change to it; `commit` ends a series of changes. */
  set(number: number, route: ExportedRoute | undefined): void {
    const index = number >> PAGE_BITS
    let page = this.#pages[index]
    if (page === undefined || !this.#open.has(index)) {
      page = page === undefined ? new Array<undefined>(PAGE_MASK + 1).fill(undefined) : page.slice()
      // in between holes are filled: an array with far gaps would turn into a dictionary
      while (this.#pages.length < index) this.#pages.push(undefined)
      this.#pages[index] = page
      this.#open.add(index)
    }
    page[number & PAGE_MASK] = route
  }

  commit(): void {
    if (this.#shared !== undefined) {
      for (const index of this.#open) this.#pages[index] = this.#shared.share(index, this.#pages[index]!)
    }
    this.#open.clear()
  }

  clear(): void {
    this.#pages = []
    this.#open.clear()
  }

  forEach(visit: (route: ExportedRoute, number: number) => void): void {
    for (const [index, page] of this.#pages.entries()) {
      page?.forEach((route, slot) => {
        if (route !== undefined) visit(route, (index << PAGE_BITS) + slot)
      })
    }
  }
}

function isSamePage(a: Page, b: Page): boolean {
  for (let slot = 0; slot < a.length; slot += 1) if (a[slot] !== b[slot]) return false
  return true
}
