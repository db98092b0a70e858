/**
 * The compact index: what is said of commits that are asked for without their content, so that a long past can be looked
 * through before it is here. Columns, because those deflate well:
 * ```
 * briefs = varint count | varint sessions, 16 bytes each | 8 bytes of each id | varint ms of the first, then by how much each is
 *          earlier than the one before (zigzag) | varint counter each | byte kind each | varint session each
 *          | varint size each | varint actions each | varint items each | marks of each
 * ```
 * A commit has marks of its first items, 4 bytes each: whoever knows an item's id finds the commits that changed it, but for
 * one in four billion that only looks so.
 */
import { IbexError } from '../errors.js'
import { COMMIT_KINDS, type CommitKind } from '../graph/header.js'
import type { HybridTime } from '../graph/time.js'
import { fromHex, type ItemId, sessionIdOf, type SessionId } from '../ids.js'
import { ByteReader, ByteWriter } from '../value/bytes.js'
import { encodeUtf8 } from '../value/utf8.js'

export interface Brief {
  /** The first eight bytes of its id, in hexadecimal. */
  readonly prefix: string
  readonly time: HybridTime
  readonly kind: CommitKind
  readonly session: SessionId
  /** Bytes of the commit. */
  readonly size: number
  /** How many actions it holds. */
  readonly actions: number
  /** How many items it changed. */
  readonly items: number
  /** See {@link markOf}: of the first {@link MARKS} of them. */
  readonly marks: readonly number[]
}

/** So many items of a commit can be recognised: most commits change one. */
export const MARKS = 2
const PREFIX_BYTES = 8
/** More do not fit into a commit. */
const MAX_ACTIONS = 2 ** 17

export function encodeBriefs(briefs: readonly Brief[]): Uint8Array {
  const writer = new ByteWriter(32 + briefs.length * 24)
  const sessions = [...new Set(briefs.map(({ session }) => session))]
  const places = new Map(sessions.map((session, place) => [session, place]))
  writer.varuint(briefs.length)
  writer.varuint(sessions.length)
  for (const session of sessions) writer.raw(fromHex(session))
  for (const { prefix } of briefs) writer.raw(fromHex(prefix))
  briefs.forEach(({ time: { ms } }, i) => {
    if (i === 0) writer.varuint(ms)
    else writer.zigzag(briefs[i - 1]!.time.ms - ms)
  })
  for (const { time } of briefs) writer.varuint(time.counter)
  for (const { kind } of briefs) writer.u8(COMMIT_KINDS.indexOf(kind))
  for (const { session } of briefs) writer.varuint(places.get(session)!)
  for (const { size } of briefs) writer.varuint(size)
  for (const { actions } of briefs) writer.varuint(actions)
  for (const { items } of briefs) writer.varuint(items)
  const marks = new DataView(new ArrayBuffer(4))
  for (const brief of briefs) {
    for (const mark of brief.marks.slice(0, MARKS)) {
      marks.setUint32(0, mark)
      writer.raw(new Uint8Array(marks.buffer))
    }
  }
  return writer.finish()
}

/** Reads what {@link encodeBriefs} wrote. Throws IbexError `malformed-bytes`. */
export function decodeBriefs(bytes: Uint8Array): Brief[] {
  const reader = new ByteReader(bytes)
  const count = reader.count(PREFIX_BYTES)
  const sessions = Array.from({ length: reader.count(16) }, () => sessionIdOf(reader.raw(16)))
  const column = <T>(read: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => read(i))
  const prefixes = column(() => reader.hex(PREFIX_BYTES))
  let ms = 0
  const times = column((i) => (ms = i === 0 ? reader.varuint() : ms - reader.zigzag()))
  const counters = column(() => reader.varuint())
  const kinds = column(() => pick(COMMIT_KINDS, reader.u8()))
  const authors = column(() => pick(sessions, reader.varuint()))
  const sizes = column(() => reader.varuint())
  const actions = column((i) => readCount(reader, sizes[i]!))
  const items = column(() => reader.varuint())
  const marks = column((i) => Array.from({ length: Math.min(MARKS, items[i]!) }, () => readMark(reader)))
  reader.end()
  return column((i) => ({
    prefix: prefixes[i]!,
    time: { ms: times[i]!, counter: counters[i]! },
    kind: kinds[i]!,
    session: authors[i]!,
    size: sizes[i]!,
    actions: actions[i]!,
    items: items[i]!,
    marks: marks[i]!,
  }))
}

/** By what an item is recognised in an index: FNV-1a of its id. */
export function markOf(item: ItemId): number {
  let hash = 0x811c9dc5
  for (const byte of encodeUtf8(item)) hash = Math.imul(hash ^ byte, 0x01000193)
  return hash >>> 0
}

function pick<T>(list: readonly T[], place: number): T {
  const found = list[place]
  if (found === undefined) throw new IbexError('malformed-bytes', 'Not an index of commits.')
  return found
}

/** Of actions, which take room in their commit. */
function readCount(reader: ByteReader, size: number): number {
  const count = reader.varuint()
  if (count <= Math.min(size, MAX_ACTIONS)) return count
  throw new IbexError('malformed-bytes', 'Not an index of commits.')
}

function readMark(reader: ByteReader): number {
  const bytes = reader.raw(4)
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(0)
}
