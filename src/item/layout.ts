/**
 * Which field an item keeps where. Items that got the same fields in the same order share one layout, so that an item
 * itself holds no names: as engines do it with the shapes of objects. A layout is a chain of fields, the last one first.
 */
import type { MergeKind } from '../schema/shape.js'

const MERGES: readonly MergeKind[] = ['register', 'counter', 'set', 'map']
export const REGISTER = 0
export const COUNTER = 1
export const SET = 2
export const MAP = 3

/**
 * A kind of merge and a schema's version in one number: fields of one name that differ in either are different fields.
 * What is left of it by division by four is {@link REGISTER}, {@link COUNTER}, {@link SET} or {@link MAP}; these numbers
 * stand in keyframes.
 */
export function kindOf(merge: MergeKind, version: number): number {
  return version * 4 + MERGES.indexOf(merge)
}

/** Cells of an item that each field has. */
const WIDTH = 2
/** So many fields at most are searched one after the other; items with more have a table of their own. */
const CHAIN = 16

/** One field, and before it those that came before. */
export class Layout {
  /** The name of the items' schema. */
  readonly schema: string
  readonly name: string
  readonly kind: number
  /** The field's first cell; negative for the layout without fields. */
  readonly at: number
  readonly before: Layout | undefined
  /** The last field; an item of a layout with a table may have fewer. */
  last: Layout
  /** Finds the fields of a long layout; such a layout grows in place, and only copies of one item share it. */
  table: Map<string, Layout> | undefined
  // Nearly always the only layout that follows, so that it is tried before all.
  private next: Layout | undefined
  private readonly all: Map<string, Layout> = new Map()

  /** Without more than a schema's name, the layout without fields from which all of its items start. */
  constructor(schema: string, name: string = '', kind: number = 0, before?: Layout) {
    this.schema = schema
    this.name = name
    this.kind = kind
    this.before = before
    this.at = before ? before.at + WIDTH : -WIDTH
    this.last = this
    this.table = undefined
    this.next = undefined
  }

  /** The first cell of a field; negative if no item of this layout has it. */
  find(name: string, kind: number): number {
    if (this.table) return this.table.get(kind + name)?.at ?? -1
    for (let field: Layout = this; field.before; field = field.before) {
      if (field.kind === kind && field.name === name) return field.at
    }
    return -1
  }

  /** The layout with one more field, its {@link last}, which is not in this one. */
  with(name: string, kind: number): Layout {
    const { next } = this
    if (next && next.kind === kind && next.name === name) return next
    const key = kind + name
    let layout = this.all.get(key)
    if (layout) return layout
    layout = new Layout(this.schema, name, kind, this.last)
    if (this.table) {
      this.table.set(key, layout)
      this.last = layout
      return this
    }
    if (layout.at < CHAIN * WIDTH) {
      this.next ??= layout
      this.all.set(key, layout)
    } else {
      layout.table = new Map()
      for (let field = layout; field.before; field = field.before) layout.table.set(field.kind + field.name, field)
    }
    return layout
  }
}
