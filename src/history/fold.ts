/**
 * The fold: from commits to state. Here alone items and commits meet. Each function says which items it changed visibly,
 * so that whoever shows them can ask for their snapshots anew; the rest of the repository costs nothing (I-7).
 *
 * A commit must be folded once at most; who folds knows which ones it had. Commits may come in any order (I-6).
 */
import { IbexError } from '../errors.js'
import type { CommitId, ItemId } from '../ids.js'
import type { Commit } from '../graph/commit.js'
import type { Change, Chunk } from '../item/change.js'
import { coalesce, decodeChunk } from '../item/change.js'
import type { Origin } from '../item/origin.js'
import { settledOrigin, settleOrigin } from '../item/origin.js'
import { applyChange, applyChunk, cloneItem, Item, touch, trim } from '../item/state.js'
import type { Layer, Part, Provisional, RepositoryState } from './state.js'
import { layerOf } from './state.js'

/** What of a commit the fold needs. */
export type Foldable = Pick<Commit, 'id' | 'chunks'> & {
  readonly header: Pick<Commit['header'], 'time' | 'session'>
  readonly actions: { readonly length: number }
}

/**
 * Reads the chunks that a commit has; withheld ones are passed over. To be called before a commit is admitted, because
 * a commit that is malformed here is malformed for everybody.
 * @throws IbexError `malformed-bytes`
 */
export function chunksOf(commit: Foldable): Chunk[] {
  const chunks: Chunk[] = []
  for (const { bytes } of commit.chunks) {
    if (!bytes) continue
    const chunk = decodeChunk(bytes)
    if (chunk.changes.some(({ action }) => action >= commit.actions.length)) {
      throw new IbexError('malformed-bytes', 'A change of an action that its commit does not have.')
    }
    chunks.push(chunk)
  }
  return chunks
}

/** Folds an accepted commit; one that was provisional becomes accepted. `chunks` where they were read before. */
export function foldAccepted(
  state: RepositoryState,
  commit: Foldable,
  chunks: readonly Chunk[] = chunksOf(commit),
): Item[] {
  if (state.provisional.has(commit.id)) {
    accept(state, commit.id)
    return []
  }
  const origin = originOf(commit)
  const changed = new Set<Item>()
  for (const chunk of chunks) {
    let item = state.get(chunk.schema, chunk.item)
    const layer = item && layerOf(item)
    if (layer) applyChunk((layer.base ??= blank(state, chunk)), chunk, origin)
    if (!item) state.put((item = blank(state, chunk)))
    if (applyChunk(item, chunk, origin)) changed.add(item)
  }
  return [...changed]
}

/** Folds a commit that the authority has not judged yet; one that is provisional already is passed over. */
export function foldProvisional(
  state: RepositoryState,
  commit: Foldable,
  chunks: readonly Chunk[] = chunksOf(commit),
): Item[] {
  if (state.provisional.has(commit.id)) return []
  const origin = originOf(commit)
  const provisional: Provisional = { origin, parts: [] }
  state.provisional.set(commit.id, provisional)
  const changed = new Set<Item>()
  for (const chunk of chunks) {
    const part = { origin, chunk }
    provisional.parts.push(part)
    const item = overlaid(state, chunk.schema, chunk.item)
    layerOf(item)!.parts.push(part)
    if (applyChunk(item, chunk, origin)) changed.add(item)
  }
  return [...changed]
}

/** Makes a provisional commit accepted, which nobody sees. Whether there was one. */
export function accept(state: RepositoryState, id: CommitId): boolean {
  const provisional = state.provisional.get(id)
  if (!provisional) return false
  state.provisional.delete(id)
  for (const part of provisional.parts) {
    const item = state.get(part.chunk.schema, part.chunk.item)!
    const layer = layerOf(item)!
    drop(layer.parts, part)
    // With nothing left over it, what is accepted is what was seen: the order in which it came does not matter (I-6).
    if (layer.parts.length === 0) item.layer = undefined
    else applyChunk((layer.base ??= blank(state, part.chunk)), part.chunk, part.origin)
  }
  return true
}

/** Takes a provisional commit's effects out again. An item of which nothing is left is answered too, as one never created. */
export function voidCommit(state: RepositoryState, id: CommitId): Item[] {
  const provisional = state.provisional.get(id)
  if (!provisional) return []
  state.provisional.delete(id)
  const items = new Set<Item>()
  for (const part of provisional.parts) items.add(withdraw(state, part))
  return [...items].map((item) => refold(state, item))
}

