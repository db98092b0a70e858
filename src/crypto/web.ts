/** The port over WebCrypto: fast, and with keys that no script can read. */
import { toHex } from '../ids.js'
import type { CryptoPort, SigningKey } from './port.js'
import { sha256 } from './sha256.js'
import { isStrict } from './strict.js'

const ED25519 = 'Ed25519'
/** Below this many bytes a call of the platform costs more than it saves. */
const LARGE = 32 * 1024
/** How many imported public keys are kept; beyond, all are dropped. */
const MAX_KEYS = 256

/** A port over `subtle`, or `undefined` where that has no Ed25519. */
export async function createWebCrypto(subtle: SubtleCrypto): Promise<CryptoPort | undefined> {
  const generate = (): Promise<unknown> => subtle.generateKey(ED25519, false, ['sign', 'verify'])
  try {
    await generate()
  } catch {
    return undefined
  }
  const keys = new Map<string, CryptoKey>()

  /** Importing costs as much as a tenth of a verification, and the same few sessions sign most commits. */
  async function keyOf(publicKey: Uint8Array): Promise<CryptoKey> {
    const name = toHex(publicKey)
    let key = keys.get(name)
    if (!key) {
      key = await subtle.importKey('raw', publicKey as BufferSource, ED25519, true, ['verify'])
      if (keys.size >= MAX_KEYS) keys.clear()
      keys.set(name, key)
    }
    return key
  }

  async function signingKey(pair: CryptoKeyPair): Promise<SigningKey> {
    const { privateKey } = pair
    const publicKey = new Uint8Array(await subtle.exportKey('raw', pair.publicKey))
    return {
      publicKey,
      extractable: privateKey.extractable,
      sign: async (message) => new Uint8Array(await subtle.sign(ED25519, privateKey, message as BufferSource)),
      stored: () => pair,
    }
  }

  return {
    sha256,
    async sha256Large(bytes) {
      return bytes.length > LARGE
        ? new Uint8Array(await subtle.digest('SHA-256', bytes as BufferSource))
        : sha256(bytes)
    },
    async verify(publicKey, message, signature) {
      if (!isStrict(publicKey, signature)) return false
      try {
        const key = await keyOf(publicKey)
        return await subtle.verify(ED25519, key, signature as BufferSource, message as BufferSource)
      } catch {
        return false
      }
    },
    createKey: async () => signingKey((await generate()) as CryptoKeyPair),
    async restoreKey(stored) {
      const pair = stored as CryptoKeyPair | undefined
      if (pair?.privateKey?.algorithm?.name !== ED25519) return undefined
      try {
        return await signingKey(pair)
      } catch {
        return undefined
      }
    },
  }
}
