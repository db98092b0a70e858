/**
 * Commits by several authors who see each other's now and then, in an order in which parents come first; and a naive
 * model of merging, which looks at all changes at once, to compare the fold with.
 */
import fc from 'fast-check'
import type { CommitId, ItemId, SessionId } from '../../src/ids.js'
import { toHex } from '../../src/ids.js'
import type { Foldable } from '../../src/history/fold.js'
import type { Change, Chunk } from '../../src/item/change.js'
import type { Value } from '../../src/value/value.js'

export interface TestCommit extends Foldable {
  /** Places of the parents in the list of commits. */
  readonly parents: readonly number[]
  readonly chunkList: readonly Chunk[]
}

export const ITEMS = ['a', 'b', 'c'] as ItemId[]
export const SCHEMA = 'task'
const SESSIONS = ['11', '22', '33'].map((byte) => byte.repeat(16) as SessionId)

const LEAVES: readonly Value[] = ['x', 'y', 'z', 0, 1.5, null, true, [1, 'q'], { k: ['v'] }, new Uint8Array([7])]

/** What an author draws for one change; what it means depends on what the author has seen. */
const step = fc.record({
  item: fc.nat(ITEMS.length - 1),
  kind: fc.nat(19),
  pick: fc.nat(1000),
  version: fc.integer({ min: 1, max: 2 }),
})

const draw = fc.record({
  author: fc.nat(2),
  // How many of the newest commits the author has not seen yet.
  behind: fc.nat(4),
  tick: fc.nat(2),
  salt: fc.nat(1_000_000),
  steps: fc.array(step, { minLength: 1, maxLength: 6 }),
})

/** Up to `max` commits. */
export function arbitraryCommits(max: number): fc.Arbitrary<TestCommit[]> {
  return fc.array(draw, { minLength: 1, maxLength: max }).map((draws) => {
    const commits: TestCommit[] = []
    for (const each of draws) commits.push(commitOf(each, commits))
    return commits
  })
}

type Draw = typeof draw extends fc.Arbitrary<infer T> ? T : never

function commitOf({ author, behind, tick, salt, steps }: Draw, before: readonly TestCommit[]): TestCommit {
  const seen = new Set(before.keys())
  for (let n = before.length - behind; n < before.length; n++) seen.delete(n)
  const parents = [...seen].filter((n) => ![...seen].some((other) => before[other]!.parents.includes(n)))
  // Times of commits that do not know of each other are often equal, so that ids decide.
  const ms = Math.max(0, ...parents.map((n) => before[n]!.header.time.ms)) + 1 + tick
  const id = hashLike(before.length, salt)
  const chunks: Chunk[] = []
  for (const { item, kind, pick, version } of steps) {
    const name = ITEMS[item]!
    let chunk = chunks.find((other) => other.item === name && other.version === version)
    if (!chunk) chunks.push((chunk = { item: name, schema: SCHEMA, version, changes: [] }))
    chunk.changes.push(
      changeOf(
        kind,
        pick,
        chunk,
        [...seen].map((n) => before[n]!),
      ),
    )
  }
  return {
    id,
    header: { time: { ms, counter: 0 }, session: SESSIONS[author]! },
    actions: { length: 1 },
    chunks: [],
    chunkList: chunks,
    parents,
  }
}

function changeOf(kind: number, pick: number, chunk: Chunk, seen: readonly TestCommit[]): Change {
  const leaf = LEAVES[pick % LEAVES.length]!
  const key = 'kmn'[pick % 3]!
  const make = (field: string, tag: Change['tag'], value: Value): Change => ({ action: 0, field, tag, value })
  if (kind < 3) return make('', 'create', null)
  if (kind < 4) return make('', 'delete', null)
  if (kind < 5) return make('', 'restore', null)
  if (kind < 8) return make(pick % 2 ? 'title' : 'done', 'put', leaf)
  if (kind < 9) return make('title', 'clear', null)
  if (kind < 11) return make('votes', 'inc', pick % 5 === 0 ? Number.MAX_SAFE_INTEGER - pick : (pick % 7) - 3)
  if (kind < 13) return make('tags', 'add', leaf)
  if (kind < 15) return make('tags', 'remove', removal(pick, chunk, seen))
  if (kind < 17) return make('scores', 'mapPut', [key, leaf])
  if (kind < 18) return make('scores', 'mapClear', key)
  // Fields that share a name with another kind, tags of later versions, and nonsense.
  return [
    make('title', 'add', leaf),
    make('tags', 'put', leaf),
    make('title', 99, leaf),
    make('votes', 'inc', 'many'),
    make('tags', 'remove', leaf),
    make('scores', 'mapPut', leaf),
  ][pick % 6]!
}

