/**
 * Keyframes: the accepted state of a repository as bytes, from which it is opened without folding its history.
 * ```
 * keyframe = value 1 | value origins | value lengths | item…
 * origins  = [[ms, counter, commit id, session id], …]
 * lengths  = [bytes of the first item, …]
 * ```
 * Each item is the values of `item-row.ts`, one after the other, and nothing of it stands elsewhere, so that it can be
 * withheld behind its hash. It names origins by their places in the list, which tells no more than headers of commits do.
 * Items ascend by schema and id, and origins stand in the order in which items first name them: one state has one
 * encoding.
 */
import { IbexError } from '../errors.js'
import type { Sha256 } from '../graph/body.js'
import type { CommitId, ItemId, SessionId } from '../ids.js'
import { commitIdOf, fromHex, sessionIdOf } from '../ids.js'
import { readItem, writeItem } from '../item/item-row.js'
import type { Origin } from '../item/origin.js'
import { settledOrigin } from '../item/origin.js'
import { cloneItem, type Item } from '../item/state.js'
import { ByteReader, ByteWriter, concatBytes } from '../value/bytes.js'
import { encodeValue } from '../value/codec.js'
import { compareStrings } from '../value/order.js'
import type { Value } from '../value/value.js'
import { acceptedItems, RepositoryState } from './state.js'

const VERSION = 1

/** Bytes of what is accepted. Only commits below one frontier may have been folded: see `item/fields/set.ts`. */
export function encodeKeyframe(state: RepositoryState): Uint8Array {
  return encodeItems(acceptedItems(state))
}

/** The same of how the state is now, in pieces between which it may go on. `pause`: is called after every small step. */
export async function encodeKeyframeInPieces(
  state: RepositoryState,
  pause: () => Promise<void> | undefined,
): Promise<Uint8Array> {
  const steps = encoding(Array.from(acceptedItems(state), cloneItem))
  for (let step = steps.next(); ; step = steps.next()) {
    if (step.done) return step.value
    const waiting = pause()
    if (waiting) await waiting
  }
}

/** Bytes of any items as a keyframe. */
export function encodeItems(items: Iterable<Item>): Uint8Array {
  const steps = encoding([...items])
  for (let step = steps.next(); ; step = steps.next()) if (step.done) return step.value
}

/** In steps, one an item. Sorts what it is given. */
function* encoding(items: Item[]): Generator<void, Uint8Array> {
  const places = new Map<CommitId | '', number>()
  const origins: Value[] = []
  const refer = (origin: Origin | undefined): Value => {
    if (!origin) return null
    const { id, ms, counter, session } = origin
    let place = places.get(id)
    if (place === undefined) {
      places.set(id, (place = origins.length))
      origins.push([ms, counter, fromHex(id), fromHex(session)])
    }
    return place
  }
  items.sort((a, b) => compareStrings(a.layout.schema, b.layout.schema) || compareStrings(a.id, b.id))
  const body = new ByteWriter(4096)
  const write = (value: Value): void => body.value(value)
  const lengths: number[] = []
  for (const item of items) {
    const from = body.length
    writeItem(item, write, refer)
    lengths.push(body.length - from)
    yield
  }
  return concatBytes(encodeValue(VERSION), encodeValue(origins), encodeValue(lengths), body.finish())
}

/**
 * The state that a keyframe holds, all of it accepted.
 * @throws IbexError `newer-version`, `malformed-bytes`
 */
export function decodeKeyframe(bytes: Uint8Array): RepositoryState {
  const { reader, listed, lengths } = open(bytes)
  try {
    const state = new RepositoryState()
    const origins = listed.map(([ms, counter, id, session]) => {
      const time = { ms: ms as number, counter: counter as number }
      return settledOrigin(time, commitIdOf(id as Uint8Array), state.sessionOf(sessionIdOf(session as Uint8Array)))
    })
    const origin = (place: Value): Origin | undefined => {
      const named = origins[place as number]
      if (!named && place !== null) throw malformed()
      return named
    }
    const next = (): Value => reader.value()
    const item = (schema: string, id: ItemId): Item => state.open(schema, id)
    for (const length of lengths) {
      const end = reader.offset + length
      readItem(next, origin, item)
      if (reader.offset !== end) throw malformed()
    }
    reader.end()
    return state
  } catch (cause) {
    throw malformed(cause)
  }
}

/**
 * Who wrote what a keyframe holds, and when the latest was; milliseconds since 1970.
 * @throws IbexError `newer-version`, `malformed-bytes`
 */
export function keyframeAuthors(bytes: Uint8Array): { sessions: Set<SessionId>; latest: number } {
  const { listed } = open(bytes)
  return {
    sessions: new Set(listed.map((origin) => sessionIdOf(origin[3] as Uint8Array))),
    latest: listed.reduce((latest, [ms]) => Math.max(latest, ms as number), 0),
  }
}

/**
 * The hash over the hashes of a keyframe's parts, which a seal names: of the list of origins, then of each item.
 * @throws IbexError `newer-version`, `malformed-bytes`
 */
export function hashKeyframe(bytes: Uint8Array, sha256: Sha256): Uint8Array {
  const { reader, listed, lengths } = open(bytes)
  const hashes = [sha256(encodeValue(listed)), ...lengths.map((length) => sha256(reader.raw(length)))]
  return sha256(encodeValue(['ibex keyframe 1', ...hashes]))
}

function open(bytes: Uint8Array): { reader: ByteReader; listed: Value[][]; lengths: number[] } {
  const reader = new ByteReader(bytes)
  if (reader.value() !== VERSION) {
    throw new IbexError('newer-version', 'A keyframe of another version: update Ibex to read it.')
  }
  const [listed, lengths] = [reader.value(), reader.value()]
  if (!Array.isArray(listed) || !Array.isArray(lengths)) throw malformed()
  return { reader, listed: listed as Value[][], lengths: lengths as number[] }
}

function malformed(cause?: unknown): IbexError {
  return new IbexError('malformed-bytes', 'Not a keyframe.', { cause })
}
