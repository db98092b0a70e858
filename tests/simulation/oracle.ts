/**
 * Merging as architecture, section 5, defines it, by looking at all accepted commits at once: no stamps are kept, nothing is
 * incremental, nothing is shared with the fold. What replicas hold is compared with this.
 */
import type { Commit } from '../../src/graph/commit.js'
import { toHex } from '../../src/ids.js'
import { type Chunk, decodeChunk } from '../../src/item/change.js'
import { compareStrings, compareValues } from '../../src/value/order.js'
import type { Value } from '../../src/value/value.js'

export interface OracleItem {
  existence: 'missing' | 'present' | 'deleted'
  /** By `merge field`: what stands there, in stored form; undefined where it was cleared. */
  readonly fields: Map<string, Value | undefined>
}

/** Items by `schema/id`. */
export type Oracle = ReadonlyMap<string, OracleItem>

interface Add {
  readonly element: Value
  readonly tag: string
}

export function replay(accepted: readonly Commit[]): Oracle {
  const ordered = accepted.slice().sort(byStamp)
  const items = new Map<string, OracleItem>()
  const chunks = ordered.flatMap((commit) =>
    commit.chunks.map(({ bytes }): [Commit, Chunk] => [commit, decodeChunk(bytes!)]),
  )
  const adds = new Map<string, Add[]>()
  const removed = new Set<string>()
  const created = new Set<string>()
  for (const [{ id }, { schema, item, changes }] of chunks) {
    const name = `${schema}/${item}`
    const state = items.get(name) ?? { existence: 'missing', fields: new Map() }
    items.set(name, state)
    changes.forEach(({ field, tag, value }, index) => {
      const parts = value as readonly Value[]
      const set = (merge: string, to: Value | undefined): unknown => state.fields.set(`${merge} ${field}`, to)
      switch (tag) {
        case 'create':
          created.add(name)
          state.existence = 'present'
          break
        case 'delete':
          state.existence = 'deleted'
          break
        case 'restore':
          state.existence = 'present'
          break
        case 'put':
          set('register', value)
          break
        case 'clear':
          set('register', undefined)
          break
        case 'inc':
          set('counter', ((state.fields.get(`counter ${field}`) ?? 0) as number) + (value as number))
          break
        case 'mapPut':
        case 'mapClear': {
          const map = { ...(state.fields.get(`map ${field}`) as Record<string, Value>) }
          if (tag === 'mapPut') map[parts[0] as string] = parts[1]!
          else delete map[value as string]
          set('map', map)
          break
        }
        case 'add': {
          const key = `${name} ${field}`
          adds.set(key, [...(adds.get(key) ?? []), { element: value, tag: `${id} ${index}` }])
          set('set', [])
          break
        }
        case 'remove':
          for (const [commit, at] of parts[1] as [Uint8Array | null, number][]) {
            removed.add(`${name} ${field} ${commit ? toHex(commit) : id} ${at}`)
          }
          set('set', [])
      }
    })
  }
  for (const [name, state] of items) {
    if (!created.has(name)) state.existence = 'missing'
    for (const [key] of state.fields) {
      if (!key.startsWith('set ')) continue
      const place = `${name} ${key.slice(4)}`
      const standing = (adds.get(place) ?? []).filter(({ tag }) => !removed.has(`${place} ${tag}`))
      const elements = standing.map(({ element }) => element).sort(compareValues)
      state.fields.set(
        key,
        elements.filter((element, i) => i === 0 || compareValues(element, elements[i - 1]!) !== 0),
      )
    }
  }
  return items
}

function byStamp(a: Commit, b: Commit): number {
  const [x, y] = [a.header.time, b.header.time]
  return x.ms - y.ms || x.counter - y.counter || compareStrings(a.id, b.id)
}
