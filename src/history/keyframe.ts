/**
 * Keyframes: the accepted state of a repository as bytes, from which it is opened without folding its history.
 * ```
 * keyframe = 1 | varuint length, tables | count | varuint length of each item… | item…
 * tables   = count | string… | count | (varuint ms | varuint counter | 32 bytes commit id | 16 bytes session)…
 * ```
 * Items ascend by schema and id, and are as in `item/item-bytes.ts`; names and origins stand in the tables in the order in
 * which the items first refer to them. So one state has one encoding, and an item can be told from its hash alone (its
 * values are nowhere else). The tables hold only what headers of commits and schemas tell anyway.
 */
import { IbexError } from '../errors.js'
import { commitIdOf, fromHex, sessionIdOf } from '../ids.js'
import type { References, Tables } from '../item/item-bytes.js'
import { readItem, writeItem } from '../item/item-bytes.js'
import type { Origin } from '../item/origin.js'
import { settledOrigin } from '../item/origin.js'
import type { Item } from '../item/state.js'
import { ByteReader, ByteWriter, concatBytes } from '../value/bytes.js'
import { compareStrings } from '../value/order.js'
import { acceptedItems, RepositoryState } from './state.js'

const VERSION = 1
const DOMAIN = Uint8Array.from('ibex keyframe 1', (character) => character.charCodeAt(0))

/** Bytes of what is accepted. Only commits below one frontier may have been folded: see `item/fields/set.ts`. */
export function encodeKeyframe(state: RepositoryState): Uint8Array {
  return encodeItems(acceptedItems(state))
}

/** Bytes of any items, all of whose origins are settled, as a keyframe. */
export function encodeItems(items: Iterable<Item>): Uint8Array {
  const sorted = [...items].sort((a, b) => compareStrings(a.schema, b.schema) || compareStrings(a.id, b.id))
  const names = new Map<string, number>()
  const origins = new Map<string, number>()
  const listed: Origin[] = []
  const refer: References = {
    name: (name) => numberOf(names, name),
    origin: (origin) => {
      const number = numberOf(origins, origin.id)
      if (number > listed.length) listed.push(origin)
      return number
    },
  }

  const lengths = new ByteWriter(sorted.length + 16)
  lengths.varuint(sorted.length)
  const content = new ByteWriter(4096)
  for (const item of sorted) {
    const from = content.length
    writeItem(content, item, refer)
    lengths.varuint(content.length - from)
  }

  const tables = new ByteWriter(1024)
  tables.varuint(names.size)
  for (const name of names.keys()) tables.string(name)
  tables.varuint(listed.length)
  for (const { ms, counter, id, session } of listed) {
    tables.varuint(ms)
    tables.varuint(counter)
    tables.raw(fromHex(id))
    tables.raw(fromHex(session))
  }
  const head = new ByteWriter(tables.length + 16)
  head.u8(VERSION)
  head.bytes(tables.finish())
  return concatBytes(head.finish(), lengths.finish(), content.finish())
}

/**
 * The state that a keyframe holds, all of it accepted.
 * @throws IbexError `newer-version`, `malformed-bytes`
 */
export function decodeKeyframe(bytes: Uint8Array): RepositoryState {
  const { tables: head, items } = partsOf(bytes)
  const state = new RepositoryState()
  const reader = new ByteReader(head)
  const names: string[] = []
  for (let left = reader.count(); left > 0; left--) names.push(reader.string())
  const origins: Origin[] = []
  for (let left = reader.count(50); left > 0; left--) {
    const time = { ms: reader.varuint(), counter: reader.varuint() }
    origins.push(settledOrigin(time, commitIdOf(reader.raw(32)), sessionIdOf(reader.raw(16))))
  }
  reader.end()
  const tables: Tables = {
    name: (number) => names[number - 1] ?? missing(),
    origin: (number) => origins[number - 1] ?? missing(),
    layout: (schema) => state.layout(schema),
  }
  for (const part of items) {
    const item = new ByteReader(part)
    state.put(readItem(item, tables))
    item.end()
  }
  return state
}

/**
 * The hash over the hashes of a keyframe's parts, which a seal names: of the tables, then of each item.
 * @throws IbexError `newer-version`, `malformed-bytes`
 */
export function hashKeyframe(bytes: Uint8Array, sha256: (bytes: Uint8Array) => Uint8Array): Uint8Array {
  const { tables, items } = partsOf(bytes)
  const hashes = new ByteWriter(items.length * 32 + 64)
  hashes.raw(DOMAIN)
  hashes.raw(sha256(tables))
  for (const item of items) hashes.raw(sha256(item))
  return sha256(hashes.finish())
}

function partsOf(bytes: Uint8Array): { tables: Uint8Array; items: Uint8Array[] } {
  const reader = new ByteReader(bytes)
  const version = reader.u8()
  if (version !== VERSION)
    throw new IbexError('newer-version', `A keyframe of version ${version}: update Ibex to read it.`)
  const tables = reader.bytes()
  const lengths: number[] = []
  for (let left = reader.count(2); left > 0; left--) lengths.push(reader.varuint())
  const items = lengths.map((length) => reader.raw(length))
  reader.end()
  return { tables, items }
}

function numberOf(table: Map<string, number>, key: string): number {
  let number = table.get(key)
  if (number === undefined) table.set(key, (number = table.size + 1))
  return number
}

function missing(): never {
  throw new IbexError('malformed-bytes', 'A keyframe refers to what it does not hold.')
}
