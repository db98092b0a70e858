/** One schema's items as they were: snapshots, queries, listeners by item; as `table.ts` for the present. */
import type { Track, Sight } from '../history/deed.js'
import { existenceColumn, keptColumn, valueAt } from '../history/column.js'
import type { FlatColumns } from '../history/flat-columns.js'
import { itemSeen, snapshotSeen } from '../history/look.js'
import { countSeen } from '../history/sight.js'
import { existence, type Existence } from '../item/fields/existence.js'
import type { SnapshotBuilder } from '../item/snapshot.js'
import type { AnySchema, AnySnapshot } from '../schema/schema.js'
import { Signal, type Unsubscribe } from '../signal.js'
import type { Scheduler } from '../ports.js'
import { PastQueries } from './past-queries.js'

export interface PastTableContext {
  readonly schema: AnySchema
  readonly builder: SnapshotBuilder
  readonly scheduler: Scheduler
  readonly columns: FlatColumns
  sight(): Sight
  tracks(): Iterable<Track>
  track(id: string): Track | undefined
}

/** What was shown of an item last. */
interface Look {
  snapshot: AnySnapshot | undefined
  /** How many deeds it shows; −1: it may be wrong. */
  count: number
  /** What was seen, where that is less than all that came before. */
  sight: Sight | undefined
}

/** What listeners of an item were told last. */
interface Told {
  readonly signal: Signal
  snapshot: AnySnapshot | undefined
  status: Existence
}

/** Identity: one for each schema of a past. */
export class PastTable {
  readonly schema: AnySchema
  readonly queries: PastQueries
  private readonly context: PastTableContext
  private readonly looks = new Map<Track, Look>()
  private readonly listeners = new Map<string, Told>()
  private changed: Told[] = []

  constructor(context: PastTableContext) {
    this.context = context
    this.schema = context.schema
    this.queries = new PastQueries({ ...context, get: (id) => this.get(id) })
  }

  get(id: string): AnySnapshot | undefined {
    const track = this.context.track(id)
    return track && this.look(track)
  }

  existence(id: string): Existence {
    const track = this.context.track(id)
    if (!track) return 'missing'
    const sight = this.context.sight()
    if (sight.concerned.has(track)) return existence(itemSeen(track, sight))
    const column = keptColumn(track, 'existence', () => existenceColumn(track))
    return valueAt(column, countSeen(track, sight)) as Existence
  }

  subscribe(id: string, listener: () => void): Unsubscribe {
    let told = this.listeners.get(id)
    if (!told) {
      told = { signal: new Signal(), snapshot: this.get(id), status: this.existence(id) }
      this.listeners.set(id, told)
    }
    const { signal } = told
    const stop = signal.subscribe(listener)
    return () => {
      stop()
      if (signal.size === 0 && this.listeners.get(id)?.signal === signal) this.listeners.delete(id)
    }
  }

  /** The moment is another, and before `from` was seen; tells nobody yet. `tracks`: what may be different; undefined: all. */
  move(tracks: ReadonlySet<Track> | undefined, from: Sight): void {
    const ids = tracks ? Array.from(tracks, ({ id }): string => id) : this.listeners.keys()
    for (const id of ids) {
      const told = this.listeners.get(id)
      if (!told) continue
      const snapshot = this.get(id)
      const status = this.existence(id)
      if (snapshot === told.snapshot && status === told.status) continue
      told.snapshot = snapshot
      told.status = status
      this.changed.push(told)
    }
    this.queries.move(tracks, from)
  }

  /** What was read is not to be relied upon: deeds were taken out, or names of authors are others. */
  distrust(): void {
    for (const look of this.looks.values()) look.count = -1
    this.queries.renew()
  }

  /** Tells item listeners and views. The first error is thrown when all have been told. */
  notify(): void {
    const { changed } = this
    this.changed = []
    let failure: { error: unknown } | undefined
    for (const tell of [
      ...changed.map(
        ({ signal }) =>
          () =>
            signal.emit(),
      ),
      () => this.queries.notify(),
    ]) {
      try {
        tell()
      } catch (error) {
        failure ??= { error }
      }
    }
    if (failure) throw failure.error
  }

  close(): void {
    this.queries.close()
  }

  private look(track: Track): AnySnapshot | undefined {
    const sight = this.context.sight()
    const count = countSeen(track, sight)
    const concerned = sight.concerned.has(track) ? sight : undefined
    let look = this.looks.get(track)
    if (look && look.count === count && look.sight === concerned) return look.snapshot
    if (!look) this.looks.set(track, (look = { snapshot: undefined, count, sight: concerned }))
    look.snapshot = snapshotSeen(track, sight, this.context.builder, look.snapshot)
    look.count = count
    look.sight = concerned
    return look.snapshot
  }
}
