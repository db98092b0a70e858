/**
 * Replay files: a range of a repository's history as one signed file, which can be opened, played and checked anywhere,
 * without a server. Format 1:
 * ```
 * file    = "ibexplay" | varuint 1 | 32 public key of who recorded | 64 signature | varuint length of the payload | deflated
 * payload = string repository | varuint recorded at (ms) | bytes authority's key, or empty
 *         | count, (32 public key, bytes certificate or empty)…          sessions
 *         | string title | string from | string to                       moments, empty: the beginning, the end
 *         | ids base | bytes keyframe                                    what lies below the first commit; empty: nothing
 *         | ids void | count, bytes commit…                              parents before children
 * ids     = count, 32 bytes each
 * ```
 * The signature is by the recording session's key over "ibex replay 1" and the SHA-256 of the payload as it is before it is
 * deflated. Chunks may stand as their hashes (redacted): ids and signatures of commits still hold. The keyframe, which the
 * commits do not prove, is vouched for by who recorded.
 */
import type { CryptoPort, SigningKey } from '../crypto/port.js'
import { IbexError } from '../errors.js'
import type { CommitId, RepositoryPath } from '../ids.js'
import { commitIdOf, fromHex, requireRepositoryPath } from '../ids.js'
import { ByteReader, ByteWriter, concatBytes, equalBytes } from '../value/bytes.js'
import { encodeUtf8 } from '../value/utf8.js'

const MAGIC: Uint8Array = encodeUtf8('ibexplay')
const VERSION = 1
/** Bytes that a payload may inflate to. */
const MAX_PAYLOAD: number = 1024 * 1024 * 1024

/** Raw deflate, as sync has it. */
export interface ReplayCompression {
  deflate(bytes: Uint8Array): Uint8Array | Promise<Uint8Array>
  /** Exactly `size` bytes, or throws. */
  inflate(bytes: Uint8Array, size: number): Uint8Array | Promise<Uint8Array>
}

/** What a replay file holds. */
export interface Replay {
  readonly repository: RepositoryPath
  /** Milliseconds since 1970. */
  readonly recordedAt: number
  /** The authority's public key, as far as whoever recorded knew one. */
  readonly authority: Uint8Array | undefined
  /** The sessions whose commits are in it, and who recorded. */
  readonly sessions: readonly ReplaySession[]
  readonly title: string
  /** The moments between which it was recorded; empty: the beginning, the end. */
  readonly from: string
  readonly to: string
  /** The frontier of what lies below the first commit, and its state as a keyframe; without: nothing lies below. */
  readonly base: { readonly frontier: readonly CommitId[]; readonly keyframe: Uint8Array } | undefined
  /** Commits among them that have no effect. */
  readonly voids: readonly CommitId[]
  /** As stored, parents before children. */
  readonly commits: readonly Uint8Array[]
}

export interface ReplaySession {
  readonly publicKey: Uint8Array
  readonly certificate: Uint8Array | undefined
}

/** A replay as it came, with who signed it. */
export interface SignedReplay extends Replay {
  readonly recorder: Uint8Array
}

/** The bytes of a replay file, signed with `key`. */
export async function encodeReplay(
  replay: Replay,
  key: SigningKey,
  crypto: CryptoPort,
  compression: ReplayCompression,
): Promise<Uint8Array> {
  const payload = encodePayload(replay)
  const signature = await key.sign(await messageOf(payload, crypto))
  const deflated = await compression.deflate(payload)
  const writer = new ByteWriter(128 + deflated.length)
  writer.raw(MAGIC)
  writer.varuint(VERSION)
  writer.raw(key.publicKey)
  writer.raw(signature)
  writer.varuint(payload.length)
  writer.raw(deflated)
  return writer.finish()
}

/**
 * Reads a replay file and checks its signature. Of its commits nothing is checked: see `replay-check.ts`.
 * @throws IbexError `malformed-bytes` for what is no replay file, `newer-version`, `bad-signature` for one that was changed
 */
