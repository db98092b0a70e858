/**
 * Changes: what is done to one item, and their bytes. A chunk is all that one commit does to one item:
 * ```
 * chunk  = 16 random bytes | string item id | string schema | varuint version | varuint count | change…
 * change = varuint action | string field | varuint tag | value
 * ```
 */
import { IbexError } from '../errors.js'
import type { ItemId } from '../ids.js'
import { requireItemId } from '../ids.js'
import { ByteReader, ByteWriter } from '../value/bytes.js'
import type { Value } from '../value/value.js'

// A tag's number is its place here: only ever append.
const TAGS = ['create', 'delete', 'restore', 'put', 'clear', 'inc', 'add', 'remove', 'mapPut', 'mapClear'] as const

/**
 * What a change does; the tag alone fixes how it merges.
 *
 * | tag | value |
 * |---|---|
 * | `create` `delete` `restore` | null; the field is empty |
 * | `put` `clear` | the value; null |
 * | `inc` | a safe integer |
 * | `add` | the element |
 * | `remove` | `[element, [[32 bytes of a commit id, or null for this commit, index], …]]`: the adds that are taken back |
 * | `mapPut` `mapClear` | `[key, value]`; the key |
 */
export type Tag = (typeof TAGS)[number]

/** One operation on one field. A tag that is a number is of a later version of Ibex: kept and relayed, never folded. */
export interface Change {
  /** Which of the commit's actions it belongs to. */
  readonly action: number
  readonly field: string
  readonly tag: Tag | number
  readonly value: Value
}

/** What one commit does to one item, in one version of its schema. A change's index is its place in `changes`. */
export interface Chunk {
  readonly item: ItemId
  readonly schema: string
  readonly version: number
  readonly changes: Change[]
}

const RANDOM = 16
// Versions are computed with: see `kindOf`.
const MAX_VERSION = 2 ** 32

/** Canonical bytes. `random` is 16 bytes, without which the chunk's hash would betray guessable values. */
export function encodeChunk(chunk: Chunk, random: Uint8Array): Uint8Array {
  if (random.length !== RANDOM) throw new IbexError('malformed-bytes', `A chunk begins with ${RANDOM} random bytes.`)
  const writer = new ByteWriter(256)
  writer.raw(random)
  writer.string(chunk.item)
  writer.string(chunk.schema)
  writer.varuint(chunk.version)
  writer.varuint(chunk.changes.length)
  for (const { action, field, tag, value } of chunk.changes) {
    writer.varuint(action)
    writer.string(field)
    writer.varuint(typeof tag === 'number' ? tag : TAGS.indexOf(tag))
    writer.value(value)
  }
  return writer.finish()
}

/**
 * Reads a chunk; values are deeply frozen. What a value must be for its tag is not checked: the fold passes over a change
 * that makes no sense, so that builds that know a tag and builds that do not hold the same commits valid.
 * @throws IbexError `malformed-bytes`, `malformed-id`
 */
export function decodeChunk(bytes: Uint8Array): Chunk {
  const reader = new ByteReader(bytes)
  reader.raw(RANDOM)
  const item = requireItemId(reader.string())
  const schema = reader.string()
  const version = reader.varuint()
  const changes: Change[] = []
  for (let left = reader.count(4); left > 0; left--) {
    const action = reader.varuint()
    const field = reader.string()
    const tag = reader.varuint()
    changes.push({ action, field, tag: TAGS[tag] ?? tag, value: reader.value() })
  }
  reader.end()
  if (version > MAX_VERSION) throw new IbexError('malformed-bytes', 'A version of a schema is too large.')
  return { item, schema, version, changes }
}

/**
 * Puts `change` into a list of changes that is still being written, and answers its index. Within one action the last
 * write of a register or of a key takes the place of the one before, and increments add up; what is not among the first
 * `known` changes of the list is not looked at.
 */
export function coalesce(changes: Change[], change: Change, known: number = changes.length): number {
  const { action, field, tag, value } = change
  const slot = SLOTS[tag as Tag]
  for (let at = known; slot && at-- > 0 && known - at < LOOK_BACK;) {
    const before = changes[at]!
    if (before.action !== action) break
    if (before.field !== field || SLOTS[before.tag as Tag] !== slot) continue
    if (slot === 3 && keyOf(before) !== keyOf(change)) continue
    changes[at] = slot === 2 ? { ...change, value: (before.value as number) + (value as number) } : change
    return at
  }
  return changes.push(change) - 1
}

/** So many changes at most are looked at, or one action of many changes to one item would cost their square. */
const LOOK_BACK = 128

/** Tags of one number may take each other's place. Not adds and removes: a remove names adds by their index. */
const SLOTS: { readonly [T in Tag]?: number } = { put: 1, clear: 1, inc: 2, mapPut: 3, mapClear: 3 }

function keyOf({ tag, value }: Change): unknown {
  return tag === 'mapPut' ? (value as readonly Value[])[0] : value
}
