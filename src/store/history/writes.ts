/** Writing what history works out: checked like any write, as one action where it fits into a commit. */
import { IbexError, type Issue } from '../../errors.js'
import type { Change } from '../../item/change.js'
import type { Deed, Track } from '../../history/deed.js'
import type { ActionPlace } from '../../history/ledger.js'
import type { Marks } from '../../history/marks.js'
import { toggle, type ItemWrites } from '../../history/toggle.js'
import type { Item } from '../../item/state.js'
import type { HistoryKeeper } from '../../repository/history-keeper.js'
import { MAX_ACTION_BYTES, weigh } from '../../repository/window.js'
import { checkStored } from '../../schema/check.js'
import type { SchemaShape } from '../../schema/shape.js'
import type { Value } from '../../value/value.js'
import type { Write } from '../collection-face.js'

/** Resolves when a write has come that far; see `Write.wait`. */
export type Waiter = (window: ReturnType<HistoryKeeper['journal']['repository']['writeMany']>) => Write

export const DONE: Write = Object.freeze({ wait: () => Promise.resolve() })

/** What was done to items, with what is pending. */
export interface Present {
  readonly marks: Marks
  deedsOf(track: Track): readonly Deed[]
  itemOf(track: Track): Item | undefined
}

export function presentOf(keeper: HistoryKeeper): Present {
  const pending = new Map<Track, Deed[]>()
  for (const commit of keeper.tail()) {
    for (const deed of commit.deeds) {
      const list = pending.get(deed.track)
      if (list) list.push(deed)
      else pending.set(deed.track, [deed])
    }
  }
  const { state } = keeper.journal.repository
  return {
    marks: keeper.marks(),
    deedsOf(track) {
      const more = pending.get(track)
      return more ? [...track.deeds, ...more] : track.deeds
    },
    itemOf: (track) => state.get(track.schema, track.id),
  }
}

/** What is to be written so that actions are not, or are again, in effect; what would not satisfy its schema is left out. */
export function* toggleWrites(keeper: HistoryKeeper, heads: readonly ActionPlace[], on: boolean): Iterable<ItemWrites> {
  for (const writes of toggle(presentOf(keeper), heads, on)) {
    const schema = keeper.schemaOf(writes.schema)
    const changes =
      schema?.version === writes.version ? writes.changes.filter((change) => isFit(schema, change)) : writes.changes
    if (changes.length > 0) yield { ...writes, changes }
  }
}

/** What earlier windows did to items that actions touched becomes commits: see `Repository.settleItem`. */
export function settleItems(keeper: HistoryKeeper, heads: readonly ActionPlace[]): void {
  const { repository } = keeper.journal
  const marks = keeper.marks()
  const places = heads.flatMap((head) => [head, ...marks.chainOf(head).map(({ place }) => place)])
  const tracks = places.flatMap((place) => marks.partsOf(place)).flatMap(({ commit }) => commit.deeds)
  for (const { track } of tracks) {
    const item = repository.state.get(track.schema, track.id)
    if (item) repository.settleItem(item)
  }
}

/**
 * Writes as one action; as several where one would be too large. `compute` is asked again when what is pending had to become
 * commits first. Throws `not-ready`, `reentrant`, `too-large`, and what `compute` throws.
 */
export function writeAll(
  keeper: HistoryKeeper,
  compute: () => readonly ItemWrites[],
  label: string | undefined,
  marked: boolean,
  waiter: Waiter,
): Write {
  const { repository } = keeper.journal
  let writes = compute()
  let whole = weightOf(writes) <= MAX_ACTION_BYTES
  // What is taken back is named by its commit, or as part of its own.
  if ((!whole || repository.isFull) && writes.some(namesPending)) {
    repository.settlePending()
    writes = compute()
    whole = weightOf(writes) <= MAX_ACTION_BYTES
  }
  if (writes.length === 0) return DONE
  if (writes.some((each) => weightOf([each]) > MAX_ACTION_BYTES)) {
    throw new IbexError('too-large', 'What is to be written of one item does not fit into one commit.')
  }
  const items = writes.map(({ schema, id, version, changes }) => ({
    id,
    schema: { name: schema, version },
    changes: [...changes],
  }))
  return waiter(repository.writeMany(items, label, { marked, whole }))
}

function weightOf(writes: readonly ItemWrites[]): number {
  return writes.reduce((sum, { id, schema, changes }) => sum + weigh(id, schema, changes), 0)
}

function namesPending({ changes }: ItemWrites): boolean {
  return changes.some(
    ({ tag, value }) =>
      tag === 'remove' && ((value as Value[])[1] as Value[]).some((add) => (add as Value[])[0] === null),
  )
}

/** Throws `invalid` where what is written does not satisfy its schema. */
export function requireFit(keeper: HistoryKeeper, writes: readonly ItemWrites[]): void {
  const issues: Issue[] = []
  for (const { schema: name, id, version, changes } of writes) {
    const schema = keeper.schemaOf(name)
    if (schema?.version !== version) continue
    for (const change of changes) {
      for (const { path, message } of issuesOf(schema, change)) issues.push({ path: [name, id, ...path], message })
    }
  }
  if (issues.length === 0) return
  const lines = issues.slice(0, 5).map(({ path, message }) => `${path.join('.')}: ${message}`)
  throw new IbexError(
    'invalid',
    `What was does not satisfy today's schema. ${lines.join('; ')}${issues.length > 5 ? '; …' : ''}`,
    { issues },
  )
}

function isFit(schema: SchemaShape, change: Change): boolean {
  return issuesOf(schema, change).length === 0
}

/** What is wrong with the value of a register that is written. */
function issuesOf(schema: SchemaShape, { tag, field, value }: Change): Issue[] {
  if (tag !== 'put' && tag !== 'clear') return []
  const stored: Record<string, Value | undefined> = { [field]: tag === 'put' ? value : undefined }
  return checkStored(schema, stored, [field])
}
