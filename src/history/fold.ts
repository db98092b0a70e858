/**
 * The fold: from commits to state. Here alone items and commits meet. Each function answers the items that it may have
 * changed visibly, so that whoever shows them can ask for their snapshots anew; the rest of the repository costs nothing
 * (I-7).
 *
 * A commit must be folded once at most; who folds knows which ones it had. Commits may come in any order (I-6).
 */
import { IbexError } from '../errors.js'
import type { LoadedCommit } from '../graph/commit.js'
import type { CommitId } from '../ids.js'
import type { Change, Chunk } from '../item/change.js'
import { coalesce, decodeChunk } from '../item/change.js'
import type { Origin } from '../item/origin.js'
import { settledOrigin, settleOrigin } from '../item/origin.js'
import type { Item } from '../item/state.js'
import { applyChanges, cloneItem, createItem } from '../item/state.js'
import type { Part, Provisional, RepositoryState } from './state.js'
import { layerOf } from './state.js'

/** What of a commit the fold needs. */
export type Foldable = Pick<LoadedCommit, 'id' | 'chunks'> & {
  readonly header: Pick<LoadedCommit['header'], 'time' | 'session'>
  readonly actions: { readonly length: number }
}

/**
 * Reads the chunks that a commit has; withheld ones are passed over. To be called before a commit is admitted, because
 * a commit that is malformed here is malformed for everybody.
 * @throws IbexError `malformed-bytes`, `malformed-id`
 */
export function chunksOf({ chunks, actions }: Foldable): Chunk[] {
  const read = chunks.flatMap(({ bytes }) => (bytes ? [decodeChunk(bytes)] : []))
  if (read.some(({ changes }) => changes.some(({ action }) => action >= actions.length))) {
    throw new IbexError('malformed-bytes', 'A change of an action that its commit does not have.')
  }
  return read
}

/** Folds an accepted commit; one that was provisional becomes accepted. `chunks` where they were read before. */
export function foldAccepted(state: RepositoryState, commit: Foldable, chunks?: readonly Chunk[]): Item[] {
  return accept(state, commit.id) ? [] : fold(state, commit, chunks)
}

/** Folds a commit that the authority has not judged yet; one that is provisional already is passed over. */
export function foldProvisional(state: RepositoryState, commit: Foldable, chunks?: readonly Chunk[]): Item[] {
  if (state.provisional.has(commit.id)) return []
  const parts: Part[] = []
  const items = fold(state, commit, chunks, parts)
  state.provisional.set(commit.id, { origin: parts[0]?.origin ?? originOf(state, commit), parts })
  return items
}

/** Folds into the visible layer, noting `parts`, or without them into both. */
function fold(
  state: RepositoryState,
  commit: Foldable,
  chunks: readonly Chunk[] = chunksOf(commit),
  parts?: Part[],
): Item[] {
  const origin = originOf(state, commit)
  const changed = new Set<Item>()
  for (const { schema, item: id, version, changes } of chunks) {
    const item = state.open(schema, id)
    const part: Part = { item, origin, version, changes }
    if (parts) overlay(part, parts)
    else if (item.layer) applyToBase(state, part)
    if (applyChanges(item, part, origin)) changed.add(item)
  }
  return [...changed]
}

/** Makes a provisional commit accepted, which nobody sees. Whether there was one. */
export function accept(state: RepositoryState, id: CommitId): boolean {
  for (const part of state.provisional.get(id)?.parts ?? []) {
    // With nothing left over it, what is accepted is what was seen: the order in which it came does not matter (I-6).
    if (layerOf(part.item)!.parts.length === 1) part.item.layer = undefined
    else {
      withdraw(part)
      applyToBase(state, part)
    }
  }
  return state.provisional.delete(id)
}

/** Takes a provisional commit's effects out again. An item of which nothing is left is answered too, as one never created. */
export function voidCommit(state: RepositoryState, id: CommitId): Item[] {
  const parts = state.provisional.get(id)?.parts ?? []
  state.provisional.delete(id)
  for (const part of parts) withdraw(part)
  return refold(state, parts)
}

