/**
 * What the floors above need of cryptography. There are two ports, one over WebCrypto (`web.ts`) and one in JavaScript
 * (`noble.ts`); on every input both give the same answer, since replicas that disagree on a signature never meet again.
 */

/** Hashing, verifying, and keys. A port holds no secret by itself. */
export interface CryptoPort {
  /** SHA-256 of bytes, or of several one after the other; synchronous. */
  readonly sha256: (bytes: Uint8Array | readonly Uint8Array[]) => Uint8Array
  /** SHA-256 by the platform where that is faster, which is above 32 kB. */
  sha256Large(bytes: Uint8Array): Promise<Uint8Array>
  /** Whether the signature holds by the strict rule of `strict.ts`. Never throws; whatever is malformed does not hold. */
  verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): Promise<boolean>
  createKey(): Promise<SigningKey>
  /** The key that {@link SigningKey.stored} gave away, or `undefined` if `stored` is no key of this port. */
  restoreKey(stored: unknown): Promise<SigningKey | undefined>
}

/** An Ed25519 key pair that can sign. */
export interface SigningKey {
  /** 32 bytes. */
  readonly publicKey: Uint8Array
  /** Whether a script that gets hold of the key could copy it and take it away. */
  readonly extractable: boolean
  /** 64 bytes. Put a context before the message that nothing else is signed under, such as `ibex commit 1`. */
  sign(message: Uint8Array): Promise<Uint8Array>
  /** What to keep, for {@link CryptoPort.restoreKey}: survives structured cloning (IndexedDB), not JSON. */
  stored(): unknown
}
