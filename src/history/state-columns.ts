/**
 * The accepted state in columns, for the next start of this device: items with the same fields stand together, and so do the
 * values of each field. A keyframe says the same item by item, so that single items can be withheld; this is read many times
 * faster, and never leaves the device.
 * ```
 * state = string JSON | odd values | lists of numbers | origins: a commit's number and 1, or 0; what stands for the latter…
 * ```
 * JSON holds all texts and values in one list, because engines read it an order of magnitude faster than anything that is
 * written in JavaScript; what it cannot say is odd. Origins are named by their place in the list of all.
 */
import type { CommitId, ItemId } from '../ids.js'
import { commitIdOf, fromHex, sessionIdOf } from '../ids.js'
import { sumOf } from '../item/fields/counter.js'
import { addsOf } from '../item/fields/set.js'
import { WIDTH } from '../item/fields/sorted.js'
import { COUNTER, type Layout, REGISTER, SET } from '../item/layout.js'
import type { Origin } from '../item/origin.js'
import { settledOrigin } from '../item/origin.js'
import type { Item } from '../item/state.js'
import type { ByteReader, ByteWriter } from '../value/bytes.js'
import { readNumbers, writeNumbers } from '../value/number-list.js'
import { freezeDeep, isBytes, type Value } from '../value/value.js'
import { acceptedItems, RepositoryState } from './state.js'

/** So many origins are made between two looks at the clock. */
const AT_ONCE = 1000

/**
 * Writes what is accepted. `numberOf` answers a number by which the reader of this state will know a commit, or a negative
 * one: then its origin is written out.
 */
export function writeState(writer: ByteWriter, state: RepositoryState, numberOf: (id: CommitId) => number): void {
  const out = new Output()
  const groups = new Map<Layout, Item[]>()
  for (const item of acceptedItems(state)) {
    const group = groups.get(item.layout)
    if (group) group.push(item)
    else groups.set(item.layout, [item])
  }
  for (const [layout, items] of groups) {
    const fields = fieldsOf(layout)
    out.json(layout.schema)
    out.json(fields.map(({ name, kind }) => [name, kind]))
    out.json(items.map(({ id }) => id))
    out.origins(items.map(({ created }) => created))
    out.origins(items.map(({ lived }) => lived))
    out.origins(items.map(({ updated }) => updated))
    out.numbers(items.map(({ deleted }) => Number(deleted)))
    for (const { kind, at } of fields)
      writeField(
        out,
        items.map(({ cells }) => cells),
        kind,
        at,
      )
  }
  out.finish(writer, numberOf)
}

function writeField(out: Output, all: readonly unknown[][], kind: number, at: number): void {
  const merge = kind % 4
  if (merge === REGISTER) {
    out.values(all.map((cells) => cells[at] as Value | undefined))
    out.origins(all.map((cells) => cells[at + 1] as Origin | undefined))
  } else if (merge === COUNTER) {
    out.json(all.map((cells) => (typeof cells[at] === 'bigint' ? String(cells[at]) : (cells[at] ?? null))))
  } else {
    const lists = all.map((cells) => (merge === SET ? addsOf(cells, at).flat() : ((cells[at] ?? []) as unknown[])))
    const records = lists.flat()
    const column = (place: number): unknown[] => records.filter((_, i) => i % WIDTH === place)
    out.numbers(lists.map(({ length }) => length / WIDTH))
    out.values(column(0) as Value[])
    out.origins(column(1) as Origin[])
    if (merge === SET) out.numbers(column(2) as number[])
    else out.values(column(2) as (Value | undefined)[])
  }
}

/**
 * The state that {@link writeState} wrote, all of it accepted. `pace` is asked between any two steps; a promise that it answers
 * is awaited. What was not written so may throw errors of any kind.
 */
export async function readState(
  reader: ByteReader,
  originAt: (number: number) => Origin,
  pace: () => Promise<void> | undefined,
): Promise<RepositoryState> {
  const state = new RepositoryState()
  const input = new Input(reader)
  await input.readOrigins(reader, originAt, pace)
  while (input.hasMore) {
    const schema = input.json() as string
    let layout = state.root(schema)
    const fields = input.json() as [string, number][]
    for (const [name, kind] of fields) layout = layout.with(name, kind)
    const items = (input.json() as ItemId[]).map((id) => state.open(schema, id))
    await pace()
    const created = input.origins()
    const lived = input.origins()
    const updated = input.origins()
    const deleted = input.numbers()
    const blank = fields.flatMap(() => [undefined, undefined])
    items.forEach((item, i) => {
      item.layout = layout
      item.cells = blank.slice()
      item.created = created[i]
      item.lived = lived[i]
      item.updated = updated[i]
      item.deleted = deleted[i] === 1
    })
    for (const { kind, at } of fieldsOf(layout)) {
      await pace()
      readField(input, items, kind, at)
    }
  }
  return state
}