/** Opens changes that are in no commit yet; see `pendingOrigin`. At most one is open at a time. */
export function openPending(origin: Origin): Provisional {
  return { origin, parts: [] }
}

/**
 * Writes changes to an item (of `RepositoryState.open`, where it is new), pending. They are coalesced with what their action
 * wrote before; their values are frozen. Where several versions are written, only one of them creates, deletes and
 * restores.
 */
export function foldPending({ origin, parts }: Provisional, item: Item, version: number, changes: Change[]): void {
  const known = layerOf(item)?.parts
  let part: Part | undefined
  for (let at = known ? known.length : 0; !part && at-- > 0;) {
    const each = known![at]!
    if (each.origin === origin && each.version === version) part = each
  }
  let indexes: number[] | undefined
  if (part) {
    const { length } = part.changes
    indexes = []
    for (let i = 0; i < changes.length; i++) indexes[i] = coalesce(part.changes, changes[i]!, length)
  } else {
    // Copied, because engines leave room for more in lists that have grown.
    overlay({ item, origin, version, changes: changes.slice() }, parts)
  }
  applyChanges(item, { changes, version }, origin, indexes)
}

/** What is to be written of a part into its commit. */
export function chunkOf({ item, version, changes }: Part): Chunk {
  return { item: item.id, schema: item.layout.schema, version, changes }
}

/** Takes back what an action wrote, and all later ones; earlier actions stay. Items as in {@link voidCommit}. */
export function undoPending(state: RepositoryState, pending: Provisional, action: number): Item[] {
  const shortened = pending.parts.filter(({ changes }) => {
    const kept = changes.findIndex((change) => change.action >= action)
    if (kept >= 0) changes.length = kept
    return kept >= 0
  })
  for (const part of shortened) if (part.changes.length === 0) withdraw(part)
  pending.parts = pending.parts.filter(({ changes }) => changes.length > 0)
  return refold(state, shortened)
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
  const items = new Set(origin.ms === time.ms ? [] : parts.map(({ item }) => item))
  for (const item of items) item.stale = true
  settleOrigin(origin, time, id)
  state.provisional.set(id, pending)
  return [...items]
}

function originOf(state: RepositoryState, { id, header }: Foldable): Origin {
  return settledOrigin(header.time, id, state.sessionOf(header.session))
}

/**
 * Notes a part that is about to be folded over what is accepted. It is the accepted item that is copied, because it is
 * seldom needed and soon dropped, while the visible one stays the same object.
 */
function overlay(part: Part, parts: Part[]): void {
  const { item } = part
  const layer = layerOf(item)
  if (layer) layer.parts.push(part)
  // What no origin has touched is new.
  else item.layer = { base: item.updated && cloneItem(item), parts: [part] }
  parts.push(part)
}

function applyToBase(state: RepositoryState, part: Part): void {
  const { id, layout } = part.item
  const layer = layerOf(part.item)!
  layer.base ??= createItem(id, state.root(layout.schema))
  applyChanges(layer.base, part, part.origin)
}

/** Takes a part out of the layer of its item. */
function withdraw(part: Part): void {
  const layer = layerOf(part.item)!
  layer.parts = layer.parts.filter((each) => each !== part)
}

/** Folds the visible items of parts again from the accepted ones and what is left in their layers. */
function refold(state: RepositoryState, parts: readonly Part[]): Item[] {
  const items = new Set(parts.map(({ item }) => item))
  for (const item of items) refoldItem(state, item)
  return [...items]
}

/** Folds the visible item again from the accepted one and what is left in its layer. */
export function refoldItem(state: RepositoryState, item: Item): void {
  const { id, layout, layer, snapshot } = item
  const { base, parts: left } = layerOf(item)!
  Object.assign(item, base ? cloneItem(base) : createItem(id, state.root(layout.schema)), { snapshot, stale: true })
  for (const part of left) applyChanges(item, part, part.origin)
  if (left.length > 0) item.layer = layer
  else if (!base) state.remove(item)
}
