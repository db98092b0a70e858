/**
 * SHA-256 (FIPS 180-4), synchronous. Written out because the library's module carries every member of the SHA-2 family:
 * this is a quarter of its size and somewhat faster. Tested against the platform's for every length about the block size.
 */
import type { SessionId } from '../ids.js'
import { sessionIdOf } from '../ids.js'

/** Section 4.2.2: fractional parts of the cube roots of the first 64 primes; 5.3.3: of the square roots of the first eight. */
let constants: { readonly k: Int32Array; readonly h: Int32Array } | undefined
const schedule: Int32Array = /* @__PURE__ */ new Int32Array(64)

/** The hash of `bytes`: 32 bytes. */
export function sha256(bytes: Uint8Array): Uint8Array {
  const { k, h } = (constants ??= makeConstants())
  const state = new Int32Array(h)
  const { length } = bytes
  const whole = length - (length % 64)
  for (let at = 0; at < whole; at += 64) compress(state, k, bytes, at)
  // What is left, a one bit, zeros, and the length in bits as 64 bits: one block, or two.
  const tail = new Uint8Array(length - whole < 56 ? 64 : 128)
  tail.set(bytes.subarray(whole))
  tail[length - whole] = 128
  const view = new DataView(tail.buffer)
  view.setUint32(tail.length - 8, length / 2 ** 29)
  view.setUint32(tail.length - 4, length << 3)
  for (let at = 0; at < tail.length; at += 64) compress(state, k, tail, at)
  const hash = new DataView(new ArrayBuffer(32))
  state.forEach((word, i) => hash.setInt32(i * 4, word))
  return new Uint8Array(hash.buffer)
}

/** The session of a public key: its name proves itself, so a node has one before it ever meets a server. */
export function sessionIdOfKey(publicKey: Uint8Array): SessionId {
  return sessionIdOf(sha256(publicKey).subarray(0, 16))
}

/** Section 6.2.2, with the functions of 4.1.2 in line. */
function compress(state: Int32Array, k: Int32Array, bytes: Uint8Array, at: number): void {
  const w = schedule
  for (let i = 0; i < 16; i++, at += 4) {
    w[i] = (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!
  }
  for (let i = 16; i < 64; i++) {
    const x = w[i - 15]!
    const y = w[i - 2]!
    w[i] =
      w[i - 16]! +
      w[i - 7]! +
      (((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3)) +
      (((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10))
  }
  let a = state[0]!
  let b = state[1]!
  let c = state[2]!
  let d = state[3]!
  let e = state[4]!
  let f = state[5]!
  let g = state[6]!
  let h = state[7]!
  for (let i = 0; i < 64; i++) {
    const sum1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7))
    const t1 = (h + sum1 + ((e & f) ^ (~e & g)) + k[i]! + w[i]!) | 0
    const sum0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10))
    const t2 = sum0 + ((a & b) ^ (a & c) ^ (b & c))
    h = g
    g = f
    f = e
    e = (d + t1) | 0
    d = c
    c = b
    b = a
    a = (t1 + t2) | 0
  }
  state[0]! += a
  state[1]! += b
  state[2]! += c
  state[3]! += d
  state[4]! += e
  state[5]! += f
  state[6]! += g
  state[7]! += h
}

/**
 * The roots are taken in doubles. None of the fractions comes nearer than 2^-38 to where its 32 bits would change, and
 * engines compute cube roots to within a few 2^-50, so that all agree.
 */
function makeConstants(): NonNullable<typeof constants> {
  const k = new Int32Array(64)
  const h = new Int32Array(8)
  const primes: number[] = []
  for (let n = 2; primes.length < 64; n++) {
    if (primes.some((prime) => n % prime === 0)) continue
    const i = primes.push(n) - 1
    k[i] = (Math.cbrt(n) % 1) * 2 ** 32
    if (i < 8) h[i] = (Math.sqrt(n) % 1) * 2 ** 32
  }
  return { k, h }
}
