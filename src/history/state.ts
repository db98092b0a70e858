/**
 * The folded state of a repository. The authority's word divides it in two layers: what is accepted, and over it what is
 * provisional, commits that may still be voided and pending changes that are in no commit yet. What one sees is both.
 *
 * Only items with something provisional exist twice: the accepted item lies in the layer of the visible one.
 */
import type { CommitId, ItemId, SessionId } from '../ids.js'
import { Layout } from '../item/layout.js'
import type { Origin } from '../item/origin.js'
import type { Change } from '../item/change.js'
import type { Item } from '../item/state.js'
import { createItem } from '../item/state.js'

/** What one commit did to one item in one version of its schema. */
export interface Part {
  readonly item: Item
  readonly origin: Origin
  readonly version: number
  readonly changes: Change[]
}

/** A commit that is not yet accepted, or, with a pending origin, changes that are in no commit yet. */
export interface Provisional {
  readonly origin: Origin
  parts: Part[]
}

/** What is under and in a visible item that is not wholly accepted: the accepted item, if any, and what was folded over it. */
export interface Layer {
  base: Item | undefined
  parts: Part[]
}

interface Table {
  /** The layout without fields. */
  readonly root: Layout
  readonly items: Map<ItemId, Item>
}

/** Items by schema and id, as seen. Read here; written by the functions of `fold.ts`. */
export class RepositoryState {
  private readonly tables: Map<string, Table> = new Map()
  private readonly sessions: Map<SessionId, SessionId> = new Map()
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

  /** An item of whichever schema, one that was created before one that was not. */
  find(id: ItemId): Item | undefined {
    const found: Item[] = []
    for (const { items } of this.tables.values()) {
      const item = items.get(id)
      if (item) found.push(item)
    }
    return found.find((item) => item.created) ?? found[0]
  }

  /** Every item of a schema, in no order that means anything, with those that are deleted or were never created. */
  items(schema: string): Iterable<Item> {
    return this.tables.get(schema)?.items.values() ?? []
  }

  /** How many {@link items} there are. */
  count(schema: string): number {
    return this.tables.get(schema)?.items.size ?? 0
  }

  /** @internal The session, as one string however often it was read. */
  sessionOf(session: SessionId): SessionId {
    const known = this.sessions.get(session)
    if (known === undefined) this.sessions.set(session, session)
    return known ?? session
  }

  /** @internal The layout without fields of a schema. */
  root(schema: string): Layout {
    return this.table(schema).root
  }

  /** An item, of which nothing may be known yet; the same object as long as there is something to know. */
  open(schema: string, id: ItemId): Item {
    const { items, root } = this.table(schema)
    let item = items.get(id)
    if (!item) items.set(id, (item = createItem(id, root)))
    return item
  }

  /** @internal Takes an item of another state over, of which this one knows nothing; with it all of its schema, if it can. */
  take(other: RepositoryState, item: Item): void {
    const { schema } = item.layout
    if (!this.tables.has(schema)) this.tables.set(schema, other.table(schema))
    else this.table(schema).items.set(item.id, item)
  }

  /** @internal */
  remove({ id, layout }: Item): void {
    this.table(layout.schema).items.delete(id)
  }

  private table(schema: string): Table {
    let table = this.tables.get(schema)
    if (!table) this.tables.set(schema, (table = { root: new Layout(schema), items: new Map() }))
    return table
  }
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
