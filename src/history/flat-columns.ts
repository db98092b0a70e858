/**
 * The columns of all items of a schema, each in one piece of memory: what a query about the past looks at for every item,
 * which would otherwise be found all over the heap. Positions are kept as numbers; when commits come late they are counted
 * anew, and the items that these touched are looked up one by one until there are many.
 */
import type { Column, Deed, Track } from './deed.js'
import type { Ledger } from './ledger.js'

/** What one thing about each item was in the course of time. */
export interface FlatColumn {
  /** Where the values of each item begin, and where they end. */
  readonly starts: Int32Array
  /** `values[i]` was from so many actions on. The first of an item is 0. */
  readonly positions: Int32Array
  readonly values: unknown[]
  /** With which deed it began. */
  readonly deeds: (Deed | undefined)[]
}

/** With more items than this, and a part of all, that must be looked up one by one, the columns are made anew. */
const MAX_LOOSE = 256

/** Makes the column of one item. */
export type ColumnMaker = (track: Track, name: string) => Column

/** Identity: one for each schema that is asked about. */
export class FlatColumns {
  /** The items by their places. */
  tracks: readonly Track[] = []
  /** Items that are not, or not any more, as the columns say. */
  readonly loose: Set<Track> = new Set()
  private readonly ledger: Ledger
  private readonly schema: string
  private readonly make: ColumnMaker
  private readonly places = new Map<Track, number>()
  private readonly columns = new Map<string, FlatColumn>()
  /** Whether positions are others than they were. */
  private moved = false

  constructor(ledger: Ledger, schema: string, make: ColumnMaker) {
    this.ledger = ledger
    this.schema = schema
    this.make = make
    this.clear()
    ledger.onChange.subscribe(({ added, late, gone, isDeeper = false }) => {
      for (const { deeds } of [...added, ...gone]) {
        for (const { track } of deeds) if (track.schema === schema) this.loose.add(track)
      }
      this.moved ||= isDeeper || late.length + gone.length > 0
    })
  }

  /** The place of an item whose columns are right; −1: look at the item itself. */
  placeOf(track: Track): number {
    return this.loose.has(track) ? -1 : (this.places.get(track) ?? -1)
  }

  /** To be called before anything is read. */
  refresh(): void {
    if (this.loose.size > MAX_LOOSE + this.tracks.length / 16) this.clear()
    else if (this.moved) for (const column of this.columns.values()) recount(column)
    this.moved = false
  }

  /** Nothing holds any more. */
  clear(): void {
    this.columns.clear()
    this.loose.clear()
    this.places.clear()
    this.tracks = [...this.ledger.tracks(this.schema)]
    this.tracks.forEach((track, place) => this.places.set(track, place))
  }

  column(name: string): FlatColumn {
    let column = this.columns.get(name)
    if (!column) this.columns.set(name, (column = flatten(this.tracks, (track) => this.make(track, name))))
    return column
  }
}

/** What it was at a place after the first `position` actions. */
export function flatValueAt({ starts, positions, values }: FlatColumn, place: number, position: number): unknown {
  let low = starts[place]!
  let high = starts[place + 1]! - 1
  while (low < high) {
    const middle = (low + high + 1) >>> 1
    if (positions[middle]! <= position) low = middle
    else high = middle - 1
  }
  return values[low]
}

function flatten(tracks: readonly Track[], make: (track: Track) => Column): FlatColumn {
  const starts = new Int32Array(tracks.length + 1)
  const values: unknown[] = []
  const deeds: (Deed | undefined)[] = []
  tracks.forEach((track, place) => {
    const column = make(track)
    starts[place] = values.length
    column.values.forEach((value, i) => {
      values.push(value)
      deeds.push(track.deeds[column.counts[i]! - 1])
    })
  })
  starts[tracks.length] = values.length
  const column: FlatColumn = { starts, positions: new Int32Array(values.length), values, deeds }
  recount(column)
  return column
}

function recount({ positions, deeds }: FlatColumn): void {
  for (let i = 0; i < deeds.length; i++) {
    const deed = deeds[i]
    positions[i] = deed ? deed.commit.start + deed.action + 1 : 0
  }
}