export async function decodeReplay(
  file: Uint8Array,
  crypto: CryptoPort,
  compression: ReplayCompression,
): Promise<SignedReplay> {
  let recorder: Uint8Array
  let payload: Uint8Array
  let signature: Uint8Array
  try {
    const reader = new ByteReader(file)
    if (!equalBytes(reader.raw(MAGIC.length), MAGIC)) throw malformed()
    const version = reader.varuint()
    if (version > VERSION) {
      throw new IbexError('newer-version', `A replay file of format ${version}: update Ibex to open it.`)
    }
    recorder = reader.raw(32).slice()
    signature = reader.raw(64)
    const size = reader.varuint()
    if (version === 0 || size > MAX_PAYLOAD) throw malformed()
    payload = await compression.inflate(reader.raw(reader.remaining), size)
  } catch (error) {
    throw error instanceof IbexError && error.code === 'newer-version' ? error : malformed(error)
  }
  if (!(await crypto.verify(recorder, await messageOf(payload, crypto), signature))) {
    throw new IbexError(
      'bad-signature',
      'The replay file is not as it was signed: it was changed or damaged after it was recorded.',
    )
  }
  return { ...decodePayload(payload), recorder }
}

async function messageOf(payload: Uint8Array, crypto: CryptoPort): Promise<Uint8Array> {
  return concatBytes(encodeUtf8('ibex replay 1'), await crypto.sha256Large(payload))
}

function encodePayload(replay: Replay): Uint8Array {
  const writer = new ByteWriter(64 * 1024)
  const ids = (list: readonly CommitId[]): void => {
    writer.varuint(list.length)
    for (const id of list) writer.raw(fromHex(id))
  }
  writer.string(replay.repository)
  writer.varuint(replay.recordedAt)
  writer.bytes(replay.authority ?? new Uint8Array())
  writer.varuint(replay.sessions.length)
  for (const { publicKey, certificate } of replay.sessions) {
    writer.raw(publicKey)
    writer.bytes(certificate ?? new Uint8Array())
  }
  writer.string(replay.title)
  writer.string(replay.from)
  writer.string(replay.to)
  ids(replay.base?.frontier ?? [])
  writer.bytes(replay.base?.keyframe ?? new Uint8Array())
  ids(replay.voids)
  writer.varuint(replay.commits.length)
  for (const commit of replay.commits) writer.bytes(commit)
  return writer.finish()
}

function decodePayload(payload: Uint8Array): Replay {
  const reader = new ByteReader(payload)
  const ids = (): CommitId[] => {
    const list: CommitId[] = []
    for (let left = reader.count(32); left > 0; left--) list.push(commitIdOf(reader.raw(32)))
    return list
  }
  /** Copied, so that what is kept of it does not keep the whole file. */
  const optional = (): Uint8Array | undefined => {
    const bytes = reader.bytes()
    return bytes.length > 0 ? bytes.slice() : undefined
  }
  try {
    const repository = requireRepositoryPath(reader.string())
    const recordedAt = reader.varuint()
    const authority = optional()
    const sessions: ReplaySession[] = []
    for (let left = reader.count(33); left > 0; left--) {
      sessions.push({ publicKey: reader.raw(32).slice(), certificate: optional() })
    }
    const [title, from, to] = [reader.string(), reader.string(), reader.string()]
    const frontier = ids()
    const keyframe = optional()
    const voids = ids()
    const commits: Uint8Array[] = []
    for (let left = reader.count(2); left > 0; left--) commits.push(reader.bytes().slice())
    reader.end()
    if (authority && authority.length !== 32) throw malformed()
    return {
      repository,
      recordedAt,
      authority,
      sessions,
      title,
      from,
      to,
      base: keyframe && { frontier, keyframe },
      voids,
      commits,
    }
  } catch (error) {
    throw malformed(error)
  }
}

function malformed(cause?: unknown): IbexError {
  return new IbexError('malformed-bytes', 'Not a replay file, or a damaged one.', { cause })
}
