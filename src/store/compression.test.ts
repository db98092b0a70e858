import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fflateCompression } from '../sync/deflate.js'
import { platformCompression } from './compression.js'

const platform = platformCompression()

test('what one deflates the other inflates', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 4000 }), async (bytes) => {
      const ours = await platform.deflate(bytes)
      expect(await fflateCompression.inflate(ours, bytes.length)).toEqual(bytes)
      expect(await platform.inflate(await fflateCompression.deflate(bytes), bytes.length)).toEqual(bytes)
    }),
    { numRuns: 30 },
  )
})

test('I-14: what inflates to another size than was declared is refused, a bomb long before its end', async () => {
  const bomb = await platform.deflate(new Uint8Array(20_000_000))
  const refused = expect.objectContaining({ code: 'malformed-bytes' })
  await expect(platform.inflate(bomb, 1000)).rejects.toEqual(refused)
  await expect(platform.inflate(await platform.deflate(new Uint8Array(10)), 11)).rejects.toEqual(refused)
  await expect(platform.inflate(Uint8Array.of(7, 7, 7), 3)).rejects.toEqual(refused)
})
