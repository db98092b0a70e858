/**
 * Messages as bytes: a type byte, then the fields of `messages.ts` in the order of the table below. Strict: whatever the
 * encoder would not have written throws `malformed-bytes`, and no length is believed before the bytes are there. Sizes are
 * limited by that of the frame; what means more than its bytes (filters, needs, presence) is limited where it is used.
 * ```
 * number = varint    flag = byte 0 or 1    text = length, UTF-8    blob = length, bytes    list = count, elements
 * optional = flag, then the field if it is 1    id = 32 bytes
 * ```
 */
import { IbexError } from '../errors.js'
import type { CommitId, RepositoryPath } from '../ids.js'
import { commitIdOf, fromHex, requireRepositoryPath } from '../ids.js'
import { ByteReader, ByteWriter } from '../value/bytes.js'
import type { HybridTime } from '../graph/time.js'
import type { AskMessage, Message, Refusal, Rejection, Resume, Shallow, UnknownMessage } from './messages.js'
import { MAX_FRAME_BYTES } from './messages.js'

interface Field<T> {
  write(writer: ByteWriter, value: T): void
  read(reader: ByteReader): T
}
type Fields<T> = { readonly [K in Exclude<keyof T, 'type'>]-?: Field<T[K]> }

function field<T>(write: Field<T>['write'], read: Field<T>['read']): Field<T> {
  return { write, read }
}

/** Bytes of a known length, copied: the input is a whole frame. */
function fixed(length: number): Field<Uint8Array> {
  return field(
    (writer, bytes) => writer.raw(bytes.subarray(0, length)),
    (reader) => reader.raw(length).slice(),
  )
}

function list<T>(element: Field<T>): Field<readonly T[]> {
  return field(
    (writer, elements) => {
      writer.varuint(elements.length)
      for (const each of elements) element.write(writer, each)
    },
    (reader) => Array.from({ length: reader.count() }, () => element.read(reader)),
  )
}

function optional<T>(content: Field<T>): Field<T | undefined> {
  return field(
    (writer, value) => {
      flag.write(writer, value !== undefined)
      if (value !== undefined) content.write(writer, value)
    },
    (reader) => (flag.read(reader) ? content.read(reader) : undefined),
  )
}

function record<T>(fields: Fields<T>): Field<T> {
  const entries = Object.entries(fields) as [keyof T, Field<unknown>][]
  return field(
    (writer, value) => entries.forEach(([name, { write }]) => write(writer, value[name])),
    (reader) => Object.fromEntries(entries.map(([name, { read }]) => [name, read(reader)])) as T,
  )
}

const number = field<number>(
  (writer, n) => writer.varuint(n),
  (reader) => reader.varuint(),
)
const flag = field<boolean>(
  (writer, on) => writer.u8(on ? 1 : 0),
  (reader) => {
    const byte = reader.u8()
    if (byte > 1) throw new IbexError('malformed-bytes', 'Not a message: wrong flag.')
    return byte > 0
  },
)
const blob = field<Uint8Array>(
  (writer, bytes) => writer.bytes(bytes),
  (reader) => reader.bytes().slice(),
)
const text = field<string>(
  (writer, string) => writer.string(string),
  (reader) => reader.string(),
)
const id = field<CommitId>(
  (writer, commit) => writer.raw(fromHex(commit)),
  (reader) => commitIdOf(reader.raw(32)),
)
const repository = field<RepositoryPath>(text.write, (reader) => requireRepositoryPath(reader.string()))
const ids = list(id)
const key = fixed(32)
const prefix = fixed(8)
const ask: Fields<AskMessage> = { repository, round: number, base: ids, filter: blob, ids }

/** The message interfaces of one `type`; `want` and `need` share theirs. */
type Typed<K> = K extends AskMessage['type'] ? AskMessage : Extract<Message, { readonly type: K }>

/** In the order of type numbers, from 1. Places keep their meaning for ever. */
const FIELDS: { readonly [K in Message['type']]: Fields<Typed<K>> } = {
  nonce: { versions: list(number), nonce: key, authority: optional(key) },
  hello: { version: number, publicKey: key, proof: fixed(64), certificate: optional(blob), token: optional(text) },
  welcome: {
    time: number,
    authority: optional(key),
    certificate: optional(blob),
    refusal: optional(record<Refusal>({ code: text, message: text })),
  },
  error: { repository: optional(repository), code: text, message: text },
  summary: {
    repository,
    answer: flag,
    follows: flag,
    heads: ids,
    count: number,
    ladder: list(prefix),
    seal: optional(id),
    boundary: optional(ids),
    incomplete: optional(ids),
    resume: optional(record<Resume>({ frontier: ids, filter: optional(blob) })),
    credit: number,
  },
  want: ask,
  need: ask,
  commits: {
    repository,
    round: number,
    more: flag,
    partial: flag,
    credentials: list(blob),
    inflated: number,
    payload: blob,
  },
  ack: { repository, frontier: ids, seal: optional(id), voids: ids },
  reject: {
    repository,
    rejections: list(record<Rejection>({ id, code: text, final: flag, message: text, seal: optional(id) })),
  },
  credit: { repository, bytes: number },
  ping: { repository, time: number, heads: prefix },
  presence: { repository, data: blob },
  'keyframe?': { repository, at: ids, part: number },
  keyframe: {
    repository,
    at: ids,
    commits: list(blob),
    part: number,
    parts: number,
    size: number,
    hash: key,
    inflated: number,
    payload: blob,
  },
  'history?': { repository, round: number, deep: flag, brief: flag, ids, prefixes: list(prefix) },
  history: {
    repository,
    round: number,
    credentials: list(blob),
    lacking: ids,
    next: ids,
    inflated: number,
    payload: blob,
  },
  shallow: {
    repository,
    commits: list(record<Shallow>({ id, time: record<HybridTime>({ ms: number, counter: number }) })),
  },
}
const TYPES = Object.keys(FIELDS) as Message['type'][]
// Each is the codec of one type; together they are indexed by it.
const CODECS = TYPES.map(
  (type) => record(FIELDS[type] as unknown as Fields<Record<string, unknown>>) as unknown as Field<Message>,
)

/** Bytes of a message. */
export function encodeMessage(message: Message): Uint8Array {
  const writer = new ByteWriter(256)
  const at = TYPES.indexOf(message.type)
  writer.u8(at + 1)
  CODECS[at]!.write(writer, message)
  return writer.finish()
}

/**
 * The message in a frame, independent of its bytes. Throws `limit` for more than {@link MAX_FRAME_BYTES}, and
 * `malformed-bytes`, `malformed-path` for what is no message: close the connection. A type that this build does not know
 * is no mistake of the peer: see {@link UnknownMessage}.
 */
export function decodeMessage(frame: Uint8Array): Message | UnknownMessage {
  if (frame.length > MAX_FRAME_BYTES) throw new IbexError('limit', `A message of ${frame.length} bytes.`)
  const reader = new ByteReader(frame)
  const byte = reader.u8()
  const codec = CODECS[byte - 1]
  if (!codec) return { type: 'unknown', number: byte }
  const message = codec.read(reader)
  reader.end()
  return { ...message, type: TYPES[byte - 1] } as Message
}
