/**
 * Edits that are not yet durable when a page hides (I-3): they are written to `localStorage` in the same task, and posted to
 * the tab that owns the storage. What is not signed yet has reached nobody: whoever comes next makes commits of it, unless
 * the log has that flush. What is signed may have reached the server, and is written as it is, so that it cannot count
 * twice.
 */
import type { Sha256 } from '../graph/body.js'
import { type Commit, decodeCommit } from '../graph/commit.js'
import { type Lane, laneOf, fromHex, type RepositoryPath, requireRepositoryPath } from '../ids.js'
import { chunksOf } from '../history/fold.js'
import { type Chunk, decodeChunk, encodeChunk } from '../item/change.js'
import type { FlushWindow, WindowAction } from '../repository/window.js'
import { ByteReader, ByteWriter } from '../value/bytes.js'

/** The part of `localStorage` that is used. */
export interface TextStorage {
  readonly length: number
  key(index: number): string | null
  getItem(key: string): string | null
  setItem(key: string, value: string): void
  removeItem(key: string): void
}

/** A flush that a page could not finish. */
export interface LeftFlush {
  readonly repository: RepositoryPath
  readonly lane: Lane
  readonly flush: number
  readonly actions: readonly WindowAction[]
  readonly chunks: readonly Chunk[]
  /** The commit that was made of it. */
  readonly commit?: Commit
}

const UNSIGNED = 1
const SIGNED = 2
const NO_NOISE = new Uint8Array(16)

/** The key under which a flush is left: by store, so that others' are not touched; those of a lane sort by their number. */
export function leftKey(
  folder: string,
  { repository, lane, flush }: Pick<LeftFlush, 'repository' | 'lane' | 'flush'>,
): string {
  return `ibex left ${folder} ${repository} ${lane} ${String(flush).padStart(10, '0')}`
}

export function encodeLeft(repository: RepositoryPath, lane: Lane, window: FlushWindow): Uint8Array {
  const writer = new ByteWriter()
  writer.u8(window.signed ? SIGNED : UNSIGNED)
  if (window.signed) {
    writer.bytes(window.signed)
    return writer.finish()
  }
  writer.string(repository)
  writer.raw(fromHex(lane))
  writer.varuint(window.flush)
  writer.varuint(window.actions.length)
  for (const { label, at } of window.actions) {
    writer.string(label ?? '')
    writer.varuint(at)
  }
  const chunks = window.chunks()
  writer.varuint(chunks.length)
  for (const chunk of chunks) writer.bytes(encodeChunk(chunk, NO_NOISE))
  return writer.finish()
}

/** Throws `malformed-bytes` for what no release up to this one wrote. */
export function decodeLeft(bytes: Uint8Array, sha256: Sha256): LeftFlush {
  const reader = new ByteReader(bytes)
  const version = reader.u8()
  if (version === SIGNED) {
    const commit = decodeCommit(reader.bytes().slice(), sha256)
    reader.end()
    const { repository, lane, flush, time } = commit.header
    const actions = commit.actions.map(({ label, offset }) => ({ label, at: time.ms + offset }))
    return { repository, lane, flush, actions, chunks: chunksOf(commit), commit }
  }
  const repository = requireRepositoryPath(reader.string())
  const lane = laneOf(reader.raw(8))
  const flush = reader.varuint()
  const actions: WindowAction[] = []
  for (let left = reader.varuint(); left > 0; left--) {
    const label = reader.string()
    actions.push({ label: label || undefined, at: reader.varuint() })
  }
  const chunks: Chunk[] = []
  for (let left = reader.varuint(); left > 0; left--) chunks.push(decodeChunk(reader.bytes()))
  reader.end()
  if (version !== UNSIGNED) throw new RangeError(`Cannot read version ${version}.`)
  return { repository, lane, flush, actions, chunks }
}

/** Writes a flush down. Answers false where it did not fit. */
export function leave(storage: TextStorage, key: string, bytes: Uint8Array): boolean {
  try {
    storage.setItem(key, toLatin1(bytes))
    return true
  } catch {
    return false
  }
}

/** The keys of flushes that pages of this store have left. */
export function leftKeys(storage: TextStorage, folder: string): string[] {
  const keys: string[] = []
  for (let i = 0; i < storage.length; i++) {
    const key = storage.key(i)
    if (key?.startsWith(`ibex left ${folder} `)) keys.push(key)
  }
  return keys.sort()
}

/** The flush under a key; undefined where there is none any more, or none that can be read. */
export function readLeft(storage: TextStorage, key: string, sha256: Sha256): LeftFlush | undefined {
  const text = storage.getItem(key)
  if (text === null) return undefined
  try {
    return decodeLeft(
      Uint8Array.from(text, (character) => character.charCodeAt(0)),
      sha256,
    )
  } catch {
    return undefined
  }
}

/** One character a byte: half the work of base 64, and none of its padding. */
function toLatin1(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  return text
}
