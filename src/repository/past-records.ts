/** What a replica's log says if it began from a keyframe; see `clone.ts`. */
import { IbexError } from '../errors.js'
import type { HybridTime } from '../graph/time.js'
import { type CommitId, commitIdOf, fromHex } from '../ids.js'
import { ByteReader, ByteWriter } from '../value/bytes.js'
import type { LogRecord } from './records.js'

/**
 * - `part`: a part of the keyframe
 * - `begin`: the parts before it are the keyframe; it was taken at these commits, which follow in the same frame
 * - `below`: a commit that is not here lies below
 * - `checked`: so many of the oldest commits are left whose signatures were not looked at
 */
export type PastRecord =
  | { readonly kind: 'part'; readonly index: number; readonly bytes: Uint8Array }
  | { readonly kind: 'begin'; readonly parts: number; readonly size: number; readonly at: readonly CommitId[] }
  | { readonly kind: 'below'; readonly id: CommitId; readonly time: HybridTime }
  | { readonly kind: 'checked'; readonly left: number }

/** Each at the place before its number. */
const KINDS = ['part', 'begin', 'below', 'checked'] as const

export function pastRecord(record: PastRecord): LogRecord {
  const writer = new ByteWriter()
  writer.u8(KINDS.indexOf(record.kind) + 1)
  switch (record.kind) {
    case 'part':
      writer.varuint(record.index)
      writer.bytes(record.bytes)
      break
    case 'begin':
      writer.varuint(record.parts)
      writer.varuint(record.size)
      writer.varuint(record.at.length)
      for (const id of record.at) writer.raw(fromHex(id))
      break
    case 'below':
      writer.raw(fromHex(record.id))
      writer.varuint(record.time.ms)
      writer.varuint(record.time.counter)
      break
    case 'checked':
      writer.varuint(record.left)
  }
  return { kind: 'past', bytes: writer.finish() }
}

/** Reads what {@link pastRecord} wrote. Throws IbexError: `newer-version`, `malformed-bytes`. */
export function readPast(bytes: Uint8Array): PastRecord {
  const reader = new ByteReader(bytes)
  const kind = KINDS[reader.u8() - 1]
  switch (kind) {
    case 'part':
      return { kind, index: reader.varuint(), bytes: reader.bytes() }
    case 'begin': {
      const parts = reader.varuint()
      const size = reader.varuint()
      return { kind, parts, size, at: Array.from({ length: reader.count(32) }, () => commitIdOf(reader.raw(32))) }
    }
    case 'below': {
      const id = commitIdOf(reader.raw(32))
      return { kind, id, time: { ms: reader.varuint(), counter: reader.varuint() } }
    }
    case 'checked':
      return { kind, left: reader.varuint() }
    default:
      throw new IbexError(
        'newer-version',
        'The log contains something that a newer Ibex wrote. Load the newer release of the app.',
      )
  }
}
