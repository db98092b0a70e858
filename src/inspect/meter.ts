/** What live queries cost: while somebody looks, each view's work is timed where it is done. */
import type { LiveView } from '../query/view.js'
import type { Value } from '../value/value.js'
import type { QueryAbout } from './topics.js'
import { maskCondition, type Redact } from './masks.js'
import type { Repository } from '../repository/repository.js'

interface Gauge {
  readonly id: string
  changes: number
  notified: number
  milliseconds: number
  slowest: number
  lastNotified: number
  /** Spent on changes since the view told its listeners last. */
  current: number
  /** Leaves the view as it was. */
  remove(): void
}

/** Identity: one for each store that is looked into. */
export class QueryMeter {
  /** Called when a view has told its listeners. */
  onNotified: (view: LiveView) => void = () => {}
  private readonly gauges = new Map<LiveView, Gauge>()
  private readonly names = new WeakMap<LiveView, string>()
  private readonly now: () => number
  private count = 0

  constructor(now: () => number) {
    this.now = now
  }

  /** All queries that are alive; from now on they are timed. Reads nothing that the app has not read. */
  about(repositories: Iterable<Repository>, redact: Redact | undefined): QueryAbout[] {
    const found: QueryAbout[] = []
    const alive = new Set<LiveView>()
    for (const repository of repositories) {
      for (const table of repository.openTables()) {
        for (const view of table.queries.alive()) {
          alive.add(view)
          found.push(describe(view, repository.path, this.gaugeOf(view), redact))
        }
      }
    }
    for (const [view, { remove }] of this.gauges) {
      if (alive.has(view)) continue
      remove()
      this.gauges.delete(view)
    }
    return found
  }

  /** The view that {@link QueryAbout.id} names. */
  find(id: string): LiveView | undefined {
    for (const [view, gauge] of this.gauges) if (gauge.id === id) return view
    return undefined
  }

  /** Takes all gauges out again. */
  stop(): void {
    for (const { remove } of this.gauges.values()) remove()
    this.gauges.clear()
  }

  private gaugeOf(view: LiveView): Gauge {
    let gauge = this.gauges.get(view)
    if (!gauge) {
      let id = this.names.get(view)
      if (id === undefined) this.names.set(view, (id = String(++this.count)))
      gauge = this.install(view, id)
      this.gauges.set(view, gauge)
    }
    return gauge
  }

  private install(view: LiveView, id: string): Gauge {
    const { change, tell } = view
    const gauge: Gauge = {
      id,
      changes: 0,
      notified: 0,
      milliseconds: 0,
      slowest: 0,
      lastNotified: 0,
      current: 0,
      remove: () => Object.assign(view, { change, tell }),
    }
    view.change = (before, after, bulk) => {
      const start = performance.now()
      try {
        return change(before, after, bulk)
      } finally {
        const spent = performance.now() - start
        gauge.changes++
        gauge.current += spent
        gauge.milliseconds += spent
      }
    }
    view.tell = () => {
      const start = performance.now()
      try {
        tell()
      } finally {
        const spent = performance.now() - start
        gauge.milliseconds += spent
        gauge.slowest = Math.max(gauge.slowest, gauge.current + spent)
        gauge.current = 0
        gauge.notified++
        gauge.lastNotified = this.now()
        this.onNotified(view)
      }
    }
    return gauge
  }
}

function describe(view: LiveView, repository: string, gauge: Gauge, redact: Redact | undefined): QueryAbout {
  const { query } = view
  const { schema, orderBy, limit, offset, opaque } = query
  const { count, held, listeners } = view.stats()
  const where = query.where as unknown as Value
  const { id, changes, notified, milliseconds, slowest, lastNotified } = gauge
  return {
    id,
    repository,
    schema,
    where: redact ? maskCondition(where, { repository, schema }, redact) : where,
    orderBy,
    limit,
    offset,
    opaque,
    rows: count ?? null,
    held,
    listeners,
    changes,
    notified,
    milliseconds,
    slowest,
    lastNotified,
  }
}
