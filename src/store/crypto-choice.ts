/** Which cryptography this platform gets. */
import type { CryptoPort } from '../crypto/port.js'
import { createWebCrypto } from '../crypto/web.js'

/** WebCrypto, whose keys no script can read; where it has no Ed25519, JavaScript's, loaded on demand. */
export async function createNobleOrWebCrypto(): Promise<CryptoPort> {
  const subtle = globalThis.crypto?.subtle
  const native = subtle && (await createWebCrypto(subtle))
  if (native) return native
  const { createNobleCrypto } = await import('../crypto/noble.js')
  return createNobleCrypto()
}
