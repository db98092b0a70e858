import { expect, test } from 'vitest'
import { fflateCompression } from '../sync/deflate.js'
import { nodeCompression } from './node-compression.js'

const text = new TextEncoder().encode('a plain text that repeats itself, '.repeat(200))

test('Node and JavaScript read what the other has deflated', async () => {
  const [a, b] = [await nodeCompression.deflate(text), await fflateCompression.deflate(text)]
  expect(a.length).toBeLessThan(text.length / 10)
  expect(Uint8Array.from(await fflateCompression.inflate(a, text.length))).toEqual(text)
  expect(Uint8Array.from(await nodeCompression.inflate(b, text.length))).toEqual(text)
})

test('I-14: what inflates to another size than it says is refused, however large it would be', async () => {
  const bomb = await nodeCompression.deflate(new Uint8Array(5_000_000))
  for (const size of [1000, 4_999_999, 5_000_001]) {
    await expect(nodeCompression.inflate(bomb, size)).rejects.toMatchObject({ code: 'malformed-bytes' })
  }
  await expect(nodeCompression.inflate(Uint8Array.of(255, 255), 10)).rejects.toMatchObject({ code: 'malformed-bytes' })
  await expect(nodeCompression.inflate(new Uint8Array(0), 10)).rejects.toMatchObject({ code: 'malformed-bytes' })
})
