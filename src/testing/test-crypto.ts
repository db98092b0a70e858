/** Signatures for tests: quick, the same every time, and worth nothing, since anybody can make them. */
import type { CryptoPort, SigningKey } from '../crypto/port.js'
import { sha256 } from '../crypto/sha256.js'
import type { Random } from '../ports.js'
import { concatBytes, equalBytes } from '../value/bytes.js'

/** A key whose signatures {@link testCrypto} takes for real. */
export function testKey(random: Random): SigningKey {
  const publicKey = random.bytes(32)
  return {
    publicKey,
    extractable: true,
    sign: (message) => Promise.resolve(signature(publicKey, message)),
    stored: () => ({ test: publicKey }),
  }
}

export function testCrypto(random: Random): CryptoPort {
  return {
    sha256,
    sha256Large: (bytes) => Promise.resolve(sha256(bytes)),
    verify: (publicKey, message, given) => Promise.resolve(equalBytes(given, signature(publicKey, message))),
    createKey: () => Promise.resolve(testKey(random)),
    restoreKey: () => Promise.resolve(undefined),
  }
}

function signature(publicKey: Uint8Array, message: Uint8Array): Uint8Array {
  const half = sha256(concatBytes(publicKey, message))
  return concatBytes(half, sha256(half))
}
