/**
 * The part of a commit that can be taken away piece by piece (protocol.md, section 2):
 * ```
 * body    = actions | varint count | chunk…
 * actions = varint count | (string label, empty for none | varint ms since the action before, but for the first)…
 * chunk   = varint length | bytes           or           0 | 32 bytes: its hash, for a chunk that is not there
 * ```
 * Its hash covers the hashes of its parts, so it is the same whether a chunk stands there whole or as its hash.
 */
import type { ByteReader } from '../value/bytes.js'
import { ByteWriter } from '../value/bytes.js'
import { malformed } from './header.js'

/** SHA-256 of bytes, or of several one after the other; synchronous. */
export type Sha256 = (bytes: Uint8Array | readonly Uint8Array[]) => Uint8Array

/** What the app did at once. */
export interface Action {
  readonly label?: string
  /** Milliseconds since the commit's first action; never falling; the first has 0. */
  readonly offset: number
}

/** The changes of one item, opaque here. `bytes` is null where they are withheld, void or erased. */
export interface ChunkBytes {
  readonly bytes: Uint8Array | null
  readonly hash: Uint8Array
}

/** A chunk that is there. */
export interface WholeChunk extends ChunkBytes {
  readonly bytes: Uint8Array
}

/** A chunk begins with 16 random bytes, without which its hash would tell a guesser what is hidden behind it. */
const MIN_CHUNK = 16
const HASH = 32

/** Bytes of actions. Throws `malformed-bytes` if the first has an offset, or one is earlier than that before it. */
export function encodeActions(actions: readonly Action[]): Uint8Array {
  const writer = new ByteWriter(32)
  writer.varuint(actions.length)
  let before = 0
  actions.forEach(({ label, offset }, index) => {
    if (offset < before || (index === 0 && offset)) throw malformed('offset')
    writer.string(label ?? '')
    if (index) writer.varuint(offset - before)
    before = offset
  })
  return writer.finish()
}

export function readActions(reader: ByteReader): Action[] {
  const actions: Action[] = []
  let offset = 0
  for (let left = reader.count(); left > 0; left--) {
    const label = reader.string()
    if (actions.length) offset += reader.varuint()
    if (!Number.isSafeInteger(offset)) throw malformed('offset')
    actions.push(label ? { label, offset } : { offset })
  }
  return actions
}

/** A chunk with its hash. Throws `malformed-bytes` for one too short to begin with its random bytes. */
export function hashChunk(bytes: Uint8Array, sha256: Sha256): WholeChunk {
  if (bytes.length < MIN_CHUNK) throw malformed('chunk')
  return { bytes, hash: sha256(bytes) }
}

export function encodeChunks(chunks: readonly ChunkBytes[]): Uint8Array {
  const writer = new ByteWriter(256)
  writer.varuint(chunks.length)
  for (const { bytes, hash } of chunks) {
    writer.varuint(bytes ? bytes.length : 0)
    writer.raw(bytes ?? hash)
  }
  return writer.finish()
}

/** What stands for a chunk in a body: itself (`whole`), or its hash. */
export interface ChunkSlot {
  readonly whole: boolean
  readonly raw: Uint8Array
}

/** Reads chunks, and hashes none yet: what is malformed shall cost little. */
export function readChunks(reader: ByteReader): ChunkSlot[] {
  const slots: ChunkSlot[] = []
  for (let left = reader.count(MIN_CHUNK + 1); left > 0; left--) {
    const length = reader.varuint()
    if (length > 0 && length < MIN_CHUNK) throw malformed('chunk')
    slots.push({ whole: length > 0, raw: reader.raw(length || HASH) })
  }
  return slots
}

/** Whether a body of `length` bytes with these chunks can have `wholeLength` bytes with every chunk in place. */
export function fitsWholeLength(length: number, slots: readonly ChunkSlot[], wholeLength: number): boolean {
  const missing = slots.filter((slot) => !slot.whole).length
  return missing ? wholeLength >= length - missing * (HASH - MIN_CHUNK) : wholeLength === length
}