/** Opens changes that are in no commit yet; see `pendingOrigin`. At most one is open at a time. */
export function openPending(origin: Origin): Provisional {
  return { origin, parts: [] }
}

/** Writes changes to an item, pending. They are coalesced with what their action wrote before. */
export function foldPending(
  state: RepositoryState,
  pending: Provisional,
  schema: { readonly name: string; readonly version: number },
  id: ItemId,
  changes: readonly Change[],
): Item {
  const { origin } = pending
  const { name, version } = schema
  const item = overlaid(state, name, id)
  const { parts } = layerOf(item)!
  let at = parts.length - 1
  while (at >= 0 && !(parts[at]!.origin === origin && parts[at]!.chunk.version === version)) at--
  let part = parts[at]
  if (!part) {
    part = { origin, chunk: { item: id, schema: name, version, changes: [] } }
    parts.push(part)
    pending.parts.push(part)
  }
  const cells = item.cells.length
  for (const change of changes) applyChange(item, change, version, origin, coalesce(part.chunk.changes, change))
  trim(item, cells)
  touch(item, origin)
  return item
}

/** Takes back what an action wrote, and all later ones; earlier actions stay. Items as in {@link voidCommit}. */
export function undoPending(state: RepositoryState, pending: Provisional, action: number): Item[] {
  const items = new Set<Item>()
  for (let at = pending.parts.length - 1; at >= 0; at--) {
    const part = pending.parts[at]!
    const { changes } = part.chunk
    let kept = changes.length
    while (kept > 0 && changes[kept - 1]!.action >= action) kept--
    if (kept === changes.length) continue
    changes.length = kept
    if (kept === 0) {
      pending.parts.splice(at, 1)
      items.add(withdraw(state, part))
    } else items.add(state.get(part.chunk.schema, part.chunk.item)!)
  }
  return [...items].map((item) => refold(state, item))
}

/**
 * Makes pending changes a provisional commit, in place. For the time see `settleOrigin`; with the milliseconds that the
 * pending origin had, all that was seen stays as it was. With others, the items that show them are answered.
 */
export function settlePending(
  state: RepositoryState,
  pending: Provisional,
  time: { readonly ms: number; readonly counter: number },
  id: CommitId,
): Item[] {
  const { origin, parts } = pending
  const shows = origin.ms !== time.ms
  settleOrigin(origin, time, id)
  state.provisional.set(id, pending)
  if (!shows) return []
  const items = new Set(parts.map(({ chunk }) => state.get(chunk.schema, chunk.item)!))
  for (const item of items) item.stale = true
  return [...items]
}

function originOf({ id, header }: Foldable): Origin {
  return settledOrigin(header.time, id, header.session)
}

function blank(state: RepositoryState, chunk: Chunk): Item {
  return new Item(chunk.item, state.layout(chunk.schema))
}

/** The visible item, apart from the accepted one. */
function overlaid(state: RepositoryState, schema: string, id: ItemId): Item {
  const item = state.get(schema, id)
  if (item?.layer) return item
  const view = item ? cloneItem(item) : new Item(id, state.layout(schema))
  const layer: Layer = { base: item, parts: [] }
  view.layer = layer
  // Until it is seen again it needs none.
  if (item) item.snapshot = undefined
  state.put(view)
  return view
}

/** Takes a part out of the layer of its item. */
function withdraw(state: RepositoryState, part: Part): Item {
  const item = state.get(part.chunk.schema, part.chunk.item)!
  drop(layerOf(item)!.parts, part)
  return item
}

/** Folds the visible item again from the accepted one and what is left in its layer. */
function refold(state: RepositoryState, item: Item): Item {
  const { base, parts } = layerOf(item)!
  let view = base
  if (parts.length > 0) {
    view = base ? cloneItem(base) : new Item(item.id, state.layout(item.schema))
    view.layer = item.layer
    for (const { chunk, origin } of parts) applyChunk(view, chunk, origin)
  }
  if (view) state.put(view)
  else {
    state.remove(item)
    view = new Item(item.id, state.layout(item.schema))
  }
  view.snapshot = item.snapshot
  view.stale = true
  return view
}

function drop<T>(list: T[], element: T): void {
  list.splice(list.indexOf(element), 1)
}
