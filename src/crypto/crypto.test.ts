import { createHash, webcrypto } from 'node:crypto'
import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { toHex } from '../ids.js'
import { encodeUtf8 } from '../value/utf8.js'
import { createNobleCrypto } from './noble.js'
import type { CryptoPort } from './port.js'
import { sessionIdOfKey, sha256 } from './sha256.js'
import { createWebCrypto } from './web.js'

const subtle = webcrypto.subtle as SubtleCrypto
const ports: Record<string, CryptoPort> = {
  web: (await createWebCrypto(subtle))!,
  noble: createNobleCrypto(),
}

test('SHA-256: the examples of FIPS 180', () => {
  expect(toHex(sha256(new Uint8Array()))).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
  expect(toHex(sha256(encodeUtf8('abc')))).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
  expect(toHex(sha256(encodeUtf8('abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq')))).toBe(
    '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
  )
})

test('SHA-256: equal to the platform for every length about the block size, for views and for Buffers', () => {
  const expected = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
  for (let length = 0; length < 260; length++) {
    const bytes = Uint8Array.from({ length: length + 3 }, (_, i) => (i * 167 + length) & 255)
    expect(toHex(sha256(bytes.subarray(3)))).toBe(expected(bytes.subarray(3)))
  }
  const large = Buffer.alloc(100_003, 'ibex')
  expect(toHex(sha256(large))).toBe(expected(large))
})

test('SHA-256: of parts as of the whole, also after one that was no bytes', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 200 })), (parts) => {
      expect(() => sha256([Uint8Array.of(1), 'no bytes' as never])).toThrow(TypeError)
      const hash = createHash('sha256').update(Buffer.concat(parts)).digest('hex')
      expect(toHex(sha256(parts))).toBe(hash)
    }),
  )
})

test('SHA-256: of bytes of another realm', () => {
  const foreign = runInNewContext('Uint8Array.of(97, 98, 99)') as Uint8Array
  expect(foreign).not.toBeInstanceOf(Uint8Array)
  expect(sha256(foreign)).toEqual(sha256(encodeUtf8('abc')))
  expect(sha256([foreign])).toEqual(sha256(encodeUtf8('abc')))
})

test('a session is named by its key', () => {
  const id = sessionIdOfKey(new Uint8Array(32))
  expect(id).toBe('66687aadf862bd776c8fc18b8e9f8e20')
})

for (const [name, port] of Object.entries(ports)) {
  test(`${name}: hashes small and large alike`, async () => {
    for (const length of [0, 100, 32 * 1024, 32 * 1024 + 1]) {
      const bytes = new Uint8Array(length).fill(7)
      expect(await port.sha256Large(bytes)).toEqual(port.sha256(bytes))
    }
  })

  test(`${name}: a key comes back from what it stores`, async () => {
    const key = await port.createKey()
    expect([key.publicKey.length, key.extractable]).toEqual([32, name === 'noble'])
    const restored = (await port.restoreKey(structuredClone(key.stored())))!
    expect(restored.publicKey).toEqual(key.publicKey)
    const message = encodeUtf8('again')
    expect(await restored.sign(message)).toEqual(await key.sign(message))
    expect((await port.createKey()).publicKey).not.toEqual(key.publicKey)
  })

  test(`${name}: other keys, and what is no key, are not restored`, async () => {
    const other = await ports[name === 'web' ? 'noble' : 'web']!.createKey()
    const ecdsa = await subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify'])
    const wrong = [
      undefined,
      null,
      0,
      'seed',
      {},
      { seed: 'text' },
      { seed: new Uint8Array(31) },
      ecdsa,
      other.stored(),
    ]
    for (const stored of wrong) expect(await port.restoreKey(stored)).toBe(undefined)
  })

  test(`${name}: verify never throws`, async () => {
    const key = await port.createKey()
    const message = new Uint8Array(1)
    const signature = await key.sign(message)
    for (let i = 0; i < 40; i++) {
      // About half of these are no point of the curve.
      const publicKey = sha256(Uint8Array.of(i))
      expect(await port.verify(publicKey, message, signature)).toBe(false)
    }
    for (const length of [0, 31, 33, 63, 65, 1000]) {
      expect(await port.verify(new Uint8Array(length).fill(3), message, signature)).toBe(false)
      expect(await port.verify(key.publicKey, message, new Uint8Array(length).fill(3))).toBe(false)
    }
    expect(await port.verify(key.publicKey, message, signature)).toBe(true)
  })
}

test('web: keys cannot be read', async () => {
  const { privateKey } = (await ports['web']!.createKey()).stored() as CryptoKeyPair
  await expect(subtle.exportKey('pkcs8', privateKey)).rejects.toThrow('not extractable')
})

test('web: more keys than are kept', async () => {
  const web = ports['web']!
  const message = new Uint8Array(1)
  const first = await web.createKey()
  const signature = await first.sign(message)
  for (let i = 0; i < 300; i++) await web.verify(sha256(Uint8Array.of(i & 255, i >> 8)), message, signature)
  expect(await web.verify(first.publicKey, message, signature)).toBe(true)
})

test('web: no port where Ed25519 is missing', async () => {
  const old = { generateKey: () => Promise.reject(new DOMException('Unrecognized name', 'NotSupportedError')) }
  expect(await createWebCrypto(old as unknown as SubtleCrypto)).toBe(undefined)
})

test('noble: keys come from the given source of chance', async () => {
  const bytes = (length: number): Uint8Array => new Uint8Array(length).fill(1)
  const [a, b] = await Promise.all([createNobleCrypto({ bytes }).createKey(), createNobleCrypto({ bytes }).createKey()])
  expect(a.publicKey).toEqual(b.publicKey)
})
