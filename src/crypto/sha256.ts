/** SHA-256 (FIPS 180-4), synchronous, and the names that follow from it. */
import { sha256 as nobleSha256 } from '@noble/hashes/sha2.js'
import type { SessionId } from '../ids.js'
import { sessionIdOf } from '../ids.js'

// What is hashed is short, and to make a hasher takes longer than that: one is used again and again, as it was in the beginning.
const blank = nobleSha256.create()
const hasher = nobleSha256.create()

/** The hash of bytes, or of several one after the other: 32 bytes. */
export function sha256(bytes: Uint8Array | readonly Uint8Array[]): Uint8Array {
  blank._cloneInto(hasher)
  // Not `instanceof`: bytes of another realm (Jest's jsdom, frames) are bytes too.
  if (ArrayBuffer.isView(bytes)) hasher.update(bytes)
  else for (const part of bytes) hasher.update(part)
  return hasher.digest()
}

/** The session of a public key: its name proves itself, so a node has one before it ever meets a server. */
export function sessionIdOfKey(publicKey: Uint8Array): SessionId {
  return sessionIdOf(sha256(publicKey).subarray(0, 16))
}
