/**
 * Between the step, which speaks of commits by id, and the wire, where they travel by the frame: loading, packing and
 * deflating what is sent, inflating and unpacking what came. The only part of sync that waits for anything.
 */
import { IbexError } from '../errors.js'
import type { Commit } from '../graph/commit.js'
import type { CommitId, SessionId } from '../ids.js'
import { ByteReader, ByteWriter } from '../value/bytes.js'
import { encodeMessage } from './message-codec.js'
import type { CommitsMessage } from './messages.js'
import { MAX_FRAME_BYTES, MAX_IDS } from './messages.js'
import type { Delivery, Incoming, Peer } from './peer.js'

/** Small enough that hashing one frame of commits takes less than half a picture on a slow device. */
const FRAME_TARGET = 64 * 1024
/** Less than this does not gain from being deflated. */
const DEFLATE_FROM = 1024

/** Raw deflate. `deflate.ts` has one for everywhere; Node's own is faster. */
export interface Compression {
  deflate(bytes: Uint8Array): Uint8Array | Promise<Uint8Array>
  /** Exactly `size` bytes. Must throw an IbexError as soon as there are more, and hold not much more than that meanwhile. */
  inflate(bytes: Uint8Array, size: number): Uint8Array | Promise<Uint8Array>
}

/** What sending needs from the driver. */
export interface CommitSource {
  /** The stored bytes, of a void commit with hashes for chunks; undefined if the disk does not give them: left out. */
  load(id: CommitId): StoredCommit | undefined | Promise<StoredCommit | undefined>
  /** The session's certificate, or while it has none its public key. */
  credential(session: SessionId): Uint8Array | undefined
  /** Hands a frame to the transport; a promise holds the rest back (while much is buffered). */
  send(frame: Uint8Array): void | Promise<void>
  /** Without it, commits are sent as they are. */
  readonly compression?: Compression | undefined
}

export interface StoredCommit {
  readonly bytes: Uint8Array
  readonly session: SessionId
}

/** Unpacked `commits`, as the step takes them. */
export interface Batch extends Omit<CommitsMessage, 'type' | 'inflated' | 'payload'> {
  readonly type: 'batch'
  readonly commits: readonly Uint8Array[]
}

/**
 * Sends what the step asked to deliver, frame by frame; one frame is in memory at a time. Deliveries to one peer must not
 * overlap: wait for one before the next.
 */
export async function sendDelivery<C extends Incoming = Commit>(
  peer: Peer<C>,
  { ids, round, partial }: Delivery,
  source: CommitSource,
): Promise<void> {
  let writer = new ByteWriter(4096)
  let credentials: Uint8Array[] = []
  // What is asked for may have been lost with the credentials beside it; with a seal above, it would be believed without.
  if (round) peer.introduced.clear()

  const flush = async (more: boolean): Promise<void> => {
    const packed = await pack(writer.finish(), source.compression)
    const { repository } = peer
    await source.send(encodeMessage({ type: 'commits', repository, round, more, partial, credentials, ...packed }))
    writer = new ByteWriter(4096)
    credentials = []
  }

  for (const id of ids) {
    const loading = source.load(id)
    const stored = loading instanceof Promise ? await loading : loading
    if (peer.closed) return
    if (!stored) continue
    if (writer.length && writer.length + stored.bytes.length > FRAME_TARGET) await flush(true)
    writer.bytes(stored.bytes)
    if (!peer.introduced.has(stored.session)) {
      const credential = source.credential(stored.session)
      if (credential) credentials.push(credential)
      if (peer.introduced.size >= MAX_IDS) peer.introduced.clear()
      peer.introduced.add(stored.session)
    }
  }
  await flush(false)
}

/**
 * The commits in a message, each a copy. Throws `limit` for more than a frame may hold, however small it was deflated, and
 * `malformed-bytes`: close the connection.
 */
export async function openBatch(message: CommitsMessage, compression: Compression | undefined): Promise<Batch> {
  const { inflated, payload, ...rest } = message
  return { ...rest, type: 'batch', commits: readBlobs(await unpack({ inflated, payload }, compression)) }
}

/** A payload as it travels. */
export interface Packed {
  /** Bytes before it was deflated; 0: it was not. */
  readonly inflated: number
  readonly payload: Uint8Array
}

/** Deflates where that gains something. */
export async function pack(bytes: Uint8Array, compression: Compression | undefined): Promise<Packed> {
  if (compression && bytes.length >= DEFLATE_FROM) {
    const payload = await compression.deflate(bytes)
    if (payload.length < bytes.length) return { inflated: bytes.length, payload }
  }
  return { inflated: 0, payload: bytes }
}

/** The bytes of a payload; throws as {@link openBatch}. */
export async function unpack({ inflated, payload }: Packed, compression: Compression | undefined): Promise<Uint8Array> {
  if (!inflated) return payload
  if (inflated > MAX_FRAME_BYTES) throw new IbexError('limit', `${inflated} bytes in one message.`)
  if (!compression) throw new IbexError('protocol', 'Something deflated came, and cannot be inflated here.')
  return compression.inflate(payload, inflated)
}

/** Copies of what stands one after the other, each behind its length. */
export function readBlobs(bytes: Uint8Array): Uint8Array[] {
  const reader = new ByteReader(bytes)
  const blobs: Uint8Array[] = []
  while (reader.remaining) blobs.push(reader.bytes().slice())
  return blobs
}
