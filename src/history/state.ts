/**
 * The folded state of a repository. The authority's word divides it in two layers: what is accepted, and over it what is
 * provisional, commits that may still be voided and pending changes that are in no commit yet. What one sees is both.
 *
 * Only items with something provisional exist twice: the accepted item lies in the layer of the visible one.
 */
import type { CommitId, ItemId } from '../ids.js'
import { Layout } from '../item/layout.js'
import type { Origin } from '../item/origin.js'
import type { Chunk } from '../item/change.js'
import { Item } from '../item/state.js'

/** What one commit did to one item. */
export interface Part {
  readonly origin: Origin
  readonly chunk: Chunk
}

/** A commit that is not yet accepted, or, with a pending origin, changes that are in no commit yet. */
export interface Provisional {
  readonly origin: Origin
  readonly parts: Part[]
}

/** What is under and in a visible item that is not wholly accepted: the accepted item, if any, and what was folded over it. */
export interface Layer {
  base: Item | undefined
  parts: Part[]
}

interface Table {
  readonly root: Layout
  readonly items: Map<ItemId, Item>
}

/** Items by schema and id, as seen. Read here; written by the functions of `fold.ts`. */
export class RepositoryState {
  private readonly tables = new Map<string, Table>()
  /** Provisional commits by their ids, without what is pending. */
  readonly provisional: Map<CommitId, Provisional> = new Map()

  /** The names of the schemas that items were folded of. */
  schemas(): Iterable<string> {
    return this.tables.keys()
  }

  /** An item, also one that is deleted or was never created. */
  get(schema: string, id: ItemId): Item | undefined {
    return this.tables.get(schema)?.items.get(id)
  }

  /** An item of whichever schema, one that is there before one that is not. */
  find(id: ItemId): Item | undefined {
    let found: Item | undefined
    for (const { items } of this.tables.values()) {
      const item = items.get(id)
      if (item && (!found || rank(item) > rank(found))) found = item
    }
    return found
  }

  /** Every item of a schema, in no order that means anything, with those that are deleted or were never created. */
  items(schema: string): Iterable<Item> {
    return this.tables.get(schema)?.items.values() ?? []
  }

  /** How many {@link items} there are. */
  count(schema: string): number {
    return this.tables.get(schema)?.items.size ?? 0
  }

  /** @internal The layout without fields of a schema. */
  layout(schema: string): Layout {
    return this.table(schema).root
  }

  /** @internal */
  put(item: Item): void {
    this.table(item.schema).items.set(item.id, item)
  }

  /** @internal */
  remove(item: Item): void {
    this.table(item.schema).items.delete(item.id)
  }

  private table(schema: string): Table {
    let table = this.tables.get(schema)
    if (!table) this.tables.set(schema, (table = { root: new Layout(schema), items: new Map() }))
    return table
  }
}

function rank({ life }: Item): number {
  return life ? 1 : 0
}

/** What a visible item keeps of layers; undefined for one that is wholly accepted. */
export function layerOf(item: Item): Layer | undefined {
  return item.layer as Layer | undefined
}

/** The items of the accepted layer. */
export function* acceptedItems(state: RepositoryState): Iterable<Item> {
  for (const item of visibleItems(state)) {
    const layer = layerOf(item)
    if (!layer) yield item
    else if (layer.base) yield layer.base
  }
}

/** All items as seen, of every schema. */
export function* visibleItems(state: RepositoryState): Iterable<Item> {
  for (const schema of state.schemas()) yield* state.items(schema)
}
