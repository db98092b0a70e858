/** Reads what pages left; see `leaving.ts`. */
import type { Sha256 } from '../graph/body.js'
import { type Commit, decodeCommit } from '../graph/commit.js'
import { chunksOf } from '../history/fold.js'
import { laneOf, type RepositoryPath, requireRepositoryPath } from '../ids.js'
import { type Chunk, decodeChunk } from '../item/change.js'
import type { WrittenFlush } from './flushes.js'
import type { WindowAction } from './window.js'
import { ByteReader } from '../value/bytes.js'
import { SIGNED, type TextStorage, UNSIGNED } from './leaving.js'

/** A flush that a page could not finish. */
export interface LeftFlush extends WrittenFlush {
  readonly repository: RepositoryPath
  /** The commit that was made of it. */
  readonly commit?: Commit
}

/** Throws `malformed-bytes` for what no release up to this one wrote. */
function decodeLeft(bytes: Uint8Array, sha256: Sha256): LeftFlush {
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
