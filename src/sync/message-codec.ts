/**
 * Messages as bytes: a type byte, then the fields of `messages.ts` in the order of the table below. Strict: whatever the
 * encoder would not have written throws `malformed-bytes`, and no length is believed before the bytes are there.
 * ```
 * number = varint    flag = byte 0 or 1    text = length, UTF-8    blob = length, bytes    list = count, elements
 * optional = flag, then the field if it is 1    id = 32 bytes
 * ```
 */
import { IbexError } from '../errors.js'
import type { CommitId, RepositoryPath } from '../ids.js'
import { commitIdOf, fromHex, requireRepositoryPath } from '../ids.js'
import { ByteReader, ByteWriter } from '../value/bytes.js'
import { MAX_FILTER_IDS, SALT_BYTES } from './bloom.js'
import type { AskMessage, Message, Refusal, Rejection, Resume, UnknownMessage } from './messages.js'
import { MAX_FRAME_BYTES, MAX_IDS, MAX_NEEDED, MAX_PRESENCE_BYTES } from './messages.js'

interface Field<T> {
  write(writer: ByteWriter, value: T): void
  read(reader: ByteReader): T
}
type Fields<T> = { readonly [K in Exclude<keyof T, 'type'>]-?: Field<T[K]> }

const number: Field<number> = { write: (writer, n) => writer.varuint(n), read: (reader) => reader.varuint() }

const flag: Field<boolean> = {
  write: (writer, on) => writer.u8(on ? 1 : 0),
  read(reader) {
    const byte = reader.u8()
    if (byte > 1) throw malformed('flag')
    return byte === 1
  },
}

/** Bytes of a known length, copied: the input is a whole frame. */
function fixed(length: number): Field<Uint8Array> {
  return {
    write: (writer, bytes) => {
      if (bytes.length !== length) throw malformed('length')
      writer.raw(bytes)
    },
    read: (reader) => reader.raw(length).slice(),
  }
}

function blob(most: number): Field<Uint8Array> {
  return {
    write: (writer, bytes) => writer.bytes(bytes),
    read: (reader) => within(reader.bytes(), most).slice(),
  }
}

function text(most: number): Field<string> {
  return { write: (writer, string) => writer.string(string), read: (reader) => within(reader.string(), most) }
}

function list<T>(element: Field<T>, most: number = MAX_IDS): Field<readonly T[]> {
  return {
    write(writer, elements) {
      writer.varuint(elements.length)
      for (const each of elements) element.write(writer, each)
    },
    read: (reader) => {
      const length = reader.count()
      if (length > most) throw malformed('count')
      return Array.from({ length }, () => element.read(reader))
    },
  }
}

function optional<T>(field: Field<T>): Field<T | undefined> {
  return {
    write(writer, value) {
      flag.write(writer, value !== undefined)
      if (value !== undefined) field.write(writer, value)
    },
    read: (reader) => (flag.read(reader) ? field.read(reader) : undefined),
  }
}

function record<T>(fields: Fields<T>): Field<T> {
  const entries = Object.entries(fields) as [keyof T, Field<unknown>][]
  return {
    write(writer, value) {
      for (const [name, field] of entries) field.write(writer, value[name])
    },
    read: (reader) => Object.fromEntries(entries.map(([name, field]) => [name, field.read(reader)])) as T,
  }
}

const id: Field<CommitId> = {
  write: (writer, commit) => writer.raw(fromHex(commit)),
  read: (reader) => commitIdOf(reader.raw(32)),
}
const repository: Field<RepositoryPath> = {
  write: (writer, path) => writer.string(path),
  read: (reader) => requireRepositoryPath(reader.string()),
}
const ids = list(id)
const key = fixed(32)
const certificate = optional(blob(4096))
const code = text(64)
const sentence = text(1024)
const filter = blob(SALT_BYTES + MAX_FILTER_IDS * 2)
const refusal = record<Refusal>({ code, message: sentence })
const resume = record<Resume>({ frontier: ids, filter: optional(filter) })
const ask: Fields<AskMessage> = { repository, round: number, base: ids, filter, ids: list(id, MAX_NEEDED) }

type Typed<K> = K extends AskMessage['type'] ? AskMessage : Extract<Message, { readonly type: K }>

/** In the order of type numbers. Places keep their meaning for ever; 14 and 15 are keyframes, 16 and 17 history. */
const FIELDS: { readonly [K in Message['type']]: Fields<Typed<K>> } = {
  nonce: { versions: list(number, 16), nonce: key, authority: optional(key) },
  hello: {
    version: number,
    publicKey: key,
    proof: fixed(64),
    certificate,
    token: optional(text(16_384)),
  },
  welcome: { time: number, authority: optional(key), certificate, refusal: optional(refusal) },
  error: { repository: optional(repository), code, message: sentence },
  summary: {
    repository,
    answer: flag,
    follows: flag,
    heads: ids,
    count: number,
    ladder: list(fixed(8), 64),
    seal: optional(id),
    boundary: optional(ids),
    incomplete: optional(ids),
    resume: optional(resume),
    credit: number,
  },
  want: ask,
  need: ask,
  commits: {
    repository,
    round: number,
    more: flag,
    partial: flag,
    credentials: list(blob(4096)),
    inflated: number,
    payload: blob(MAX_FRAME_BYTES),
  },
  ack: { repository, frontier: ids, seal: optional(id) },
  reject: {
    repository,
    rejections: list(record<Rejection>({ id, code, final: flag, seal: optional(id) }), MAX_NEEDED),
  },
  credit: { repository, bytes: number },
  ping: { repository, time: number, heads: fixed(8) },
  presence: { repository, data: blob(MAX_PRESENCE_BYTES) },
}
const TYPES = Object.keys(FIELDS) as Message['type'][]
const CODECS = TYPES.map((type) => record(FIELDS[type] as unknown as Fields<Message>))

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

function within<T extends { readonly length: number }>(value: T, most: number): T {
  if (value.length > most) throw malformed('length')
  return value
}

function malformed(what: string): IbexError {
  return new IbexError('malformed-bytes', `Not a message: wrong ${what}.`)
}
