/** A repository at a moment that can be moved: what is read of it, and who is told what became different. */
import { touchedBetween } from '../history/between.js'
import type { FlatColumns } from '../history/flat-columns.js'
import type { Track, Sight } from '../history/deed.js'
import { idOf } from '../history/deed.js'
import type { Ledger, LedgerChange } from '../history/ledger.js'
import { momentOf, positionOf, sightAt, sightOf, withLate } from '../history/sight.js'
import type { Moment } from '../history/moment.js'
import type { ItemId } from '../ids.js'
import type { SnapshotBuilder } from '../item/snapshot.js'
import type { Scheduler } from '../ports.js'
import type { AnySchema } from '../schema/schema.js'
import { Signal } from '../signal.js'
import { PastTable } from './past-table.js'

export interface PastContext {
  readonly ledger: Ledger
  readonly scheduler: Scheduler
  /** Throws `unknown-schema`. */
  builderOf(schema: AnySchema): SnapshotBuilder
  columnsOf(schema: AnySchema): FlatColumns
}

/** Up to so many actions between two moments, what they touched is looked at one by one. */
const NEAR = 256

/** Identity: one for each moment that somebody looks at. */
export class PastRepository {
  /** After the moment, or what it shows, became another, and everybody who listens to items and queries was told. */
  readonly onMoved: Signal = new Signal()
  private readonly context: PastContext
  private readonly tables = new Map<string, PastTable>()
  private seen: Sight
  private name: Moment | undefined
  private telling = false
  private due = false
  private readonly stop: () => void

  constructor(context: PastContext, moment: Moment) {
    this.context = context
    this.seen = sightOf(context.ledger, moment)
    this.name = moment
    this.stop = context.ledger.onChange.subscribe((change) => this.follow(change))
  }

  get moment(): Moment {
    return (this.name ??= momentOf(this.context.ledger, this.seen))
  }

  get sight(): Sight {
    return this.seen
  }

  get position(): number {
    return positionOf(this.seen)
  }

  table(schema: AnySchema): PastTable {
    let table = this.tables.get(schema.name)
    if (table) return table
    const { ledger, scheduler, builderOf, columnsOf } = this.context
    const builder = builderOf(schema)
    table = new PastTable({
      schema: builder.schema as AnySchema,
      builder,
      scheduler,
      columns: columnsOf(schema),
      sight: () => this.seen,
      tracks: () => ledger.tracks(schema.name),
      track: (id) => ledger.track(schema.name, id as ItemId),
    })
    this.tables.set(schema.name, table)
    return table
  }

  seek(moment: Moment): void {
    if (moment !== this.name) this.show(sightOf(this.context.ledger, moment), moment)
  }

  /** Shows what there is after the first `position` actions, with all that has come by now. */
  seekPosition(position: number): void {
    this.show(sightAt(this.context.ledger, position), undefined)
  }

  /** Names of authors are others. */
  renew(): void {
    for (const table of this.tables.values()) table.distrust()
    this.move(undefined, this.seen)
  }

  close(): void {
    this.stop()
    for (const table of this.tables.values()) table.close()
  }

  private show(sight: Sight, name: Moment | undefined): void {
    const before = this.seen
    this.seen = sight
    this.name = name
    this.move(touchedBetween(this.context.ledger, before, sight, NEAR), before)
  }

  private follow({ late, gone, isDeeper }: LedgerChange): void {
    const { ledger } = this.context
    const { last } = this.seen
    this.seen = withLate(this.seen, late)
    if (gone.length === 0 && !isDeeper) return
    // What is kept by what is seen no longer holds.
    this.seen = { ...this.seen }
    // What was taken out is made anew, as another commit.
    if (last && ledger.get(idOf(last)) !== last) {
      this.seen = sightAt(ledger, last.start)
      this.name = undefined
    }
    for (const table of this.tables.values()) table.distrust()
    this.move(undefined, this.seen)
  }

  private move(touched: ReadonlySet<Track> | undefined, from: Sight): void {
    for (const [schema, table] of this.tables) {
      table.move(touched && new Set([...touched].filter((track) => track.schema === schema)), from)
    }
    this.due = true
    this.tell()
  }

  /** A listener may move it on: what became different then is told in a further round. */
  private tell(): void {
    if (this.telling) return
    this.telling = true
    let failure: { error: unknown } | undefined
    try {
      while (this.due) {
        this.due = false
        for (const tell of [
          ...Array.from(this.tables.values(), (table) => () => table.notify()),
          () => this.onMoved.emit(),
        ]) {
          try {
            tell()
          } catch (error) {
            failure ??= { error }
          }
        }
      }
    } finally {
      this.telling = false
    }
    if (failure) throw failure.error
  }
}