/** Takes an element back that the author has seen; sometimes one of the same chunk. */
function removal(pick: number, chunk: Chunk, seen: readonly TestCommit[]): Value {
  const adds: { element: Value; tag: Value }[] = []
  for (const commit of seen) {
    for (const { item, version, changes } of commit.chunkList) {
      if (item !== chunk.item || version !== chunk.version) continue
      changes.forEach(({ tag, value }, index) => {
        if (tag === 'add') adds.push({ element: value, tag: [bytesOf(commit.id), index] })
      })
    }
  }
  chunk.changes.forEach(({ tag, value }, index) => {
    if (tag === 'add') adds.push({ element: value, tag: [null, index] })
  })
  if (adds.length === 0) return ['x', []]
  const { element } = adds[pick % adds.length]!
  const same = adds.filter((add) => keyOf(add.element) === keyOf(element)).map((add) => add.tag)
  return [element, pick % 4 === 0 ? same.slice(1) : same]
}

function hashLike(n: number, salt: number): CommitId {
  // The salt leads, so that the order of ids is not that of commits.
  return (salt.toString(16).padStart(8, '0') + n.toString(16).padStart(8, '0')).repeat(4) as CommitId
}

function bytesOf(id: CommitId): Uint8Array {
  return Uint8Array.from({ length: 32 }, (_, i) => Number.parseInt(id.slice(i * 2, i * 2 + 2), 16))
}

/** A text that two values share when they are equal. */
export function keyOf(value: Value): string {
  return JSON.stringify(value, (_, inner: unknown) => (inner instanceof Uint8Array ? { bytes: toHex(inner) } : inner))
}

/** What the model says of one item in one version. Sets as the sorted texts of their elements. */
export interface ModelItem {
  existence: 'missing' | 'present' | 'deleted'
  created: string | undefined
  updated: string | undefined
  fields: Record<string, unknown>
}

/** Merges by the definitions of architecture, section 5, with all changes on the table. */
export function modelOf(commits: readonly TestCommit[], item: ItemId, version: number): ModelItem {
  const ordered = [...commits].sort(
    (a, b) => a.header.time.ms - b.header.time.ms || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0),
  )
  const model: ModelItem = { existence: 'missing', created: undefined, updated: undefined, fields: {} }
  let deleted = false
  const removed = new Set<string>()
  const adds: { element: string; tag: string }[] = []
  let sum: bigint | undefined
  for (const commit of ordered) {
    for (const chunk of commit.chunkList) {
      if (chunk.item !== item) continue
      model.updated = commit.id
      chunk.changes.forEach(({ field, tag, value }, index) => {
        if (tag === 'create') model.created ??= commit.id
        if (tag === 'create' || tag === 'restore') deleted = false
        if (tag === 'delete') deleted = true
        if (chunk.version !== version) return
        const parts = Array.isArray(value) ? value : []
        if (tag === 'put') model.fields[`register ${field}`] = value
        if (tag === 'clear') model.fields[`register ${field}`] = undefined
        if (tag === 'inc' && Number.isSafeInteger(value)) sum = (sum ?? 0n) + BigInt(value as number)
        if (tag === 'mapPut' && parts.length === 2 && typeof parts[0] === 'string') {
          model.fields[`map ${field} ${parts[0]}`] = parts[1]
        }
        if (tag === 'mapClear' && typeof value === 'string') model.fields[`map ${field} ${value}`] = undefined
        if (tag === 'add') adds.push({ element: `${field} ${keyOf(value)}`, tag: `${commit.id} ${index}` })
        if (tag === 'remove' && parts.length === 2 && Array.isArray(parts[1])) {
          for (const [id, at] of parts[1] as [Uint8Array | null, number][]) {
            removed.add(`${field} ${keyOf(parts[0] as Value)} ${id ? toHex(id) : commit.id} ${at}`)
          }
        }
      })
    }
  }
  for (const { element, tag } of adds) if (!removed.has(`${element} ${tag}`)) model.fields[`set ${element}`] = true
  if (sum !== undefined) model.fields['counter votes'] = Number(sum)
  for (const key in model.fields) if (model.fields[key] === undefined) delete model.fields[key]
  model.existence = model.created ? (deleted ? 'deleted' : 'present') : 'missing'
  return model
}
