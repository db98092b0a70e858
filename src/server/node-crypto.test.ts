import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { ed25519Cases } from '../../tests/crypto/ed25519-cases.js'
import { createNobleCrypto } from '../crypto/noble.js'
import { createNodeCrypto } from './node-crypto.js'

const ports = [createNodeCrypto(), createNodeCrypto({ threads: true })]

test("I-9: Node's verifier agrees with the others on the published edge cases", async () => {
  for (const { name, publicKey, message, signature, valid } of ed25519Cases) {
    const answers = await Promise.all(ports.map((port) => port.verify(publicKey, message, signature)))
    expect([name, ...answers]).toEqual([name, valid, valid])
  }
})

test('keys and signatures are the same as in JavaScript', async () => {
  const noble = createNobleCrypto()
  const seed = Uint8Array.from({ length: 32 }, (_, i) => i * 7)
  const [a, b] = [(await ports[0]!.restoreKey({ seed }))!, (await noble.restoreKey({ seed }))!]
  const message = new TextEncoder().encode('ibex')
  expect(a.publicKey).toEqual(b.publicKey)
  expect(await a.sign(message)).toEqual(await b.sign(message))
  expect(a.stored()).toEqual(b.stored())
  expect(await ports[0]!.restoreKey({ seed: new Uint8Array(3) })).toBeUndefined()
  expect(await ports[0]!.restoreKey(undefined)).toBeUndefined()
})

test('hashes are SHA-256, in bytes of their own', async () => {
  const bytes = new Uint8Array(100_000).fill(7)
  const expected = Uint8Array.from(createHash('sha256').update(bytes).digest())
  expect(ports[0]!.sha256(bytes)).toEqual(expected)
  expect(ports[0]!.sha256([bytes.subarray(0, 5), bytes.subarray(5)])).toEqual(expected)
  expect(await ports[0]!.sha256Large(bytes)).toEqual(expected)
  expect(ports[0]!.sha256(bytes).constructor).toBe(Uint8Array)
})