function readField(input: Input, items: readonly Item[], kind: number, at: number): void {
  const merge = kind % 4
  if (merge === REGISTER) {
    const values = input.values()
    const origins = input.origins()
    items.forEach(({ cells }, i) => {
      cells[at] = values[i]
      cells[at + 1] = origins[i]
    })
  } else if (merge === COUNTER) {
    const sums = input.json() as (number | string | null)[]
    items.forEach(({ cells }, i) => {
      const sum = sums[i]
      if (sum != null) cells[at] = typeof sum === 'number' ? sum : sumOf(BigInt(sum))
    })
  } else {
    const counts = input.numbers()
    const keys = input.values()
    const origins = input.origins()
    const third = merge === SET ? input.numbers() : input.values()
    let from = 0
    items.forEach(({ cells }, i) => {
      const to = from + counts[i]!
      const records: unknown[] = []
      for (; from < to; from++) records.push(keys[from], origins[from], third[from])
      // Without the room that engines leave in an array that grew.
      if (records.length > 0) cells[at] = records.slice()
    })
  }
}

/** The first field first. */
function fieldsOf(layout: Layout): Layout[] {
  const fields: Layout[] = []
  for (let field = layout.last; field.before; field = field.before) fields.push(field)
  return fields.reverse()
}

/** Columns on their way out. */
class Output {
  private readonly texts: unknown[] = []
  private readonly lists: ArrayLike<number>[] = []
  private readonly odd: Value[] = []
  private readonly places: Map<CommitId | '', number> = new Map()
  private readonly known: Origin[] = []

  /** Anything that JSON can say. */
  json(value: unknown): void {
    this.texts.push(value)
  }

  numbers(list: ArrayLike<number>): void {
    this.lists.push(list)
  }

  /** Values, some of which are not there. */
  values(list: readonly (Value | undefined)[]): void {
    const missing: number[] = []
    const odd: number[] = []
    list.forEach((value, i) => {
      if (value === undefined) missing.push(i)
      else if (typeof value === 'object' && value !== null && hasBytes(value)) odd.push(i)
    })
    this.numbers(missing)
    this.numbers(odd)
    const plain = list.slice()
    for (const i of odd) {
      this.odd.push(list[i]!)
      plain[i] = undefined
    }
    this.json(plain)
  }

  origins(list: readonly (Origin | undefined)[]): void {
    this.numbers(list.map((origin) => this.refer(origin)))
  }

  finish(writer: ByteWriter, numberOf: (id: CommitId) => number): void {
    writer.string(JSON.stringify(this.texts))
    writer.varuint(this.odd.length)
    for (const value of this.odd) writer.value(value)
    writer.varuint(this.lists.length)
    for (const list of this.lists) writeNumbers(writer, list)
    const numbers = this.known.map(({ id }) => Math.max(0, numberOf(id as CommitId) + 1))
    writeNumbers(writer, numbers)
    this.known.forEach(({ ms, counter, id, session }, i) => {
      if (numbers[i] === 0) writer.value([ms, counter, fromHex(id), fromHex(session)])
    })
  }

  /** The place of an origin in the list of all, and 1; 0 for none. */
  private refer(origin: Origin | undefined): number {
    if (!origin) return 0
    let place = this.places.get(origin.id)
    if (place === undefined) this.places.set(origin.id, (place = this.known.push(origin)))
    return place
  }
}

function hasBytes(value: Value): boolean {
  if (typeof value !== 'object' || value === null) return false
  return isBytes(value) || Object.values(value as object).some((part: Value) => hasBytes(part))
}

/** Columns on their way in, in the same order. */
class Input {
  private readonly texts: unknown[]
  private readonly lists: Uint32Array[] = []
  private readonly odd: Value[] = []
  private readonly known: (Origin | undefined)[] = [undefined]
  private text = 0
  private list = 0
  private oddAt = 0

  constructor(reader: ByteReader) {
    this.texts = JSON.parse(reader.string()) as unknown[]
    for (let left = reader.varuint(); left > 0; left--) this.odd.push(reader.value())
    for (let left = reader.varuint(); left > 0; left--) this.lists.push(readNumbers(reader))
  }

  async readOrigins(
    reader: ByteReader,
    originAt: (number: number) => Origin,
    pace: () => Promise<void> | undefined,
  ): Promise<void> {
    let left = 0
    for (const number of readNumbers(reader)) {
      if (left-- === 0) {
        await pace()
        left = AT_ONCE
      }
      if (number > 0) this.known.push(originAt(number - 1))
      else {
        const [ms, counter, id, session] = reader.value() as [number, number, Uint8Array, Uint8Array]
        this.known.push(settledOrigin({ ms, counter }, commitIdOf(id), sessionIdOf(session)))
      }
    }
  }

  get hasMore(): boolean {
    return this.text < this.texts.length
  }

  json(): unknown {
    return this.texts[this.text++]
  }

  numbers(): Uint32Array {
    return this.lists[this.list++]!
  }

  /** Deeply frozen. */
  values(): (Value | undefined)[] {
    const missing = this.numbers()
    const odd = this.numbers()
    const values = this.json() as (Value | undefined)[]
    for (const value of values) if (typeof value === 'object') freezeDeep(value)
    for (const i of missing) values[i] = undefined
    for (const i of odd) values[i] = this.odd[this.oddAt++]
    return values
  }

  origins(): (Origin | undefined)[] {
    const { known } = this
    const origins: (Origin | undefined)[] = []
    for (const place of this.numbers()) origins.push(known[place])
    return origins
  }
}
