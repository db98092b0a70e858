/**
 * One live query. It holds the first rows of its order: those of the window and some more, sorted, up to a *bound*. A row
 * beyond the bound is only counted. When so many rows have left that the window is no longer full, the view is filled
 * anew, which happens rarely enough to cost next to nothing on the average. Snapshots are immutable, so they serve as their
 * own sort keys: where a row stands is found by its snapshot *before* the change.
 */
import type { AnySnapshot } from '../schema/schema.js'
import { Signal, type Unsubscribe } from '../signal.js'
import { comparatorOf, predicateOf } from './match.js'
import type { Query, View } from './query.js'

/** What a view asks of the collection that it belongs to. */
export interface ViewContext {
  /** Rows among which are all that match. From now on the view must hear of every change. */
  rows(): Iterable<AnySnapshot>
  /**
   * In place of {@link ViewContext.rows}: calls `take` with each row that `accept` takes, to which it may show another object
   * that reads like the row. Answers false where it has no such way.
   */
  scan?(accept: (row: AnySnapshot) => boolean, take: (row: AnySnapshot) => void): boolean
  /** How many rows there are, about. */
  size(): number
  /** To be called before the view is read: changes may have been kept back until somebody asks. */
  settle(): void
  /** Somebody listens who did not, or no longer does. */
  watched(): void
}

/** A view as its collection sees it. */
export interface LiveView extends View<AnySnapshot> {
  /** How many listen. */
  readonly listeners: number
  stats(): ViewStats
  /** Folds in one change; answers whether there may be something to tell. `bulk`: many more are coming. */
  change(before: AnySnapshot | undefined, after: AnySnapshot | undefined, bulk: boolean): boolean
  /** Tells those who have not been told what they would read now. */
  tell(): void
  /** Forgets the rows; who asks next has the view filled. */
  drop(): void
}

/** What devtools show of a view. */
export interface ViewStats {
  readonly query: Query
  /** How many rows match; undefined as long as nobody has read the view. */
  readonly count: number | undefined
  /** How many rows the view holds, in and around its window. */
  readonly held: number
  readonly listeners: number
}

/** What happened to a window: nothing; a row has a new snapshot in its place; rows came, went or moved. */
const SAME = 0
const CONTENT = 1
const ORDER = 2

/** A view of a canonical query, which is not read before the view is. */
export function createView(query: Query, context: ViewContext): LiveView {
  const { offset, limit } = query
  const signal = new Signal()
  const end = limit === null ? Infinity : offset + limit
  const test = predicateOf(query)
  const compare = comparatorOf(query)
  /** Every matching row up to the bound, in order; undefined: to be filled. */
  let rows: AnySnapshot[] | undefined
  /** Undefined: all matching rows are held. */
  let bound: AnySnapshot | undefined
  /** How many rows to hold at least, after filling. */
  let keep = 0
  let count = 0
  let stale = ORDER
  /** Where the first row stands that was touched since the window was made. */
  let touched = 0
  let window: readonly AnySnapshot[] = Object.freeze([])
  let ids: readonly string[] = Object.freeze([])
  let idsStale = false

  const fill = (): AnySnapshot[] => {
    // Filling takes time in proportion to all rows, and is due again after about as many departures as there are spare
    // rows: so their number grows with the square root.
    keep = end + 16 + Math.ceil(2 * Math.sqrt(context.size()))
    bound = undefined
    count = 0
    const found: AnySnapshot[] = []
    const accept = (row: AnySnapshot): boolean => {
      if (!test(row)) return false
      count++
      return !bound || compare(row, bound) < 0
    }
    const take = (row: AnySnapshot): void => {
      found.push(row)
      if (found.length > 2 * keep) cut(found.sort(compare))
    }
    if (!context.scan?.(accept, take)) for (const row of context.rows()) if (accept(row)) take(row)
    return (rows = found.sort(compare))
  }

  const cut = (sorted: AnySnapshot[]): void => {
    sorted.length = keep
    bound = sorted[keep - 1]
  }

  const drop = (): true => {
    rows = undefined
    stale = ORDER
    touched = 0
    return true
  }

  const getWindow = (): readonly AnySnapshot[] => {
    context.settle()
    const all = rows ?? fill()
    if (stale) {
      const next = all.slice(offset, end)
      if (!sameElements(next, window, Math.max(touched - offset, 0))) {
        window = Object.freeze(next)
        idsStale ||= stale === ORDER
      }
      stale = SAME
      touched = Infinity
    }
    return window
  }

  const getIds = (): readonly string[] => {
    context.settle()
    // A new snapshot in its place leaves the ids as they are, and the window need not be made for them.
    if (stale !== CONTENT) getWindow()
    if (idsStale) {
      const next = window.map((row) => row.$id)
      if (!sameElements(next, ids, 0)) ids = Object.freeze(next)
      idsStale = false
    }
    return ids
  }

  /** Where `row` stands or would stand; Infinity beyond the bound. */
  const place = (all: readonly AnySnapshot[], row: AnySnapshot): number => {
    if (bound && compare(row, bound) > 0) return Infinity
    let low = 0
    let high = all.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (compare(all[middle]!, row) < 0) low = middle + 1
      else high = middle
    }
    return low
  }

  const listenTo =
    (read: () => unknown) =>
    (listener: () => void): Unsubscribe => {
      let told = attempt(read)
      const stop = signal.subscribe(() => {
        const now = attempt(read)
        if (now === told) return
        told = now
        listener()
      })
      context.watched()
      return () => {
        stop()
        context.watched()
      }
    }

  return {
    query,
    get: getWindow,
    ids: getIds,
    subscribe: listenTo(getWindow),
    subscribeIds: listenTo(getIds),
    get listeners() {
      return signal.size
    },
    get count() {
      getWindow()
      return count
    },
    stats: () => ({
      query,
      count: rows && count,
      held: rows?.length ?? 0,
      listeners: signal.size,
    }),
    tell: () => signal.emit(),
    drop,

    change(before, after, bulk) {
      if (!rows) return true
      let was
      let is
      try {
        was = before && test(before)
        is = after && test(after)
      } catch {
        // Whoever reads the view meets the filter's error.
        return drop()
      }
      if (!was && !is) return false
      if (bulk) return drop()
      if (is) count++
      if (was) count--
      const from = was ? place(rows, before!) : Infinity
      // The rows were changed without a word: better begin anew than go wrong.
      if (from < Infinity && rows[from] !== before) return drop()
      let to = is ? place(rows, after!) : Infinity
      if (to < Infinity && rows[to] === after) return drop()
      if (to > from) to--
      const first = Math.min(from, to)
      if (first === Infinity) return false
      if (from === to) {
        rows[to] = after!
      } else {
        if (from < Infinity) rows.splice(from, 1)
        if (to < Infinity) rows.splice(to, 0, after!)
        if (bound && rows.length < end) return drop()
        if (rows.length > 2 * keep) cut(rows)
      }
      if (first >= end || Math.max(from, to) < offset) return false
      touched = Math.min(touched, first)
      stale = Math.max(stale, from === to ? CONTENT : ORDER)
      return true
    },
  }
}

/** Undefined where it throws: whoever reads meets the error. */
function attempt(read: () => unknown): unknown {
  try {
    return read()
  } catch {
    return undefined
  }
}

/** Whether they are equal, given that they are up to `from`. */
function sameElements(a: readonly unknown[], b: readonly unknown[], from: number): boolean {
  for (let i = from; i < a.length; i++) if (a[i] !== b[i]) return false
  return a.length === b.length
}
