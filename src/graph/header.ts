/**
 * The signed part of a commit (protocol.md, section 2):
 * ```
 * varint format version (1) | byte kind | string repository | varint 0 (branch: main) | 16 session | 8 lane | varint flush
 * | varint ms | varint counter | ids parents | 32 body hash | varint body length
 * and of a seal besides:  varint count | hash? authority head | ids void | hash? keyframe
 * ids = varint count, 32 bytes each, ascending      hash? = byte 0, or byte 1 and 32 bytes
 * ```
 */
import { IbexError } from '../errors.js'
import type { CommitId, Lane, RepositoryPath, SessionId } from '../ids.js'
import { commitIdOf, fromHex, laneOf, requireRepositoryPath, sessionIdOf, toHex } from '../ids.js'
import type { ByteReader } from '../value/bytes.js'
import { ByteWriter } from '../value/bytes.js'
import type { HybridTime } from './time.js'
import { fitsBits } from './time.js'

/** A change carries chunks. A join has parents only. A seal is the authority's join, with its word on what is below. */
export type CommitKind = 'change' | 'join' | 'seal'

const FORMAT_VERSION = 1
/** Each at the place of its number. */
export const COMMIT_KINDS: readonly CommitKind[] = ['change', 'join', 'seal']

/** How many parents a commit may have; with more heads its author first writes a join. */
export const MAX_PARENTS = 32
/** How many parents a seal may have. */
export const MAX_SEAL_PARENTS = 256

/** What is hashed to the commit's id. */
export interface CommitHeader {
  readonly kind: CommitKind
  readonly repository: RepositoryPath
  /** Reserved: only `main` so far. */
  readonly branch: 'main'
  readonly session: SessionId
  readonly lane: Lane
  /** Counts the flushes of the lane: with it, recognises a flush that was committed already (I-3). */
  readonly flush: number
  readonly time: HybridTime
  /** All heads that the author had folded, ascending: see {@link MAX_PARENTS}, {@link MAX_SEAL_PARENTS}. */
  readonly parents: readonly CommitId[]
  readonly bodyHash: Uint8Array
  /** Bytes of the body with every chunk in place, also where some stand as hashes. */
  readonly bodyLength: number
  readonly seal?: Seal
}

/** The authority's word on all ancestors of a seal (I-10). */
export interface Seal {
  /** Commits below the seal. */
  readonly count: number
  /** Hash of the newest entry of the authority's log, in hexadecimal; empty while the log is. */
  readonly authorityHead: string
  /** Commits below that have no effect, ascending (I-11). */
  readonly void: readonly CommitId[]
  /** Hash of the keyframe's list that was taken here. */
  readonly keyframe?: Uint8Array
}

/** Bytes of a header. What could not be decoded again throws `malformed-bytes`, `malformed-path` or `invalid-value`. */
export function encodeHeader(header: CommitHeader): Uint8Array {
  requireLawful(header)
  const writer = new ByteWriter(256)
  writer.varuint(FORMAT_VERSION)
  writer.u8(COMMIT_KINDS.indexOf(header.kind))
  writer.string(requireRepositoryPath(header.repository))
  writer.varuint(0)
  writeFixed(writer, fromHex(header.session), 16)
  writeFixed(writer, fromHex(header.lane), 8)
  writer.varuint(header.flush)
  writer.varuint(header.time.ms)
  writer.varuint(header.time.counter)
  writeIds(writer, header.parents)
  writeFixed(writer, header.bodyHash, 32)
  writer.varuint(header.bodyLength)
  const seal = header.seal
  if (seal) {
    writer.varuint(seal.count)
    writeOptionalHash(writer, seal.authorityHead ? fromHex(seal.authorityHead) : undefined)
    writeIds(writer, seal.void)
    writeOptionalHash(writer, seal.keyframe)
  }
  return writer.finish()
}

/**
 * Reads a header and leaves the reader behind it. Throws `newer-version` for a format or branch that this build does not
 * know, `malformed-bytes` or `malformed-path` for all else that {@link encodeHeader} would not have written.
 */
export function readHeader(reader: ByteReader): CommitHeader {
  const version = reader.varuint()
  if (version > FORMAT_VERSION) throw newer(`format ${version}`)
  const kind = COMMIT_KINDS[reader.u8()]
  if (version === 0 || !kind) throw malformed('kind')
  const header: CommitHeader = {
    kind,
    repository: requireRepositoryPath(reader.string()),
    branch: readBranch(reader),
    session: sessionIdOf(reader.hex(16)),
    lane: laneOf(reader.hex(8)),
    flush: reader.varuint(),
    time: { ms: reader.varuint(), counter: reader.varuint() },
    parents: readIds(reader),
    bodyHash: reader.raw(32),
    bodyLength: reader.varuint(),
    ...(kind === 'seal' && { seal: readSeal(reader) }),
  }
  requireLawful(header)
  return header
}

function readBranch(reader: ByteReader): 'main' {
  if (reader.varuint() !== 0) throw newer('branch')
  return 'main'
}

function readSeal(reader: ByteReader): Seal {
  const seal: Seal = {
    count: reader.varuint(),
    authorityHead: toHex(readOptionalHash(reader) ?? new Uint8Array(0)),
    void: readIds(reader),
  }
  const keyframe = readOptionalHash(reader)
  return keyframe ? { ...seal, keyframe } : seal
}

/** What holds for every header, written or read, beyond its encoding. */
function requireLawful({ kind, time, parents, seal }: CommitHeader): void {
  if (!fitsBits(time)) throw malformed('time')
  if ((kind === 'seal') !== (seal !== undefined)) throw malformed('seal')
  const least = kind === 'change' ? 0 : kind === 'join' ? 2 : 1
  if (parents.length < least || parents.length > (seal ? MAX_SEAL_PARENTS : MAX_PARENTS)) throw malformed('parents')
  requireAscending(parents)
  if (seal) requireAscending(seal.void)
}

function requireAscending(ids: readonly CommitId[]): void {
  for (let i = 1; i < ids.length; i++) if (ids[i]! <= ids[i - 1]!) throw malformed('order')
}

function writeIds(writer: ByteWriter, ids: readonly CommitId[]): void {
  writer.varuint(ids.length)
  for (const id of ids) writeFixed(writer, fromHex(id), 32)
}

function readIds(reader: ByteReader): CommitId[] {
  const ids: CommitId[] = []
  for (let left = reader.count(32); left > 0; left--) ids.push(commitIdOf(reader.hex(32)))
  return ids
}

function writeOptionalHash(writer: ByteWriter, hash: Uint8Array | undefined): void {
  writer.u8(hash ? 1 : 0)
  if (hash) writeFixed(writer, hash, 32)
}

function readOptionalHash(reader: ByteReader): Uint8Array | undefined {
  const flag = reader.u8()
  if (flag > 1) throw malformed('flag')
  return flag ? reader.raw(32) : undefined
}

function writeFixed(writer: ByteWriter, bytes: Uint8Array, length: number): void {
  if (bytes.length !== length) throw malformed('id')
  writer.raw(bytes)
}

function newer(what: string): IbexError {
  return new IbexError('newer-version', `A commit of a newer version of Ibex (${what}): update the app.`)
}

/** Tells what part of a commit is wrong. */
export function malformed(what: string): IbexError {
  return new IbexError('malformed-bytes', `Not a commit: wrong ${what}.`)
}
