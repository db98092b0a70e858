/**
 * What a repository's log says: a frame's payload is one or more records. The log stores bytes; only this file knows
 * what they mean.
 */
import { IbexError } from '../errors.js'
import type { Sha256 } from '../graph/body.js'
import { decodeStoredHeader } from '../graph/commit.js'
import { type CommitId, commitIdOf, fromHex } from '../ids.js'
import { ByteReader, ByteWriter } from '../value/bytes.js'

/**
 * One thing that the log remembers.
 * - `commit`: a commit's bytes as received
 * - `session`: a session's public key, and the certificate that came with it
 * - `accepted`: the authority has accepted these commits and all their ancestors that are not void
 * - `void`: the authority refused this commit for good
 * - `older`: a commit from below a keyframe, whose effects that has
 * - `past`: what else is to be known of that; see `past-records.ts`
 */
export type LogRecord =
  | { readonly kind: 'commit'; readonly bytes: Uint8Array }
  | { readonly kind: 'session'; readonly publicKey: Uint8Array; readonly certificate: Uint8Array | null }
  | { readonly kind: 'accepted'; readonly frontier: readonly CommitId[] }
  | { readonly kind: 'void'; readonly id: CommitId; readonly code: string; readonly message: string }
  | { readonly kind: 'older' | 'past'; readonly bytes: Uint8Array }

/** Each at the place before its number. */
const KINDS = ['commit', 'session', 'accepted', 'void', 'older', 'past'] as const

/** The payload of one frame. */
export function encodeRecords(records: readonly LogRecord[]): Uint8Array {
  const writer = new ByteWriter()
  for (const record of records) {
    writer.u8(KINDS.indexOf(record.kind) + 1)
    switch (record.kind) {
      case 'commit':
      case 'older':
      case 'past':
        writer.bytes(record.bytes)
        break
      case 'session':
        writer.bytes(record.publicKey)
        writer.bytes(record.certificate ?? new Uint8Array())
        break
      case 'accepted':
        writer.varuint(record.frontier.length)
        for (const id of record.frontier) writer.raw(fromHex(id))
        break
      case 'void':
        writer.raw(fromHex(record.id))
        writer.string(record.code)
        writer.string(record.message)
    }
  }
  return writer.finish()
}

/** The records of a frame; throws `malformed-bytes` or, for a kind that a newer release wrote, `newer-version`. */
export function decodeRecords(payload: Uint8Array): LogRecord[] {
  const reader = new ByteReader(payload)
  const records: LogRecord[] = []
  while (reader.remaining > 0) {
    const kind = KINDS[reader.u8() - 1]
    switch (kind) {
      case 'commit':
      case 'older':
      case 'past':
        records.push({ kind, bytes: reader.bytes() })
        break
      case 'session': {
        const publicKey = reader.bytes()
        const certificate = reader.bytes()
        records.push({ kind, publicKey, certificate: certificate.length > 0 ? certificate : null })
        break
      }
      case 'accepted': {
        const frontier: CommitId[] = []
        for (let left = reader.varuint(); left > 0; left--) frontier.push(commitIdOf(reader.raw(32)))
        records.push({ kind, frontier })
        break
      }
      case 'void':
        records.push({ kind, id: commitIdOf(reader.raw(32)), code: reader.string(), message: reader.string() })
        break
      default:
        throw new IbexError(
          'newer-version',
          'This log was written by a newer release of Ibex. Update the package to read it.',
        )
    }
  }
  return records
}

/** The bytes of a commit in the frame where the log has it; undefined if it is not there. */
export function commitIn(payload: Uint8Array, id: CommitId, sha256: Sha256): Uint8Array | undefined {
  const commits = decodeRecords(payload).flatMap((record) => (holdsCommit(record) ? [record.bytes] : []))
  // Nearly always the only one; only among several one is known by its hash.
  return commits.length === 1 ? commits[0] : commits.find((bytes) => decodeStoredHeader(bytes, sha256).id === id)
}

export function holdsCommit(record: LogRecord): record is LogRecord & { readonly kind: 'commit' | 'older' } {
  return record.kind === 'commit' || record.kind === 'older'
}
