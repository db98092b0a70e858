/**
 * Queries about the past. Condition and order are answered out of the columns of the fields that a query names; only the rows
 * of its window are folded. Queries that name the same fields share a projection: rows that have nothing but these.
 */
import type { Column, Track, Sight } from '../history/deed.js'
import { fieldColumn, keptColumn, shownColumn, systemColumn, valueAt } from '../history/column.js'
import { type FlatColumns, flatValueAt } from '../history/flat-columns.js'
import { snapshotSeen } from '../history/look.js'
import { countSeen, positionOf } from '../history/sight.js'
import type { SnapshotBuilder } from '../item/snapshot.js'
import type { Scheduler } from '../ports.js'
import { LiveQueries, type RowChange } from '../query/live.js'
import { type Condition, FILTER, type Query, type View } from '../query/query.js'
import type { AnySchema, AnySnapshot } from '../schema/schema.js'
import { Signal, type Unsubscribe } from '../signal.js'

/** What queries ask of the table that they are about. */
export interface PastRows {
  readonly schema: AnySchema
  readonly builder: SnapshotBuilder
  readonly scheduler: Scheduler
  readonly columns: FlatColumns
  sight(): Sight
  tracks(): Iterable<Track>
  track(id: string): Track | undefined
  /** The whole snapshot. */
  get(id: string): AnySnapshot | undefined
}

interface Projection {
  readonly queries: LiveQueries
  /** Undefined: rows are whole snapshots. */
  readonly names: readonly string[] | undefined
  /** The rows that were shown last, each the same object as long as the item has the same to show. */
  readonly rows: Map<Track, AnySnapshot>
}

/** The name of the column that says whether an item can be shown. */
const SHOWN = ''

/** What a schema's columns are made by. `name`: of a field, of what every item has, or {@link SHOWN}. */
export function columnMaker(builder: SnapshotBuilder): (track: Track, name: string) => Column {
  const { schema } = builder
  return (track, name) => {
    if (name === SHOWN) return shownColumn(track, schema)
    return name[0] === '$' ? systemColumn(track, builder, name) : fieldColumn(track, schema, name)
  }
}

/** Identity: one for each schema of a past. */
export class PastQueries {
  private readonly context: PastRows
  private readonly make: (track: Track, name: string) => Column
  private readonly projections = new Map<string, Projection>()
  private readonly views = new WeakMap<View<AnySnapshot>, PastView>()
  private readonly watched = new Set<PastView>()

  constructor(context: PastRows) {
    this.context = context
    this.make = columnMaker(context.builder)
  }

  open(query: Query): View<AnySnapshot> {
    const inner = this.projection(query).queries.open(query)
    let view = this.views.get(inner)
    if (!view) {
      view = new PastView(inner, (id) => this.context.get(id), this.watched)
      this.views.set(inner, view)
    }
    return view
  }

  /** The moment is another; before, `from` was seen. `tracks`: what may be different; undefined: everything. */
  move(tracks: ReadonlySet<Track> | undefined, from: Sight): void {
    for (const projection of this.projections.values()) {
      const { queries } = projection
      // What nobody hears of is brought up to date when it is read.
      if (!queries.active) continue
      if (!tracks) {
        queries.renew()
        continue
      }
      const changes: RowChange[] = []
      for (const track of tracks) {
        const before = this.rowOf(projection, track, from)
        const after = this.rowOf(projection, track, this.context.sight())
        if (before !== after) changes.push({ id: track.id, before, after })
      }
      queries.update(changes)
    }
  }

  /** Nothing that was read before holds: names of authors are others. */
  renew(): void {
    for (const { rows, queries } of this.projections.values()) {
      rows.clear()
      queries.renew()
    }
  }

  notify(): void {
    for (const { queries } of this.projections.values()) queries.notify()
    for (const view of this.watched) view.tell()
  }

  close(): void {
    for (const { queries } of this.projections.values()) queries.close()
  }

  private projection(query: Query): Projection {
    const names = query[FILTER] ? undefined : namesIn(query)
    const key = names ? names.join('\n') : '\n'
    const known = this.projections.get(key)
    if (known) return known
    const { context } = this
    const projection: Projection = {
      names,
      rows: new Map(),
      queries: new LiveQueries(
        {
          get: (id) => {
            const track = context.track(id)
            return track && this.rowOf(projection, track, context.sight())
          },
          all: () => this.allRows(projection),
          get size() {
            return context.columns.tracks.length
          },
          ...(names && { scan: (accept, take) => this.scan(projection, names, accept, take) }),
        },
        context.scheduler,
      ),
    }
    this.projections.set(key, projection)
    return projection
  }

  private *allRows(projection: Projection): Iterable<AnySnapshot> {
    const sight = this.context.sight()
    for (const track of this.context.tracks()) {
      const row = this.rowOf(projection, track, sight)
      if (row) yield row
    }
  }

