/** Signatures for tests: quick, the same every time, and worth nothing, since anybody can make them. */
import type { CryptoPort, SigningKey } from '../crypto/port.js'
import { sha256 as portable } from '../crypto/sha256.js'
import type { Random } from '../ports.js'
import { concatBytes, equalBytes } from '../value/bytes.js'

type Hash = CryptoPort['sha256']

/** A key whose signatures {@link testCrypto} takes for real. */
export function testKey(random: Random, sha256: Hash = portable): SigningKey {
  return keyOf(random.bytes(32), sha256)
}

/** `sha256`: a faster one, if the platform has it. */
export function testCrypto(random: Random, sha256: Hash = portable): CryptoPort {
  return {
    sha256,
    sha256Large: (bytes) => Promise.resolve(sha256(bytes)),
    verify: (publicKey, message, given) => Promise.resolve(equalBytes(given, signature(publicKey, message, sha256))),
    createKey: () => Promise.resolve(keyOf(random.bytes(32), sha256)),
    restoreKey: (stored) => Promise.resolve(isStored(stored) ? keyOf(stored.test, sha256) : undefined),
  }
}

function keyOf(publicKey: Uint8Array, sha256: Hash): SigningKey {
  return {
    publicKey,
    extractable: true,
    sign: (message) => Promise.resolve(signature(publicKey, message, sha256)),
    stored: () => ({ test: publicKey }),
  }
}

function isStored(stored: unknown): stored is { readonly test: Uint8Array } {
  return (stored as { test?: unknown } | null)?.test instanceof Uint8Array
}

function signature(publicKey: Uint8Array, message: Uint8Array, sha256: Hash): Uint8Array {
  const half = sha256([publicKey, message])
  return concatBytes(half, sha256(half))
}
