/** Who wrote what an item holds. */
import { fromHex } from '../ids.js'
import type { Change } from '../item/change.js'
import { kindOf } from '../item/layout.js'
import { recordsOf, WIDTH } from '../item/fields/sorted.js'
import { compareOrigins, type Origin } from '../item/origin.js'
import type { Item } from '../item/state.js'
import { equalBytes } from '../value/bytes.js'
import { equalValues } from '../value/order.js'
import { addsOf } from '../item/fields/set.js'
import type { MergeKind } from '../schema/shape.js'
import type { Value } from '../value/value.js'
import { isBytes } from '../value/value.js'
import type { Deed } from './deed.js'
import { keyOf, meaningOf } from './changes.js'

/** Who wrote something: the deed; or, where that is not here, only its origin. */
export interface Writer {
  readonly origin: Origin
  readonly deed: Deed | undefined
}

/** Who wrote a part of a set or map. */
export interface PartWriter extends Writer {
  readonly part: Value
}

/** The last of these deeds that wrote a field, in whatever way; for existence the field is empty. */
export function lastWriter(
  deeds: readonly Deed[],
  merge: MergeKind | 'existence',
  field: string,
  version: number | undefined,
  fits: (change: Change) => boolean = () => true,
): Deed | undefined {
  return deeds.findLast(
    (deed) =>
      (version === undefined || deed.version === version) &&
      deed.changes.some((change) => change.field === field && meaningOf(change.tag)?.merge === merge && fits(change)),
  )
}

/** Who wrote the elements of a set, or the entries of a map, that `item` holds after these deeds. */
export function partWriters(
  item: Item,
  deeds: readonly Deed[],
  merge: 'set' | 'map',
  field: string,
  version: number,
): PartWriter[] {
  const at = item.layout.find(field, kindOf(merge, version))
  if (at < 0) return []
  const writers: PartWriter[] = []
  if (merge === 'map') {
    const records = recordsOf(item.cells, at)
    for (let i = 0; i < records.length; i += WIDTH) {
      if (records[i + 2] === undefined) continue
      const key = records[i] as string
      const deed = lastWriter(deeds, 'map', field, version, (change) => keyOf(change) === key)
      writers.push({ part: key, origin: records[i + 1] as Origin, deed })
    }
    return writers
  }
  for (const [element, origin] of addsOf(item.cells, at)) {
    // Of several adds of one element the last counts.
    const last = writers.at(-1)
    if (last && equalValues(last.part, element)) {
      if (compareOrigins(last.origin, origin) > 0) continue
      writers.pop()
    }
    const deed = deeds.find(
      ({ commit, changes, version: written }) =>
        written === version &&
        isSame(commit.origin, origin) &&
        changes.some(({ tag, field: name, value }) => tag === 'add' && name === field && equalValues(value, element)),
    )
    writers.push({ part: element, origin, deed })
  }
  return writers
}

/** Whether two origins are of one commit, or of what will be one. */
export function isSame(a: Origin, b: Origin): boolean {
  return a === b || (a.id !== '' && a.id === b.id)
}

/** Whether a remove names an add of a commit, as [bytes of its id or null for its own, index]. */
export function names(tag: Value, remover: Origin, origin: Origin, index: number): boolean {
  const [commit, at] = Array.isArray(tag) ? (tag as Value[]) : []
  if (at !== index) return false
  if (commit === null) return isSame(remover, origin)
  return isBytes(commit) && origin.id !== '' && equalBytes(commit, fromHex(origin.id))
}