  /** Looks at every item in the columns, and makes a row only of those that are wanted. */
  private scan(
    projection: Projection,
    names: readonly string[],
    accept: (row: AnySnapshot) => boolean,
    take: (row: AnySnapshot) => void,
  ): void {
    const { columns } = this.context
    columns.refresh()
    const sight = this.context.sight()
    const position = positionOf(sight)
    const shown = columns.column(SHOWN)
    const named = names.map((name) => columns.column(name))
    const { tracks, loose } = columns
    const { concerned } = sight
    const probe = makeRow('', names, () => undefined) as Record<string, unknown>
    const look = (track: Track): void => {
      const row = this.rowOf(projection, track, sight)
      if (row && accept(row)) take(row)
    }
    const isPlain = loose.size === 0 && concerned.size === 0
    for (let place = 0; place < tracks.length; place++) {
      if (!isPlain && (loose.has(tracks[place]!) || concerned.has(tracks[place]!))) continue
      if (flatValueAt(shown, place, position) !== true) continue
      const track = tracks[place]!
      probe['$id'] = track.id
      for (let i = 0; i < names.length; i++) probe[names[i]!] = flatValueAt(named[i]!, place, position)
      if (accept(probe as AnySnapshot)) take(this.keepRow(projection, track, names, (i) => probe[names[i]!]))
    }
    for (const track of new Set([...loose, ...concerned])) if (track.schema === this.context.schema.name) look(track)
  }

  /** What the projection shows of an item; the same object as long as that is the same. */
  private rowOf(projection: Projection, track: Track, sight: Sight): AnySnapshot | undefined {
    const { context } = this
    const { names } = projection
    // Filters look at everything; and of what came late, which is seldom, only the fold tells.
    if (!names || sight.concerned.has(track)) {
      const now = sight === context.sight()
      const whole = now ? context.get(track.id) : snapshotSeen(track, sight, context.builder)
      return whole && (names ? this.keepRow(projection, track, names, (i) => whole[names[i]!]) : whole)
    }
    const { columns } = context
    columns.refresh()
    const place = columns.placeOf(track)
    if (place >= 0) {
      const position = positionOf(sight)
      const read = (name: string): unknown => flatValueAt(columns.column(name), place, position)
      if (read(SHOWN) !== true) return undefined
      return this.keepRow(projection, track, names, (i) => read(names[i]!))
    }
    const count = countSeen(track, sight)
    const read = (name: string): unknown =>
      valueAt(
        keptColumn(track, `query ${name}`, () => this.make(track, name)),
        count,
      )
    if (read(SHOWN) !== true) return undefined
    return this.keepRow(projection, track, names, (i) => read(names[i]!))
  }

  /** The row that was shown last, if it has the same values; otherwise a new one. */
  private keepRow(
    { rows }: Projection,
    track: Track,
    names: readonly string[],
    valueOf: (index: number) => unknown,
  ): AnySnapshot {
    const before = rows.get(track)
    let same = before !== undefined
    for (let i = 0; same && i < names.length; i++) same = Object.is(valueOf(i), before![names[i]!])
    if (same) return before!
    const row = makeRow(track.id, names, valueOf)
    rows.set(track, row)
    return row
  }
}

/** A view whose rows are found by their ids. Its methods are bound. */
class PastView implements View<AnySnapshot> {
  readonly query: Query
  private readonly inner: View<AnySnapshot>
  private readonly find: (id: string) => AnySnapshot | undefined
  private readonly watched: Set<PastView>
  private readonly signal = new Signal()
  private rows: readonly AnySnapshot[] = Object.freeze([])

  constructor(inner: View<AnySnapshot>, find: (id: string) => AnySnapshot | undefined, watched: Set<PastView>) {
    this.inner = inner
    this.query = inner.query
    this.find = find
    this.watched = watched
  }

  readonly get = (): readonly AnySnapshot[] => {
    const { rows } = this
    const ids = this.inner.get()
    let same = ids.length === rows.length
    const now = ids.map(({ $id }, i) => {
      const row = this.find($id)!
      if (same && row !== rows[i]) same = false
      return row
    })
    if (!same) this.rows = Object.freeze(now)
    return this.rows
  }

  readonly ids = (): readonly string[] => this.inner.ids()

  get count(): number {
    return this.inner.count
  }

  readonly subscribe = (listener: () => void): Unsubscribe => {
    let told = attempt(this.get)
    // Keeps the inner view alive; what it tells is not all.
    const stopInner = this.inner.subscribe(ignore)
    this.watched.add(this)
    const stop = this.signal.subscribe(() => {
      const now = attempt(this.get)
      if (now === told) return
      told = now
      listener()
    })
    return () => {
      stop()
      stopInner()
      if (this.signal.size === 0) this.watched.delete(this)
    }
  }

  readonly subscribeIds = (listener: () => void): Unsubscribe => this.inner.subscribeIds(listener)

  tell(): void {
    this.signal.emit()
  }
}

function makeRow(id: string, names: readonly string[], valueOf: (index: number) => unknown): AnySnapshot {
  const row: Record<string, unknown> = { $id: id }
  for (let i = 0; i < names.length; i++) row[names[i]!] = valueOf(i)
  return row as AnySnapshot
}

/** The fields of which condition and order depend, each once, ascending. */
function namesIn({ where, orderBy }: Query): string[] {
  const names = new Set(orderBy.map(([field]) => field))
  const open: Condition[] = [where]
  for (let condition = open.pop(); condition; condition = open.pop()) {
    if ('of' in condition) open.push(...condition.of)
    else names.add(condition.field)
  }
  names.delete('$id')
  return [...names].sort()
}

/** Undefined where it throws: whoever reads meets the error. */
function attempt(read: () => unknown): unknown {
  try {
    return read()
  } catch {
    return undefined
  }
}

function ignore(): void {}
