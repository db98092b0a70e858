/**
 * Masking: what the app does not want to be seen leaves the page in no form. A chunk with a masked value leaves as its hash,
 * so that every id and signature of its commit still holds; beside it goes the same chunk with the masked values, which
 * the panel folds in its place. What is lost: the panel cannot verify such a chunk, and equal masks of different values are
 * equal (elements of a set, keys of a map). Labels of actions and ids of items are not values, and are not masked.
 */
import { type Commit, stripCommit } from '../graph/commit.js'
import { type Change, type Chunk, decodeChunk, encodeChunk } from '../item/change.js'
import { isPlainObject, requireValue, type Value } from '../value/value.js'
import type { Mask } from './channel.js'

/** Where a value stands that is about to leave the page. */
export interface Where {
  readonly repository: string
  readonly schema: string
  /** Absent for a value that a query asks for. */
  readonly item?: string
  readonly field: string
}

/** Answers what is shown in place of a value: another of the same kind, or the value itself. */
export type Redact = (value: unknown, where: Where) => unknown

/** What of a commit may leave the page. */
export interface Masked {
  readonly bytes: Uint8Array
  /** Undefined where nothing is masked. */
  readonly mask: Mask | undefined
}

const NOTHING_RANDOM = new Uint8Array(16)

export function maskCommit(commit: Commit, redact: Redact): Masked {
  const { repository } = commit.header
  const masked = commit.chunks.map(({ bytes }) =>
    bytes ? maskChunk(decodeChunk(bytes), repository, redact) : undefined,
  )
  const chunks = masked.flatMap((chunk, index) => (chunk ? [{ index, bytes: encodeChunk(chunk, NOTHING_RANDOM) }] : []))
  if (chunks.length === 0) return { bytes: commit.bytes, mask: undefined }
  const { bytes } = stripCommit(commit, (index) => masked[index] === undefined)
  return { bytes, mask: { commit: commit.id, chunks } }
}

/** Undefined where nothing is to be masked. */
function maskChunk(chunk: Chunk, repository: string, redact: Redact): Chunk | undefined {
  const { schema, item } = chunk
  const changes = chunk.changes.map((change) =>
    maskChange(change, { repository, schema, item, field: change.field }, redact),
  )
  return changes.every((change, at) => change === chunk.changes[at]) ? undefined : { ...chunk, changes }
}

/** The values of a change are in different places by its tag: see `item/change.ts`. */
export function maskChange(change: Change, where: Where, redact: Redact): Change {
  const { tag, value } = change
  const pair = Array.isArray(value) ? (value as readonly Value[]) : undefined
  switch (tag) {
    case 'create':
    case 'delete':
    case 'restore':
    case 'clear':
    case 'mapClear':
      return change
    case 'remove': {
      if (!pair) return change
      const element = mask(pair[0]!, where, redact)
      return element === pair[0] ? change : { ...change, value: [element, ...pair.slice(1)] }
    }
    case 'mapPut': {
      if (!pair) return change
      const entry = mask(pair[1]!, where, redact)
      return entry === pair[1] ? change : { ...change, value: [pair[0]!, entry] }
    }
    default: {
      const masked = mask(value, where, redact)
      return masked === value ? change : { ...change, value: masked }
    }
  }
}

/** The masked value; null where the app's function fails or answers what is no value: never the value itself. */
export function mask(value: Value, where: Where, redact: Redact): Value {
  try {
    const masked = redact(value, where)
    return masked === value ? value : requireValue(masked)
  } catch {
    return null
  }
}

/** Why something was refused, as far as it may leave the page: in a rule's own words there may be values. */
export function maskReason(reason: string, redact: Redact | undefined): string {
  return redact ? 'It was refused. Why, in words, stays in the page: they may quote a value.' : reason
}

/** Every value in a query's condition, masked. */
export function maskCondition(condition: Value, where: Omit<Where, 'field'>, redact: Redact): Value {
  if (!isPlainObject(condition)) return condition
  const { of, field, value } = condition
  if (Array.isArray(of)) {
    return { ...(condition as object), of: (of as Value[]).map((each) => maskCondition(each, where, redact)) }
  }
  if (typeof field !== 'string' || value === undefined) return condition
  return { ...(condition as object), value: mask(value, { ...where, field }, redact) }
}

/** The masked chunks, as the panel folds them. Throws `malformed-bytes`. */
export function chunksOfMask({ chunks }: Mask): Chunk[] {
  return chunks.map(({ bytes }) => decodeChunk(bytes))
}

/** A commit with masked chunks in the places of those that are not there. */
export function putMask<C extends { readonly chunks: readonly { readonly bytes: Uint8Array | null }[] }>(
  commit: C,
  { chunks: masked }: Mask,
): C {
  const byIndex = new Map(masked.map(({ index, bytes }) => [index, bytes]))
  const chunks = commit.chunks.map((chunk, index) => ({ ...chunk, bytes: chunk.bytes ?? byIndex.get(index) ?? null }))
  return { ...commit, chunks }
}
