/**
 * An item in a keyframe:
 * ```
 * item  = string id | name schema | life | origin updated, or 0 | count | field…
 * life  = 0   or   1 + 2·(is deleted) | origin created, or 0 | origin latest
 * field = name | varuint version | merge | content
 * register = 0 | origin      or   1 | origin | value
 * counter  = 0 | zigzag      or   1 | string of decimal digits
 * set      = count | (value | count | (origin | varuint index)…)…
 * map      = count | (string key | register)…
 * ```
 * An origin or a name is its number in the keyframe's tables, from 1. Fields ascend by name, version and merge; elements
 * and keys by their order, adds by their stamps: one state has one encoding.
 */
import { IbexError } from '../errors.js'
import type { MergeKind } from '../schema/shape.js'
import type { ByteReader, ByteWriter } from '../value/bytes.js'
import { compareStrings } from '../value/order.js'
import type { Value } from '../value/value.js'
import { readItemId } from './change.js'
import { narrow } from './fields/counter.js'
import { createdOf, isDeleted, latestOf, lifeOf } from './fields/existence.js'
import { elementsOf, tagsOf } from './fields/set.js'
import { WIDTH } from './fields/sorted.js'
import { Layout } from './layout.js'
import type { Origin } from './origin.js'
import { compareOrigins } from './origin.js'
import { cellOf, Item } from './state.js'

/** Numbers for the origins and names that items refer to, from 1, in the order in which they are first asked for. */
export interface References {
  origin(origin: Origin): number
  name(name: string): number
}

/** What the numbers stand for. Both throw `malformed-bytes` for a number that stands for nothing. */
export interface Tables {
  origin(number: number): Origin
  name(number: number): string
  /** The layout without fields of a schema. */
  layout(schema: string): Layout
}

const MERGES: readonly MergeKind[] = ['register', 'counter', 'set', 'map']

/** Writes an item. */
export function writeItem(writer: ByteWriter, item: Item, refer: References): void {
  const { life, updated, cells } = item
  const origin = (of: Origin | undefined): void => writer.varuint(of ? refer.origin(of) : 0)
  const register = (value: Value | undefined, by: Origin): void => {
    writer.u8(value === undefined ? 0 : 1)
    origin(by)
    if (value !== undefined) writer.value(value)
  }

  writer.string(item.id)
  writer.varuint(refer.name(item.schema))
  if (life) {
    writer.u8(isDeleted(life) ? 3 : 1)
    origin(createdOf(life))
    origin(latestOf(life))
  } else writer.u8(0)
  origin(updated)

  const fields = sortedFields(item)
  writer.varuint(fields.length)
  for (const { name, version, merge, at } of fields) {
    writer.varuint(refer.name(name))
    writer.varuint(version)
    writer.u8(MERGES.indexOf(merge))
    if (merge === 'register') register(cells[at] as Value | undefined, cells[at + 1] as Origin)
    else if (merge === 'counter') {
      const sum = cells[at] as number | bigint
      writer.u8(typeof sum === 'number' ? 0 : 1)
      if (typeof sum === 'number') writer.zigzag(sum)
      else writer.string(String(sum))
    } else if (merge === 'set') {
      const elements = elementsOf(cells, at)
      writer.varuint(elements.length)
      for (const element of elements) {
        const tags = tagsOf(cells, at, element)
        if (tags.length > 1) tags.sort((a, b) => compareOrigins(a[0], b[0]) || a[1] - b[1])
        writer.value(element)
        writer.varuint(tags.length)
        for (const [by, index] of tags) {
          origin(by)
          writer.varuint(index)
        }
      }
    } else {
      const flat = cells[at] as unknown[]
      writer.varuint(flat.length / WIDTH)
      for (let i = 0; i < flat.length; i += WIDTH) {
        writer.string(flat[i] as string)
        register(flat[i + 1] as Value | undefined, flat[i + 2] as Origin)
      }
    }
  }
}

/** The fields of an item about which there is something to say, in canonical order. */
function sortedFields({ layout, cells }: Item): Layout[] {
  const fields: Layout[] = []
  for (let field = layout.last; field.before; field = field.before) {
    const { at, merge } = field
    const isWritten =
      merge === 'set'
        ? cells[at] !== undefined && elementsOf(cells, at).length > 0
        : cells[merge === 'register' ? at + 1 : at] !== undefined
    if (isWritten) fields.push(field)
  }
  return fields.sort(
    (a, b) =>
      compareStrings(a.name, b.name) || a.version - b.version || MERGES.indexOf(a.merge) - MERGES.indexOf(b.merge),
  )
}

/** Reads an item; throws `malformed-bytes`. */
export function readItem(reader: ByteReader, tables: Tables): Item {
  const origin = (): Origin => tables.origin(reader.varuint())
  const optionalOrigin = (): Origin | undefined => {
    const number = reader.varuint()
    return number === 0 ? undefined : tables.origin(number)
  }
  // Answers the value; the origin is left for the caller to take.
  let by: Origin
  const register = (): Value | undefined => {
    const hasValue = reader.u8() !== 0
    by = origin()
    return hasValue ? reader.value() : undefined
  }

  const id = readItemId(reader)
  const item = new Item(id, tables.layout(tables.name(reader.varuint())))
  const life = reader.u8()
  if (life > 0) item.life = lifeOf(optionalOrigin(), origin(), life === 3)
  item.updated = optionalOrigin()

  for (let left = reader.count(4); left > 0; left--) {
    const name = tables.name(reader.varuint())
    const version = reader.varuint()
    const merge = MERGES[reader.u8()]
    if (!merge) throw new IbexError('malformed-bytes', 'Unknown kind of field.')
    const at = cellOf(item, name, version, merge)
    const { cells } = item
    if (merge === 'register') {
      cells[at] = register()
      cells[at + 1] = by!
    } else if (merge === 'counter') {
      cells[at] = reader.u8() === 0 ? reader.zigzag() : bigSum(reader.string())
    } else {
      const flat: unknown[] = []
      for (let records = reader.count(2); records > 0; records--) {
        if (merge === 'map') {
          const key = reader.string()
          flat.push(key, register(), by!)
        } else {
          const element = reader.value()
          for (let tags = reader.count(2); tags > 0; tags--) flat.push(element, origin(), reader.varuint())
        }
      }
      cells[at] = flat.slice()
    }
  }
  item.cells = item.cells.slice()
  return item
}

function bigSum(digits: string): number | bigint {
  if (!/^-?\d{1,400}$/.test(digits)) throw new IbexError('malformed-bytes', 'Not a sum.')
  return narrow(BigInt(digits))
}
