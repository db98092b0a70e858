/**
 * A commit as bytes: `header | body | signature (64 bytes, or nothing)`. Its id is the hash of the header, which holds
 * the hash of the body, so that header, body and the whole past are covered by one name and one signature
 * (protocol.md, section 2). What came from elsewhere is hashed and kept as it came, never encoded again to be verified;
 * and decoding refuses whatever encoding would have written otherwise (I-4).
 */
import { IbexError } from '../errors.js'
import type { CommitId, RepositoryPath } from '../ids.js'
import { commitIdOf, fromHex } from '../ids.js'
import { ByteReader, concatBytes, equalBytes } from '../value/bytes.js'
import type { Action, ChunkBytes, ChunkSlot, Sha256, WholeChunk } from './body.js'
import { encodeActions, encodeChunks, fitsWholeLength, hashChunk, readActions, readChunks } from './body.js'
import type { CommitHeader } from './header.js'
import { encodeHeader, malformed, readHeader } from './header.js'
import type { HybridTime } from './time.js'
import { compareTimes } from './time.js'

/** Bytes of a commit with every chunk and its signature. */
export const MAX_COMMIT_BYTES: number = 256 * 1024
const SIGNATURE = 64

/** A commit with what its bytes say. All byte arrays may be views of `bytes`: nobody writes into them. */
export interface Commit {
  readonly id: CommitId
  readonly header: CommitHeader
  readonly headerBytes: Uint8Array
  readonly actions: readonly Action[]
  readonly chunks: readonly ChunkBytes[]
  /** Null before it is signed, and where it was left out of a transfer: below a seal the hash chain vouches. */
  readonly signature: Uint8Array | null
  /** As received and stored. */
  readonly bytes: Uint8Array
}

/** What must be known of a commit to give it its place. */
export type CommitHead = Pick<Commit, 'id' | 'header' | 'bytes'>

/** A commit that was checked before it was stored: without the hashes of its chunks, which nobody asks for any more. */
export interface LoadedCommit extends Omit<Commit, 'chunks'> {
  readonly chunks: readonly Pick<ChunkBytes, 'bytes'>[]
}

/** What its author decides of a commit. */
export interface CommitParts extends Omit<CommitHeader, 'branch' | 'bodyHash' | 'bodyLength'> {
  /** Empty for joins and seals. */
  readonly actions: readonly Action[]
  /** Encoded, ascending by item id; with their hashes where the caller has hashed them before, slice by slice. */
  readonly chunks: readonly (Uint8Array | WholeChunk)[]
}

/**
 * A commit without its signature. Throws `too-large` above {@link MAX_COMMIT_BYTES}, and `malformed-bytes` for parts that
 * cannot be a commit: parents that do not ascend, a change without changes, a join or seal with some.
 */
export function encodeCommit(parts: CommitParts, sha256: Sha256): Commit {
  const { actions, chunks: given, ...rest } = parts
  const chunks = given.map((chunk) => ('hash' in chunk ? chunk : hashChunk(chunk, sha256)))
  const actionBytes = encodeActions(actions)
  const chunkBytes = encodeChunks(chunks)
  const header: CommitHeader = {
    ...rest,
    branch: 'main',
    bodyHash: hashBody(actionBytes, chunks, sha256),
    bodyLength: actionBytes.length + chunkBytes.length,
  }
  requireShape(header, actions.length, chunks.length)
  const headerBytes = encodeHeader(header)
  requireSize(headerBytes.length, header)
  const bytes = concatBytes(headerBytes, actionBytes, chunkBytes)
  return { id: hashHeader(headerBytes, sha256), header, headerBytes, actions, chunks, signature: null, bytes }
}

/** The commit with the signature of {@link signedMessage} by its session's key. */
export function withSignature(commit: Commit, signature: Uint8Array): Commit {
  if (signature.length !== SIGNATURE) throw malformed('signature')
  return { ...commit, signature, bytes: concatBytes(unsignedBytes(commit), signature) }
}

/** The commit as it may travel below a seal. */
export function withoutSignature(commit: Commit): Commit {
  return { ...commit, signature: null, bytes: unsignedBytes(commit) }
}

/** What a session signs to make a commit its own; in another repository the signature is void. */
export function signedMessage(repository: RepositoryPath, id: CommitId): Uint8Array {
  return concatBytes(COMMIT_DOMAIN, ascii(repository), fromHex(id))
}

/**
 * Reads a commit and recomputes every hash in it: the id of the result is true of its bytes. Nothing is said of its
 * signature, its parents or its time. Throws `too-large`, `newer-version`, `malformed-bytes`, `malformed-path`, `bad-hash`.
 */
