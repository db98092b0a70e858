/** SHA-256 (FIPS 180-4), synchronous, and the names that follow from it. */
import { sha256 as nobleSha256 } from '@noble/hashes/sha2.js'
import type { SessionId } from '../ids.js'
import { sessionIdOf } from '../ids.js'

/** The hash of `bytes`: 32 bytes. */
export function sha256(bytes: Uint8Array): Uint8Array {
  return nobleSha256(bytes)
}

/** The session of a public key: its name proves itself, so a node has one before it ever meets a server. */
export function sessionIdOfKey(publicKey: Uint8Array): SessionId {
  return sessionIdOf(sha256(publicKey).subarray(0, 16))
}
