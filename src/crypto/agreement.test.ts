import { Point } from '@noble/ed25519'
import { sha512 } from '@noble/hashes/sha2.js'
import { webcrypto } from 'node:crypto'
import { expect, test } from 'vitest'
import type { Ed25519Case } from '../../tests/crypto/ed25519-cases.js'
import { ed25519Cases } from '../../tests/crypto/ed25519-cases.js'
import { fromHex, toHex } from '../ids.js'
import { concatBytes } from '../value/bytes.js'
import { createNobleCrypto } from './noble.js'
import { isStrict } from './strict.js'
import { createWebCrypto } from './web.js'

const web = (await createWebCrypto(webcrypto.subtle as SubtleCrypto))!
const noble = createNobleCrypto()

/** One answer on every path, and the expected one. */
async function expectAnswer({ name, publicKey, message, signature, valid }: Ed25519Case): Promise<void> {
  const answers = await Promise.all([web, noble].map((port) => port.verify(publicKey, message, signature)))
  expect([name, ...answers]).toEqual([name, valid, valid])
}

/** A seeded source of bytes, so that a failure comes back. */
function bytesFrom(seed: string): (length: number) => Uint8Array {
  let n = 0
  return (length) => sha512(new TextEncoder().encode(`${seed} ${n++}`)).slice(0, length)
}

const ORDER = Point.CURVE().n
const numberOf = (bytes: Uint8Array): bigint => BigInt(`0x${toHex(bytes.slice().reverse())}`)
const bytesOf = (n: bigint): Uint8Array => fromHex(n.toString(16).padStart(64, '0')).reverse()
/** The eight points of small order, by their multiples of one of order eight. */
const eighth = Point.fromHex('26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05')
const torsion = Array.from({ length: 8 }, (_, i) => eighth.multiply(BigInt(i), false))

test('I-9: both verifiers agree on the published edge cases', async () => {
  expect(ed25519Cases.length).toBeGreaterThan(100)
  for (const each of ed25519Cases) await expectAnswer(each)
})

test('I-9: both verifiers agree on signatures with a flipped bit', async () => {
  const bytes = bytesFrom('flip')
  const key = (await noble.restoreKey({ seed: bytes(32) }))!
  const message = bytes(40)
  const signature = await key.sign(message)
  const parts = { publicKey: key.publicKey, message, signature }
  await expectAnswer({ name: 'untouched', ...parts, valid: true })
  for (const part of ['publicKey', 'message', 'signature'] as const) {
    for (let i = 0; i < 16; i++) {
      const flipped = parts[part].slice()
      const bit = i < 4 ? flipped.length * 8 - 1 - i : (bytes(1)[0]! * 7 + i * 13) % (flipped.length * 8)
      flipped[bit >> 3]! ^= 1 << (bit & 7)
      await expectAnswer({ name: `bit ${bit} of ${part}`, ...parts, [part]: flipped, valid: false })
    }
  }
})

test('I-9: both verifiers refuse s + nL, and every point that has a second encoding', async () => {
  const bytes = bytesFrom('malleable')
  const key = (await noble.restoreKey({ seed: bytes(32) }))!
  const message = bytes(3)
  const signature = await key.sign(message)
  const s = numberOf(signature.slice(32))
  for (let n = 1n; s + n * ORDER < 1n << 256n; n++) {
    const changed = concatBytes(signature.slice(0, 32), bytesOf(s + n * ORDER))
    await expectAnswer({ name: `s + ${n}L`, publicKey: key.publicKey, message, signature: changed, valid: false })
  }
  const p = Point.CURVE().p
  for (let y = p; y < 1n << 255n; y++) {
    for (const sign of [0n, 1n << 255n]) {
      const point = bytesOf(y + sign)
      expect(isStrict(point, signature) || isStrict(key.publicKey, concatBytes(point, signature.slice(32)))).toBe(false)
    }
  }
})

test('I-9: both verifiers refuse keys and R of small order, also where the equation holds', async () => {
  for (const [i, a] of torsion.entries()) {
    for (const [j, r] of torsion.entries()) {
      const publicKey = a.toBytes()
      const point = r.toBytes()
      // With s = 0 the equation is R = −kA: true for one R of eight, for whoever wants to sign.
      const signature = concatBytes(point, new Uint8Array(32))
      expect(isStrict(publicKey, signature)).toBe(false)
      if (i !== j) continue
      await expectAnswer({ name: `A ${i}, R ${j}`, publicKey, message: new Uint8Array(1), signature, valid: false })
    }
  }
  // The identity and the point of order two with the sign of x = 0 set.
  for (const hex of ['01' + '00'.repeat(30) + '80', 'ec' + 'ff'.repeat(31)]) {
    expect(isStrict(fromHex(hex), new Uint8Array(64).fill(2))).toBe(false)
  }
})

test('I-9: both verifiers decide signatures of mixed order without the cofactor', async () => {
  const bytes = bytesFrom('mixed')
  const counts = { valid: 0, invalid: 0 }
  for (let i = 0; i < 48; i++) {
    const [a, r, message] = [numberOf(bytes(31)), numberOf(bytes(31)), bytes(8)]
    const [t, u] = [torsion[1 + (i % 7)]!, torsion[(i * 5) % 8]!]
    const publicKey = Point.BASE.multiply(a).add(t).toBytes()
    const point = Point.BASE.multiply(r).add(u)
    const k = numberOf(sha512(concatBytes(point.toBytes(), publicKey, message))) % ORDER
    // Times eight the equation always holds, as t and u vanish; as it stands, only where u = −kt.
    const signature = concatBytes(point.toBytes(), bytesOf((r + k * a) % ORDER))
    const valid = t.multiply(k, false).negate().equals(u)
    counts[valid ? 'valid' : 'invalid']++
    await expectAnswer({ name: `mixed ${i}`, publicKey, message, signature, valid })
  }
  expect(Math.min(counts.valid, counts.invalid)).toBeGreaterThan(2)
})

test('each verifies what the other signed', async () => {
  const message = new TextEncoder().encode('ibex')
  for (const [signer, verifier] of [
    [web, noble],
    [noble, web],
  ] as const) {
    const key = await signer.createKey()
    const signature = await key.sign(message)
    expect(await verifier.verify(key.publicKey, message, signature)).toBe(true)
    expect(await verifier.verify(key.publicKey, message.subarray(1), signature)).toBe(false)
  }
})
