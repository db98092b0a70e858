import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import { fromBase64, toBase64 } from './base64.js'

test('any bytes, as others write and read them', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      const text = toBase64(bytes)
      expect(text).toBe(Buffer.from(bytes).toString('base64'))
      expect([...fromBase64(text)]).toEqual([...bytes])
    }),
  )
  const long = Uint8Array.from({ length: 100_000 }, (_, at) => at * 31)
  expect(toBase64(long)).toBe(Buffer.from(long).toString('base64'))
})

test('what is none', () => {
  expect(() => fromBase64('*')).toThrow(expect.objectContaining({ code: 'malformed-bytes' }))
})

test('the platform does it where it can', () => {
  const bytes = Object.assign(Uint8Array.of(1, 2), { toBase64: () => 'by the platform' })
  expect(toBase64(bytes)).toBe('by the platform')
  vi.stubGlobal('Uint8Array', Object.assign(class extends Uint8Array {}, { fromBase64: () => bytes }))
  expect(fromBase64('AQI=')).toBe(bytes)
  vi.unstubAllGlobals()
})
