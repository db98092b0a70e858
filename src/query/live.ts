/** The live queries of one collection: shared by key, told of changes by route, reclaimed when nobody asks any more. */
import type { Scheduler, TimerHandle } from '../ports.js'
import type { AnySnapshot } from '../schema/schema.js'
import { queryKey } from './canonical.js'
import type { Query, View } from './query.js'
import { createRoutes, type Routes } from './routes.js'
import { createView, type LiveView } from './view.js'

/** One collection's items as they are now. */
export interface Rows {
  get(id: string): AnySnapshot | undefined
  all(): Iterable<AnySnapshot>
  readonly size: number
  /** A quicker way to look at all rows; see `ViewContext.scan`. */
  scan?(accept: (row: AnySnapshot) => boolean, take: (row: AnySnapshot) => void): void
  /** Called before a view is read: the owner may keep changes back until then. */
  settle?(): void
}

/**
 * An item that changed: `before` is its snapshot at the last {@link LiveQueries.update} (or when it was first read, if that
 * was later), `after` the one that the rows show now.
 */
export interface RowChange {
  readonly id: string
  readonly before: AnySnapshot | undefined
  readonly after: AnySnapshot | undefined
}

/** How long a view outlives its last listener, in milliseconds. */
export const LINGER_MS = 5000
/** With more changes than this at once, views are filled anew rather than changed row by row. */
const BULK = 1000

/**
 * Identity: one for each collection.
 *
 * Duties of the owner: call {@link update} with every change as soon as the rows show it, before anybody reads a view
 * again; call {@link notify} when all that belongs together is folded.
 */
export class LiveQueries {
  private readonly rows: Rows
  private readonly scheduler: Scheduler
  private readonly shared = new Map<string, LiveView>()
  /** Who hears of changes, each with the timer that ends it, if nobody listens. */
  private readonly awake = new Map<LiveView, TimerHandle | undefined>()
  private readonly touched = new Set<LiveView>()
  private readonly routes: Routes<LiveView>

  constructor(rows: Rows, scheduler: Scheduler) {
    this.rows = rows
    this.scheduler = scheduler
    this.routes = createRoutes(() => rows.all())
  }

  /** Whether any view must hear of changes. */
  get active(): boolean {
    return this.awake.size > 0
  }

  /** The view of a canonical query, shared with every equal one. Nothing is read before the view is. */
  open(query: Query): View<AnySnapshot> {
    const key = queryKey(query)
    const shared = this.shared.get(key)
    if (shared) return shared
    const view = createView(query, {
      rows: () => {
        this.wake(view)
        const ids = this.routes.candidates(view)
        return ids ? Array.from(ids).flatMap((id) => this.rows.get(id) ?? []) : this.rows.all()
      },
      scan: (accept, take) => {
        const { rows } = this
        if (!rows.scan) return false
        this.wake(view)
        if (this.routes.candidates(view)) return false
        rows.scan(accept, take)
        return true
      },
      size: () => this.rows.size,
      settle: () => this.rows.settle?.(),
      watched: () => {
        if (this.awake.has(view)) this.mind(view)
      },
    })
    this.wake(view)
    return view
  }

  /** Folds changes into the views that they concern. Tells nobody. */
  update(changes: readonly RowChange[]): void {
    for (const { id, before, after } of changes) {
      this.routes.change(id, before, after, (view) => {
        if (view.change(before, after, changes.length > BULK)) this.touched.add(view)
      })
    }
  }

  /** All rows may be others now: views are filled anew when they are read. Tells nobody. */
  renew(): void {
    this.routes.renew()
    for (const view of this.awake.keys()) {
      view.drop()
      this.touched.add(view)
    }
  }

  /**
   * Tells the listeners of every view whose answer is another than they were told. Whatever view they read is up to date. A
   * listener may change rows and notify in turn: nobody is told the same twice.
   */
  notify(): void {
    const touched = [...this.touched]
    this.touched.clear()
    const errors: unknown[] = []
    for (const view of touched) {
      try {
        view.tell()
      } catch (error) {
        errors.push(error)
      }
    }
    if (errors.length > 0) throw errors[0]
  }

  /** The views that are alive, for devtools. */
  alive(): Iterable<LiveView> {
    return this.awake.keys()
  }

  /** Lets go of all views and timers. A view that is read afterwards lives again. */
  close(): void {
    for (const view of this.awake.keys()) {
      this.mind(view, true)
      this.sleep(view)
    }
  }

  private wake(view: LiveView): void {
    if (this.awake.has(view)) return
    const key = queryKey(view.query)
    if (!this.shared.has(key)) this.shared.set(key, view)
    this.routes.add(view)
    this.mind(view)
  }

  /** Lets a view end a while after its last listener. */
  private mind(view: LiveView, watched: boolean = view.listeners > 0): void {
    const timer = this.awake.get(view)
    if (timer) this.scheduler.cancel(timer)
    this.awake.set(view, watched ? undefined : this.scheduler.after(LINGER_MS, () => this.sleep(view)))
  }

  private sleep(view: LiveView): void {
    const key = queryKey(view.query)
    if (this.shared.get(key) === view) this.shared.delete(key)
    this.awake.delete(view)
    this.routes.delete(view)
    view.drop()
  }
}
