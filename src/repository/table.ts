/** One schema's items as the app sees them: snapshots, live queries, listeners by item. */
import type { RepositoryState } from '../history/state.js'
import type { ItemId, RepositoryPath, SessionId } from '../ids.js'
import { existence } from '../item/fields/existence.js'
import type { Item } from '../item/state.js'
import { createSnapshotBuilder, problemsOf, type SnapshotBuilder, snapshotOf } from '../item/snapshot.js'
import { LiveQueries, type RowChange } from '../query/live.js'
import type { Scheduler } from '../ports.js'
import type { AnySchema, AnySnapshot } from '../schema/schema.js'
import { Signal, type Unsubscribe } from '../signal.js'
import { IbexError, type Issue } from '../errors.js'

/** What a table asks of the repository that it belongs to. */
export interface TableContext {
  readonly path: RepositoryPath
  state(): RepositoryState
  readonly scheduler: Scheduler
  authorOf(session: SessionId): string
}

/** Identity: made once for each schema of a store, lives as long as its repository. */
export class Table {
  readonly schema: AnySchema
  readonly queries: LiveQueries
  private readonly context: TableContext
  private readonly builder: SnapshotBuilder
  /** Items that cannot satisfy the schema. */
  private readonly hidden = new Set<ItemId>()
  private readonly listeners = new Map<ItemId, Signal>()
  /**
   * Items that changed since the last {@link refresh}, each with the snapshot that was shown before; the first entry counts.
   * There are none nearly always, and then one: a list that is made for it takes less room than one that is filled.
   */
  private touched: Item[] | undefined
  private shown: (AnySnapshot | undefined)[] | undefined
  /** Listeners of items that changed, and whether views did, since the last {@link notify}. */
  private changed: Signal[] | undefined
  private viewsChanged = false

  constructor(schema: AnySchema, context: TableContext) {
    this.schema = schema
    this.context = context
    this.builder = createSnapshotBuilder(schema, context.path, context.authorOf)
    const table = this
    this.queries = new LiveQueries(
      {
        get: (id) => this.get(id as ItemId),
        all: () => this.all(),
        get size() {
          return table.context.state().count(schema.name)
        },
        // Inside a transaction, too, one reads what one wrote.
        settle: () => this.refresh(),
      },
      context.scheduler,
    )
  }

  get(id: ItemId): AnySnapshot | undefined {
    const item = this.context.state().get(this.schema.name, id)
    return item && this.show(item)
  }

  /** Throws `invalid` for an item that is there, but cannot be shown under this schema. */
  require(id: ItemId): AnySnapshot {
    const snapshot = this.get(id)
    if (snapshot) return snapshot
    const item = this.context.state().get(this.schema.name, id)
    const issues = item ? problemsOf(item, this.schema) : []
    throw new IbexError('invalid', `The ${this.schema.name} '${id}' does not satisfy its schema and cannot be shown.`, {
      issues,
    })
  }

  *all(): Iterable<AnySnapshot> {
    for (const item of this.context.state().items(this.schema.name)) {
      const snapshot = this.show(item)
      if (snapshot) yield snapshot
    }
  }

  subscribe(id: ItemId, listener: () => void): Unsubscribe {
    let signal = this.listeners.get(id)
    if (!signal) this.listeners.set(id, (signal = new Signal()))
    const stop = signal.subscribe(listener)
    return () => {
      stop()
      if (signal.size === 0 && this.listeners.get(id) === signal) this.listeners.delete(id)
    }
  }

  /** Notes an item that changed, or that is no longer there. */
  touch(item: Item): void {
    // Now, because whoever reads the item before it is told makes the next one.
    const snapshot = item.snapshot as AnySnapshot | undefined
    if (this.touched) {
      this.touched.push(item)
      this.shown!.push(snapshot)
    } else {
      this.touched = [item]
      this.shown = [snapshot]
    }
  }

  /** Brings views up to date with the items that were touched; tells nobody yet. */
  refresh(): void {
    const { touched, shown, listeners, queries } = this
    if (!touched) return
    this.touched = this.shown = undefined
    const { active } = queries
    if (!active && listeners.size === 0) return
    const seen = touched.length > 1 ? new Set<ItemId>() : undefined
    let rows: RowChange[] | undefined
    for (let i = 0; i < touched.length; i++) {
      const { id } = touched[i]!
      if (seen?.has(id)) continue
      seen?.add(id)
      const signal = listeners.get(id)
      if (signal) {
        if (this.changed) this.changed.push(signal)
        else this.changed = [signal]
      }
      // Where no view must know now, the snapshot is made when somebody asks.
      if (!active) continue
      const before = shown![i]
      const after = this.get(id)
      if (before === after) continue
      const row = { id, before, after }
      if (rows) rows.push(row)
      else rows = [row]
    }
    if (!rows) return
    this.viewsChanged = true
    queries.update(rows)
  }

  /** Tells item listeners and views. The first error is thrown when all have been told. */
  notify(): void {
    const { changed, viewsChanged } = this
    if (!changed && !viewsChanged) return
    let failure: { error: unknown } | undefined
    if (changed) {
      this.changed = undefined
      for (const signal of changed) {
        try {
          signal.emit()
        } catch (error) {
          failure ??= { error }
        }
      }
    }
    if (viewsChanged) {
      this.viewsChanged = false
      try {
        this.queries.notify()
      } catch (error) {
        failure ??= { error }
      }
    }
    if (failure) throw failure.error
  }

  /** Tells everybody who listens to an item: what was not known to be missing is now. */
  tellAll(): void {
    for (const signal of Array.from(this.listeners.values())) signal.emit()
  }

  /** Whatever keeps items from being shown. */
  problems(): { id: ItemId; issues: readonly Issue[] }[] {
    const problems: { id: ItemId; issues: readonly Issue[] }[] = []
    for (const id of this.hidden) {
      const item = this.context.state().get(this.schema.name, id)
      const issues = item ? problemsOf(item, this.schema) : []
      if (issues.length > 0) problems.push({ id, issues })
    }
    return problems
  }

  private show(item: Item): AnySnapshot | undefined {
    const snapshot = snapshotOf(item, this.builder)
    if (snapshot) {
      if (this.hidden.size > 0) this.hidden.delete(item.id)
      return snapshot
    }
    item.snapshot = undefined
    if (existence(item) === 'present') this.hidden.add(item.id)
    return undefined
  }
}
