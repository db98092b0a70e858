/**
 * Which field an item keeps where. Items that got the same fields in the same order share one layout, so that an item
 * itself holds no names: as engines do it with the shapes of objects. A layout is a chain of fields, the last one first.
 */
import type { MergeKind } from '../schema/shape.js'

/** Cells of an item that each field has. */
const WIDTH = 2
/** So many fields at most are searched one after the other; items with more have a table of their own. */
const CHAIN = 16

/** One field, and before it those that came before. */
export class Layout {
  readonly schema: string
  readonly name: string
  readonly version: number
  readonly merge: MergeKind
  /** The field's first cell; negative for the layout without fields. */
  readonly at: number
  readonly before: Layout | undefined
  // Nearly always the only layout that follows, so that it is tried before the table of all.
  private next: Layout | undefined
  private others: Map<string, Layout> | undefined
  private wide: Wide | undefined

  /** A layout without fields, from which all of one schema's items start. */
  constructor(schema: string, name: string = '', version: number = 0, merge: MergeKind = 'register', before?: Layout) {
    this.schema = schema
    this.name = name
    this.version = version
    this.merge = merge
    this.before = before
    this.at = before ? before.at + WIDTH : -WIDTH
    this.next = undefined
    this.others = undefined
    this.wide = undefined
  }

  /** The last field; an item of a layout with a table may have fewer. */
  get last(): Layout {
    return this.wide?.last ?? this
  }

  /** Whether {@link find} may answer something else later. */
  get grows(): boolean {
    return this.wide !== undefined
  }

  /** The first cell of a field; negative if no item of this layout has it. */
  find(name: string, version: number, merge: MergeKind): number {
    if (this.wide) return this.wide.table.get(keyOf(name, version, merge))?.at ?? -1
    for (let field: Layout = this; field.before; field = field.before) {
      if (field.name === name && field.version === version && field.merge === merge) return field.at
    }
    return -1
  }

  /** The layout with one more field, its {@link last}. Layouts with a table grow in place: only copies of one item share them. */
  with(name: string, version: number, merge: MergeKind): Layout {
    const { next } = this
    if (next && next.name === name && next.version === version && next.merge === merge) return next
    const key = keyOf(name, version, merge)
    if (this.wide) {
      this.wide.last = new Layout(this.schema, name, version, merge, this.wide.last)
      this.wide.table.set(key, this.wide.last)
      return this
    }
    const known = this.others?.get(key)
    if (known) return known
    const layout = new Layout(this.schema, name, version, merge, this)
    if (layout.at >= CHAIN * WIDTH) {
      layout.wide = { last: layout, table: new Map() }
      for (let field: Layout = layout; field.before; field = field.before) {
        layout.wide.table.set(keyOf(field.name, field.version, field.merge), field)
      }
    } else {
      this.next ??= layout
      this.others ??= new Map()
      this.others.set(key, layout)
    }
    return layout
  }
}

interface Wide {
  last: Layout
  readonly table: Map<string, Layout>
}

function keyOf(name: string, version: number, merge: MergeKind): string {
  return `${version} ${merge} ${name}`
}
