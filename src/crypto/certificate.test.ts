import fc from 'fast-check'
import { webcrypto } from 'node:crypto'
import { expect, test } from 'vitest'
import { IbexError } from '../errors.js'
import { requireUserId } from '../ids.js'
import { concatBytes } from '../value/bytes.js'
import type { Certificate } from './certificate.js'
import { decodeCertificate, encodeCertificate, verifyCertificate } from './certificate.js'
import { createNobleCrypto } from './noble.js'
import { sessionIdOfKey } from './sha256.js'
import { createWebCrypto } from './web.js'

const web = (await createWebCrypto(webcrypto.subtle as SubtleCrypto))!
const authority = await web.createKey()
const { publicKey } = await web.createKey()

function certificate(part: Partial<Certificate> = {}): Certificate {
  return {
    session: sessionIdOfKey(publicKey),
    publicKey,
    user: null,
    issued: 1_700_000_000_000,
    expires: 2 ** 45,
    ...part,
  }
}

function codeOf(run: () => unknown): string {
  try {
    run()
  } catch (error) {
    if (error instanceof IbexError) return error.code
    throw error
  }
  return 'accepted'
}

test('I-9: a certificate proves itself on every replica', async () => {
  for (const user of [null, requireUserId('anna@example.org'), requireUserId('ü'.repeat(256))]) {
    const bytes = await encodeCertificate(certificate({ user }), authority)
    for (const port of [web, createNobleCrypto()]) {
      expect(await verifyCertificate(port, authority.publicKey, bytes)).toEqual(certificate({ user }))
    }
    expect(decodeCertificate(bytes)).toMatchObject(certificate({ user }))
  }
  expect((await encodeCertificate(certificate(), authority)).length).toBeLessThan(120)
})

test('I-9: a certificate of another authority, or with any bit changed, or cut, is none', async () => {
  const bytes = await encodeCertificate(certificate({ user: requireUserId('anna') }), authority)
  expect(await verifyCertificate(web, publicKey, bytes)).toBe(undefined)
  for (let bit = 0; bit < bytes.length * 8; bit += 3) {
    const changed = bytes.slice()
    changed[bit >> 3]! ^= 1 << (bit & 7)
    expect(await verifyCertificate(web, authority.publicKey, changed)).toBe(undefined)
  }
  for (const other of [bytes.slice(0, -1), concatBytes(bytes, Uint8Array.of(0)), new Uint8Array()]) {
    expect(await verifyCertificate(web, authority.publicKey, other)).toBe(undefined)
  }
})

test('a signature under another context does not make a certificate', async () => {
  const { signed } = decodeCertificate(await encodeCertificate(certificate(), authority))
  const bytes = concatBytes(signed, await authority.sign(signed))
  expect(await verifyCertificate(web, authority.publicKey, bytes)).toBe(undefined)
})

test('what cannot be read says why', async () => {
  const bytes = await encodeCertificate(certificate(), authority)
  expect(codeOf(() => decodeCertificate(concatBytes(Uint8Array.of(2), bytes.subarray(1))))).toBe('newer-version')
  expect(codeOf(() => decodeCertificate(bytes.subarray(0, 50)))).toBe('malformed-bytes')
  const userAt = 33
  const withUser = (value: readonly number[]): Uint8Array =>
    concatBytes(bytes.subarray(0, userAt), Uint8Array.from(value), bytes.subarray(userAt + 1))
  expect(codeOf(() => decodeCertificate(withUser([3, 2])))).toBe('malformed-id')
  expect(codeOf(() => decodeCertificate(withUser([5, 0])))).toBe('malformed-id')
  await expect(encodeCertificate(certificate({ publicKey: new Uint8Array(32) }), authority)).rejects.toMatchObject({
    code: 'bad-certificate',
  })
})

test('hostile bytes are refused with a code', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 130 }), (bytes) => {
      bytes[0] = 1
      expect(codeOf(() => decodeCertificate(bytes))).toMatch(/^(accepted|malformed-bytes|malformed-id)$/)
    }),
    { numRuns: 1000 },
  )
})
