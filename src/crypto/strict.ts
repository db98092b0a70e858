/**
 * The part of the rule for signatures that needs no arithmetic on the curve. Verifiers differ on crafted signatures: on
 * scalars above the group's order, on points with two encodings, and on points of small order (WebCrypto's text refuses
 * those, most engines do not). All such are refused here, before any verifier sees them; no honest key or signature has
 * one. What is left is then decided by the one equation `encode([s]B − [k]A) = R`, without multiplying by the cofactor.
 *
 * Chalkias, Garillot, Nikolaenko: "Taming the many EdDSAs" (2020); RFC 8032, sections 5.1.3 and 5.1.7.
 */
import { toHex } from '../ids.js'

// Big-endian hexadecimal digits, so that string order is the order of numbers.
/** The field's prime, 2^255 − 19. */
const P = '7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffed'
/** The order of the base point, RFC 8032's L. */
const L = '1000000000000000000000000000000014def9dea2f79cd65812631a5cf5d3ed'
/** y of the eight points whose order divides 8: 1; p − 1; 0 (twice); two more and their negatives in x. */
const SMALL_ORDER =
  /^(0{63}[01]|7f{61}ec|05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826|7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7)$/

/** Whether key and signature have the right lengths, `s < L`, and `A` and `R` are canonical and not of small order. */
export function isStrict(publicKey: Uint8Array, signature: Uint8Array): boolean {
  return (
    publicKey.length === 32 &&
    signature.length === 64 &&
    isStrictPoint(publicKey) &&
    isStrictPoint(signature) &&
    digits(signature, 32, 255) < L
  )
}

/** The point of the first 32 bytes. The one other ambiguity, the sign of x = 0, occurs at y = ±1 only: small order. */
function isStrictPoint(bytes: Uint8Array): boolean {
  const y = digits(bytes, 0, 127)
  return y < P && !SMALL_ORDER.test(y)
}

/** The little-endian number of the 32 bytes at `from`, its highest byte masked. */
function digits(bytes: Uint8Array, from: number, mask: number): string {
  const number = new Uint8Array(bytes.subarray(from, from + 32)).reverse()
  number[0]! &= mask
  return toHex(number)
}
