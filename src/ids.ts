/**
 * The names of things. Each kind of id is a type of its own, made only by the functions of this file, so that an id of
 * one kind cannot stand where another is meant.
 */
import { IbexError } from './errors.js'

declare const brand: unique symbol
type Branded<Name extends string> = string & { readonly [brand]: Name }

/** SHA-256 of a commit's header: 64 lowercase hexadecimal digits, so that string order is byte order. */
export type CommitId = Branded<'CommitId'>
/** First 16 bytes of SHA-256 of a session's public key: 32 lowercase hexadecimal digits. */
export type SessionId = Branded<'SessionId'>
/** Eight random bytes that a process draws at its start: 16 lowercase hexadecimal digits. */
export type Lane = Branded<'Lane'>
/** The name of an item, unique in its repository: 1 to 128 characters of `A-Z a-z 0-9 _ -`. */
export type ItemId = Branded<'ItemId'>
/** `/space/repository`, for example `/data/main`; the space `user` has one more part: `/user/<id>/<repository>`. */
export type RepositoryPath = Branded<'RepositoryPath'>
/** What the app's `authenticate` calls a user: 1 to 256 characters. */
export type UserId = Branded<'UserId'>

/** The character codes of hexadecimal digits, by what they are worth. */
export const HEX_CODES: readonly number[] = Array.from('0123456789abcdef', (digit) => digit.charCodeAt(0))
/** Lowercase hexadecimal digits of `bytes` from `start` up to `end`. */
export function toHex(bytes: Uint8Array, start: number = 0, end: number = bytes.length): string {
  let text = ''
  for (let from = start; from < end; from += 32) {
    // In one call, because a text that is put together digit by digit is a tree of pieces at first.
    const length = Math.min(32, end - from)
    const codes = new Array<number>(2 * length)
    for (let i = 0; i < length; i++) {
      const byte = bytes[from + i]!
      codes[2 * i] = HEX_CODES[byte >> 4]!
      codes[2 * i + 1] = HEX_CODES[byte & 15]!
    }
    text += String.fromCharCode.apply(null, codes)
  }
  return text
}

/** Bytes of lowercase hexadecimal `text`; throws `malformed-id` for anything else. */
export function fromHex(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length >> 1)
  let wrong = text.length & 1
  for (let i = 0; i < bytes.length; i++) {
    const high = digit(text.charCodeAt(i * 2))
    const low = digit(text.charCodeAt(i * 2 + 1))
    wrong |= (high | low) & 16
    bytes[i] = (high << 4) | low
  }
  if (wrong) throw new IbexError('malformed-id', `Expected lowercase hexadecimal digits, got ${quote(text)}.`)
  return bytes
}

/** The value of a hexadecimal digit; 16 for anything else. */
function digit(unit: number): number {
  if (unit >= 48 && unit <= 57) return unit - 48
  return unit >= 97 && unit <= 102 ? unit - 87 : 16
}

/** The commit named by a 32-byte hash, or by digits that were made of one. */
export function commitIdOf(hash: Uint8Array | string): CommitId {
  return ofLength(hash, 32, 'commit id') as CommitId
}

/** The session named by 16 bytes, or by digits that were made of them. */
export function sessionIdOf(bytes: Uint8Array | string): SessionId {
  return ofLength(bytes, 16, 'session id') as SessionId
}

/** The lane named by 8 bytes, or by digits that were made of them. */
export function laneOf(bytes: Uint8Array | string): Lane {
  return ofLength(bytes, 8, 'lane') as Lane
}

/** Checks that `text` is a commit id; throws `malformed-id`. */
export function requireCommitId(text: string): CommitId {
  if (!/^[0-9a-f]{64}$/.test(text)) throw malformed('commit id', '64 lowercase hexadecimal digits', text)
  return text as CommitId
}

/** Checks that `text` can name an item; throws `malformed-id`. */
export function requireItemId(text: string): ItemId {
  if (typeof text !== 'string' || !/^[A-Za-z0-9_-]{1,128}$/.test(text)) {
    throw malformed('item id', '1 to 128 characters of A-Z a-z 0-9 _ -', text)
  }
  return text as ItemId
}

const PATH = /^\/(?:(?:data|local|sys)\/[A-Za-z0-9_-]{1,64}|[a-z]{1,16}\/[A-Za-z0-9_.@-]{1,128}\/[A-Za-z0-9_-]{1,64})$/

/** Checks that `text` is a repository path; throws `malformed-path`. */
export function requireRepositoryPath(text: string): RepositoryPath {
  if (typeof text !== 'string' || !PATH.test(text)) {
    throw new IbexError(
      'malformed-path',
      `${quote(text)} is not a repository path. Write '/data/<name>' for synced data, '/local/<name>' for data that stays on this device, or '/user/<id>/<name>'.`,
    )
  }
  return text as RepositoryPath
}

/** The space of a path: `data`, `local`, `sys`, `user`. */
export function spaceOf(path: RepositoryPath): string {
  return path.slice(1, path.indexOf('/', 1))
}

/** Checks that `text` can name a user; throws `malformed-id`. */
export function requireUserId(text: string): UserId {
  if (typeof text !== 'string' || text.length === 0 || text.length > 256) {
    throw malformed('user id', '1 to 256 characters', text)
  }
  return text as UserId
}

function ofLength(given: Uint8Array | string, length: number, what: string): string {
  const bytes = typeof given === 'string' ? given.length / 2 : given.length
  if (bytes !== length) throw malformed(what, `${length} bytes`, `${bytes} bytes`)
  return typeof given === 'string' ? given : toHex(given)
}

function malformed(what: string, expected: string, given: unknown): IbexError {
  return new IbexError('malformed-id', `Not a ${what}: expected ${expected}, got ${quote(given)}.`)
}

function quote(value: unknown): string {
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value)
  return text.length > 80 ? `${text.slice(0, 77)}…` : text
}
