/** Leaving values out of a recording: what holds one is hidden as a whole, behind its hash where others must still verify. */
import type { Commit } from '../graph/commit.js'
import { stripCommit } from '../graph/commit.js'
import { type Change, decodeChunk } from '../item/change.js'
import { entriesOf } from '../item/fields/map.js'
import { elementsOf } from '../item/fields/set.js'
import { COUNTER, REGISTER, SET } from '../item/layout.js'
import type { Item } from '../item/state.js'

/** A value of an item, as it is stored. */
export interface StoredValue {
  readonly schema: string
  readonly id: string
  /** Empty for what creates, deletes or restores the item. */
  readonly field: string
  /** Of a map. */
  readonly key: string | undefined
  /** Of a set an element; of a counter the step, or the sum so far. */
  readonly value: unknown
}

/** Which values a recording leaves out: true for one hides all that its commit did to that item. */
export type Redact = (value: StoredValue) => boolean

/** The commit's bytes without the chunks that hold something to be hidden. */
export function redactCommit(commit: Commit, redact: Redact): Uint8Array {
  const hides = commit.chunks.map(({ bytes }) => {
    if (!bytes) return true
    const { schema, item: id, changes } = decodeChunk(bytes)
    return changes.some((change) => redact({ schema, id, field: change.field, ...contentOf(change) }))
  })
  return stripCommit(commit, (index) => !hides[index]).bytes
}

/** Whether an item holds something to be hidden. */
export function isRedacted({ id, layout, cells }: Item, redact: Redact): boolean {
  const { schema } = layout
  const hides = (field: string, value: unknown, key?: string): boolean => redact({ schema, id, field, key, value })
  if (hides('', null)) return true
  for (let field = layout.last; field.before; field = field.before) {
    const { name, at } = field
    const merge = field.kind % 4
    const cell = cells[at]
    if (cell === undefined) continue
    if (merge === REGISTER || merge === COUNTER) {
      if (hides(name, typeof cell === 'bigint' ? Number(cell) : cell)) return true
    } else if (merge === SET) {
      if (elementsOf(cells, at).some((element) => hides(name, element))) return true
    } else if (Object.entries(entriesOf(cells, at)).some(([key, value]) => hides(name, value, key))) return true
  }
  return false
}

/** What a change writes or takes away, whatever its tag wraps it in. */
function contentOf({ tag, value }: Change): { key: string | undefined; value: unknown } {
  const [first, second] = Array.isArray(value) ? (value as unknown[]) : []
  if (tag === 'remove') return { key: undefined, value: first }
  if (tag === 'mapPut') return { key: first as string, value: second }
  if (tag === 'mapClear') return { key: value as string, value: undefined }
  return { key: undefined, value }
}
