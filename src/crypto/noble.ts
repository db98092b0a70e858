/**
 * The port in JavaScript, for places whose WebCrypto has no Ed25519 (old browsers, pages without TLS, React Native).
 * About twenty times slower than the platform, and its keys can be read by every script of the page: load it only where
 * `createWebCrypto` gave `undefined`, with a dynamic import.
 */
import { getPublicKey, hashes, Point, sign, utils } from '@noble/ed25519'
import { sha512 } from '@noble/hashes/sha2.js'
import { toHex } from '../ids.js'
import type { Random } from '../ports.js'
import { isBytes } from '../value/value.js'
import type { CryptoPort, SigningKey } from './port.js'
import { sha256 } from './sha256.js'
import { isStrict } from './strict.js'

/** A port whose keys come from `random`, or else from the platform's random numbers. */
export function createNobleCrypto(random?: Random): CryptoPort {
  hashes.sha512 = sha512
  return {
    sha256,
    sha256Large: async (bytes) => sha256(bytes),
    async verify(publicKey, message, signature) {
      try {
        return isStrict(publicKey, signature) && holds(publicKey, message, signature)
      } catch {
        // A or s·B is no point.
        return false
      }
    },
    createKey: async () => signingKey(random ? random.bytes(32) : utils.randomSecretKey()),
    async restoreKey(stored) {
      const seed = (stored as { seed?: unknown } | undefined)?.seed
      return isBytes(seed) && seed.length === 32 ? signingKey(new Uint8Array(seed)) : undefined
    },
  }
}

function signingKey(seed: Uint8Array): SigningKey {
  return {
    publicKey: getPublicKey(seed),
    extractable: true,
    sign: async (message) => sign(message, seed),
    stored: () => ({ seed }),
  }
}

/**
 * RFC 8032, section 5.1.7, by the equation that platforms use: `encode([s]B − [k]A) = R`. The library's own verification
 * multiplies by the cofactor, and so takes some crafted signatures that platforms refuse.
 */
function holds(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  const r = signature.subarray(0, 32)
  const s = numberOf(signature.subarray(32))
  const a = Point.fromBytes(publicKey)
  const k = numberOf(sha512(Uint8Array.of(...r, ...publicKey, ...message))) % Point.CURVE().n
  const expected = Point.BASE.multiply(s, false).subtract(a.multiply(k, false))
  return toHex(expected.toBytes()) === toHex(r)
}

function numberOf(littleEndian: Uint8Array): bigint {
  return BigInt(`0x${toHex(new Uint8Array(littleEndian).reverse())}`)
}
