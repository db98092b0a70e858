/**
 * Queries about the past. Condition and order are answered out of the columns of the fields that a query names; only the rows
 * of its window are folded. Queries that name the same fields share a projection: rows that have nothing but these.
 */
import type { Column, Track } from '../history/deed.js'
import { creationOf, fieldColumn, shownColumn, updateOf, valueAt } from '../history/column.js'
import type { Sight } from '../history/sight.js'
import { countSeen } from '../history/sight.js'
import type { SessionId } from '../ids.js'
import type { Scheduler } from '../ports.js'
import { LiveQueries, type RowChange } from '../query/live.js'
import { type Condition, FILTER, type Query, type View } from '../query/query.js'
import type { AnySchema, AnySnapshot } from '../schema/schema.js'
import { Signal, type Unsubscribe } from '../signal.js'

/** What queries ask of the table that they are about. */
export interface PastRows {
  readonly schema: AnySchema
  readonly prefix: string
  sight(): Sight
  authorOf(session: SessionId): string
  tracks(): Iterable<Track>
  track(id: string): Track | undefined
  /** The whole snapshot. */
  get(id: string): AnySnapshot | undefined
  readonly scheduler: Scheduler
}

interface Projection {
  readonly queries: LiveQueries
  /** Undefined: rows are whole snapshots. */
  readonly names: readonly string[] | undefined
  readonly lines: Map<Track, Line>
}

/** What a projection keeps of an item that was looked at. */
interface Line {
  /** As it was shown last. */
  row: AnySnapshot | undefined
  /** Whether it could be shown, and one for each of the projection's names, but for those of no field. */
  shown: Column | undefined
  columns: readonly (Column | undefined)[]
  /** What the columns were made of: with other deeds, they are others. */
  of: Map<string, Column> | undefined
  deeds: number
}

/** Identity: one for each schema of a past. */
export class PastQueries {
  private readonly context: PastRows
  private readonly projections = new Map<string, Projection>()
  private readonly views = new WeakMap<View<AnySnapshot>, PastView>()
  private readonly watched = new Set<PastView>()

  constructor(context: PastRows) {
    this.context = context
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

  /** The moment is another. `tracks`: what may be different; undefined: everything. */
  move(tracks: ReadonlySet<Track> | undefined): void {
    for (const projection of this.projections.values()) {
      const { queries, lines } = projection
      // What nobody hears of is brought up to date when it is read.
      if (!queries.active) continue
      if (!tracks) {
        queries.renew()
        continue
      }
      const changes: RowChange[] = []
      for (const track of tracks) {
        const before = lines.get(track)?.row
        const after = this.rowOf(projection, track)
        if (before !== after) changes.push({ id: track.id, before, after })
      }
      queries.update(changes)
    }
  }

  /** Nothing that was read before holds: names of authors are others. */
  renew(): void {
    for (const { lines, queries } of this.projections.values()) {
      lines.clear()
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
    let projection = this.projections.get(key)
    if (!projection) {
      const lines = new Map<Track, Line>()
      const { context } = this
      const made: Projection = {
        names,
        lines,
        queries: new LiveQueries(
          {
            get: (id) => {
              const track = context.track(id)
              return track && this.rowOf(made, track)
            },
            all: () => this.allRows(made),
            get size() {
              return lines.size
            },
          },
          context.scheduler,
        ),
      }
      this.projections.set(key, (projection = made))
    }
    return projection
  }

  private *allRows(projection: Projection): Iterable<AnySnapshot> {
    for (const track of this.context.tracks()) {
      const row = this.rowOf(projection, track)
      if (row) yield row
    }
  }

  /** What the projection shows of an item; the same object until that is different. */
  private rowOf({ names, lines }: Projection, track: Track): AnySnapshot | undefined {
    let line = lines.get(track)
    if (!line) {
      lines.set(track, (line = { row: undefined, shown: undefined, columns: [], of: undefined, deeds: -1 }))
    }
    return (line.row = names ? this.project(track, names, line) : this.context.get(track.id))
  }

  private project(track: Track, names: readonly string[], line: Line): AnySnapshot | undefined {
    const { context } = this
    const sight = context.sight()
    const before = line.row
    // What came late is seldom, and then only the fold tells.
    if (sight.concerned.has(track)) {
      const whole = context.get(track.id)
      return whole && makeRow(track.id, names, before, (i) => whole[names[i]!])
    }
    const count = countSeen(track, sight)
    this.prepare(track, names, line)
    if (valueAt(line.shown!, count) !== true) return undefined
    const { columns } = line
    return makeRow(track.id, names, before, (i) =>
      columns[i] ? valueAt(columns[i], count) : this.systemField(track, names[i]!, count),
    )
  }

  private prepare(track: Track, names: readonly string[], line: Line): void {
    const { deeds, kept } = track
    if (line.of !== undefined && line.of === kept.columns && line.deeds === deeds.length) return
    const { schema } = this.context
    line.shown = shownColumn(track, schema)
    line.columns = names.map((name) => (name[0] === '$' ? undefined : fieldColumn(track, schema, name)))
    line.of = kept.columns
    line.deeds = deeds.length
  }

  private systemField(track: Track, name: string, count: number): unknown {
    const { authorOf, prefix } = this.context
    switch (name) {
      case '$path':
        return prefix + track.id
      case '$createdAt':
        return creationOf(track, count)?.ms
      case '$createdBy':
        return authorOf(creationOf(track, count)!.session)
      case '$updatedAt':
        return updateOf(track, count)?.ms
      case '$updatedBy':
        return authorOf(updateOf(track, count)!.session)
      default:
        return track.id
    }
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

/** A row with these fields; `before` where it has the same. */
function makeRow(
  id: string,
  names: readonly string[],
  before: AnySnapshot | undefined,
  valueOf: (index: number) => unknown,
): AnySnapshot {
  let same = before !== undefined
  for (let i = 0; same && i < names.length; i++) same = Object.is(valueOf(i), before![names[i]!])
  if (same) return before!
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
