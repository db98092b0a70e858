/**
 * What history is made of: commits with what their actions did, and for each item its *track*, all that was ever done to
 * it, by ascending stamp. A *deed* is what one action did to one item in one version of its schema.
 */
import type { Action } from '../graph/body.js'
import type { CommitKind } from '../graph/header.js'
import type { CommitId, ItemId, Lane } from '../ids.js'
import type { Change, Chunk } from '../item/change.js'
import type { Layout } from '../item/layout.js'
import type { Origin } from '../item/origin.js'
import type { Item } from '../item/state.js'

/** How an action stands: in no commit yet, before the authority has spoken, accepted, or without effect because it was refused. */
export type Standing = 'pending' | 'provisional' | 'accepted' | 'void'

/** A commit as history sees it; or, while it is pending, what will be one. */
export interface PastCommit {
  readonly origin: Origin
  readonly kind: CommitKind
  /** Bytes as stored. */
  readonly size: number
  /** Those that history has. */
  readonly parents: readonly PastCommit[]
  /** Empty for joins and seals. */
  readonly lane: Lane | ''
  readonly flush: number
  readonly actions: readonly Action[]
  /** Ascending by action. */
  readonly deeds: readonly Deed[]
  standing: Standing
  /** Its place among all commits by their stamps. */
  index: number
  /** How many actions with effect come before its first. */
  start: number
}

export interface Deed {
  readonly commit: PastCommit
  /** Which of its actions. */
  readonly action: number
  readonly track: Track
  readonly version: number
  readonly changes: readonly Change[]
  /** Their places in their chunk, where they are not those of the list. */
  readonly indexes: readonly number[] | undefined
}

/** All that was done to one item, without what is void or pending. */
export interface Track {
  readonly schema: string
  readonly id: ItemId
  /** The layout without fields of the items of its schema. */
  readonly root: Layout
  /** The item before the first deed; undefined where nothing was known of it. */
  base: Item | undefined
  /** By ascending stamp. */
  readonly deeds: Deed[]
  readonly kept: Kept
}

/** What is worked out of a track's deeds when somebody asks, and holds as long as they stay as they are. */
export interface Kept {
  /** The item after some number of deeds, and after its multiples. */
  readonly states: Item[]
  stride: number
  /** By what they are of; see `column.ts`. */
  columns: Map<string, Column> | undefined
  /** Snapshots that somebody may still hold, by how many deeds they show. */
  shown: Map<number, WeakRef<object>> | undefined
}

/** What something about an item was in the course of time. */
export interface Column {
  /** `values[i]` was from so many deeds on. Ascending; the first is 0. */
  readonly counts: number[]
  readonly values: unknown[]
  /** How many deeds were looked at. */
  upTo: number
}

/** What is seen at a moment; see `sight.ts`. */
export interface Sight {
  /** The commit of the last action that is seen; undefined: nothing is. */
  readonly last: PastCommit | undefined
  /** How many of its actions are seen. */
  readonly actions: number
  /** What is not seen of what came before; and the items that it touched. */
  readonly except: ReadonlySet<PastCommit>
  readonly concerned: ReadonlySet<Track>
}

/** How many actions with effect a commit has. */
export function effective({ standing, actions }: PastCommit): number {
  return standing === 'void' ? 0 : actions.length
}

/**
 * Splits what a commit did to items into deeds, ascending by action. Where the order of a commit's changes is not that of
 * its actions, which no store writes, all of them count for the last action: so that after a whole commit an item is what
 * the fold made of it.
 */
export function splitChunks(
  commit: PastCommit,
  chunks: readonly Chunk[],
  open: (schema: string, id: ItemId) => Track,
): Deed[] {
  const deeds: Deed[] = []
  for (let from = 0; from < chunks.length;) {
    const { item, schema } = chunks[from]!
    let to = from + 1
    while (to < chunks.length && chunks[to]!.item === item && chunks[to]!.schema === schema) to++
    const track = open(schema, item)
    const whole = !isOrdered(chunks, from, to)
    const last = whole ? lastAction(chunks, from, to) : 0
    for (; from < to; from++) {
      const { version, changes } = chunks[from]!
      if (changes.length === 0) continue
      if (whole) deeds.push({ commit, action: last, track, version, changes, indexes: undefined })
      else split(deeds, commit, track, version, changes)
    }
  }
  // Stable: what one action did to several items, or versions of one, stays in the commit's order.
  if (commit.actions.length > 1) deeds.sort((a, b) => a.action - b.action)
  return deeds
}

function split(deeds: Deed[], commit: PastCommit, track: Track, version: number, changes: readonly Change[]): void {
  for (let from = 0; from < changes.length;) {
    const { action } = changes[from]!
    let to = from + 1
    while (to < changes.length && changes[to]!.action === action) to++
    const all = from === 0 && to === changes.length
    deeds.push({
      commit,
      action,
      track,
      version,
      changes: all ? changes : changes.slice(from, to),
      indexes: from === 0 ? undefined : Array.from({ length: to - from }, (_, i) => from + i),
    })
    from = to
  }
}

/** Whether chunks of one item can be taken apart by action without a change of what they do together. */
function isOrdered(chunks: readonly Chunk[], from: number, to: number): boolean {
  let lives = 0
  for (let i = from; i < to; i++) {
    const { changes } = chunks[i]!
    for (let j = 1; j < changes.length; j++) if (changes[j]!.action < changes[j - 1]!.action) return false
    // Existence is the same for all versions.
    if (changes.some(({ tag }) => tag === 'create' || tag === 'delete' || tag === 'restore')) lives++
  }
  return lives < 2
}

function lastAction(chunks: readonly Chunk[], from: number, to: number): number {
  let last = 0
  for (let i = from; i < to; i++) for (const { action } of chunks[i]!.changes) last = Math.max(last, action)
  return last
}

/** The id of a commit that is one. */
export function idOf({ origin }: PastCommit): CommitId {
  return origin.id as CommitId
}

/** Deeds by what they were done to, in their order. */
export function byTrack(deeds: Iterable<Deed>): Map<Track, Deed[]> {
  const groups = new Map<Track, Deed[]>()
  for (const deed of deeds) {
    const group = groups.get(deed.track)
    if (group) group.push(deed)
    else groups.set(deed.track, [deed])
  }
  return groups
}