export function decodeCommit(bytes: Uint8Array, sha256: Sha256): Commit {
  // A hash in place of the shortest chunk takes not quite twice its bytes.
  if (bytes.length > 2 * MAX_COMMIT_BYTES) throw tooLarge(bytes.length)
  const { header, headerBytes, actions, actionBytes, slots, signature } = readParts(bytes)
  const chunks = slots.map(({ whole, raw }) => (whole ? hashChunk(raw, sha256) : { bytes: null, hash: raw }))
  if (!equalBytes(hashBody(actionBytes, chunks, sha256), header.bodyHash)) {
    throw new IbexError('bad-hash', 'A commit has another body than its header names.')
  }
  return { id: hashHeader(headerBytes, sha256), header, headerBytes, actions, chunks, signature, bytes }
}

/**
 * Reads a commit back from this device's own log, by the id that it has there. It was decoded and its hashes were compared
 * before it was stored, and the log's checksums say that the bytes are those: nothing is hashed. Throws what
 * {@link decodeCommit} throws, save `bad-hash`.
 */
export function decodeStored(bytes: Uint8Array, id: CommitId): LoadedCommit {
  const { header, headerBytes, actions, slots, signature } = readParts(bytes)
  const chunks = slots.map(({ whole, raw }) => ({ bytes: whole ? raw : null }))
  return { id, header, headerBytes, actions, chunks, signature, bytes }
}

/** The same of the header alone, and the id, which is its hash. */
export function decodeStoredHeader(bytes: Uint8Array, sha256: Sha256): CommitHead {
  const reader = new ByteReader(bytes)
  const header = readHeader(reader)
  return { id: hashHeader(bytes.subarray(0, reader.offset), sha256), header, bytes }
}

function readParts(bytes: Uint8Array): Omit<Commit, 'id' | 'chunks' | 'bytes'> & {
  readonly actionBytes: Uint8Array
  readonly slots: readonly ChunkSlot[]
} {
  const reader = new ByteReader(bytes)
  const header = readHeader(reader)
  const headerBytes = bytes.subarray(0, reader.offset)
  requireSize(headerBytes.length, header)
  const actions = readActions(reader)
  const actionBytes = bytes.subarray(headerBytes.length, reader.offset)
  const slots = readChunks(reader)
  requireShape(header, actions.length, slots.length)
  if (!fitsWholeLength(reader.offset - headerBytes.length, slots, header.bodyLength)) throw malformed('length')
  const signature = reader.remaining ? reader.raw(SIGNATURE) : null
  reader.end()
  return { header, headerBytes, actions, actionBytes, slots, signature }
}

/** The commit with hashes in place of the chunks that `keep` refuses. Its id and signature stay true. */
export function stripCommit(commit: Commit, keep: (chunkIndex: number) => boolean): Commit {
  const chunks = commit.chunks.map((chunk, index) => (chunk.bytes && !keep(index) ? { ...chunk, bytes: null } : chunk))
  if (chunks.every((chunk, index) => chunk === commit.chunks[index])) return commit
  const bytes = concatBytes(
    commit.headerBytes,
    encodeActions(commit.actions),
    encodeChunks(chunks),
    commit.signature ?? new Uint8Array(0),
  )
  return { ...commit, chunks, bytes }
}

/**
 * Checks a commit against its parents, given in the order of its header (I-5). Throws `bad-parents` if one is missing,
 * and `bad-time` if the commit is not later than each.
 */
export function checkParents(
  header: Pick<CommitHeader, 'time' | 'parents'>,
  parents: readonly ({ readonly time: HybridTime } | undefined)[],
): void {
  header.parents.forEach((id, index) => {
    const parent = parents[index]
    if (!parent) throw new IbexError('bad-parents', `Missing parent ${id}.`)
    if (compareTimes(header.time, parent.time) <= 0) {
      throw new IbexError('bad-time', `Not later than its parent ${id}.`)
    }
  })
}

function requireShape({ kind }: CommitHeader, actions: number, chunks: number): void {
  if (kind === 'change' ? !actions || !chunks : actions || chunks) throw malformed('body')
}

function requireSize(headerLength: number, { bodyLength }: CommitHeader): void {
  const size = headerLength + bodyLength + SIGNATURE
  if (size > MAX_COMMIT_BYTES) throw tooLarge(size)
}

function tooLarge(size: number): IbexError {
  return new IbexError('too-large', `A commit of ${size} bytes: more than ${MAX_COMMIT_BYTES}. Write less at once.`)
}

function unsignedBytes({ bytes, signature }: Commit): Uint8Array {
  return signature ? bytes.subarray(0, -SIGNATURE) : bytes
}

const BODY_DOMAIN = ascii('ibex body 1')
const COMMIT_DOMAIN = ascii('ibex commit 1')

function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0))
}

function hashBody(actionBytes: Uint8Array, chunks: readonly ChunkBytes[], sha256: Sha256): Uint8Array {
  return sha256([BODY_DOMAIN, sha256(actionBytes), ...chunks.map((chunk) => chunk.hash)])
}

function hashHeader(headerBytes: Uint8Array, sha256: Sha256): CommitId {
  return commitIdOf(sha256([COMMIT_DOMAIN, headerBytes]))
}
