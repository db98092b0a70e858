/** The channel between builds: what is said first is never changed, and each end understands a stranger. */
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { fromHex, toHex } from '../ids.js'
import { encodeValue } from '../value/codec.js'
import { CHANNEL_VERSIONS } from './channel.js'
import { agree, decodeChannel, disagreement, encodeChannel, hello, type Received } from './channel-codec.js'
import { RELEASE } from './release.js'

test('the release is that of the package', () => {
  const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as object
  expect(manifest).toMatchObject({ version: RELEASE })
})

describe('compatibility', () => {
  test('hello and refused have the bytes that they had in the first release', () => {
    expect(toHex(encodeChannel({ type: 'hello', versions: [1], release: '0.1.0' }))).toBe(
      '0803' +
        '0772656c65617365' +
        '0505302e312e30' +
        '0474797065' +
        '050568656c6c6f' +
        '0876657273696f6e73' +
        '07010302',
    )
    expect(toHex(encodeChannel({ type: 'refused', message: 'no' }))).toBe(
      '0802' + '076d657373616765' + '05026e6f' + '0474797065' + '050772656675736564',
    )
  })

  test('of two ends that know several versions the highest common one counts', () => {
    const said = (versions: unknown): Received => decodeChannel(encodeValue({ type: 'hello', versions } as never))
    expect(agree(said([...CHANNEL_VERSIONS, 99]))).toBe(CHANNEL_VERSIONS.at(-1))
    expect(agree(said([99]))).toBeUndefined()
    expect(agree(said('1'))).toBeUndefined()
    expect(agree(decodeChannel(encodeValue({ type: 'hello' })))).toBeUndefined()
  })

  test('where there is none, both ends say who is behind', () => {
    const newer = decodeChannel(encodeValue({ type: 'hello', versions: [7], release: '9.0.0' }))
    expect(disagreement(newer, 'page', '0.1.0')).toBe(
      'The page runs ibex-state 9.0.0, the devtools are 0.1.0, and they have no version of their channel in common. Update the devtools.',
    )
    expect(disagreement(newer, 'panel', '0.1.0')).toMatch(
      /ibex-state 0\.1\.0, the devtools are 9\.0\.0.*Update ibex-state in the app\.$/,
    )
    const older = decodeChannel(encodeValue({ type: 'hello', versions: [0], release: '0.0.9' }))
    expect(disagreement(older, 'page', '0.1.0')).toMatch(/Update ibex-state in the app\.$/)
    const odd = decodeChannel(encodeValue({ type: 'hello', versions: null, release: 5 }))
    expect(disagreement(odd, 'panel', '0.1.0')).toMatch(/of an unknown release.*Update the devtools\.$/)
  })
})

test('what is no message is refused', () => {
  for (const value of [null, 5, 'hello', [], {}, { type: 5 }]) {
    expect(() => decodeChannel(encodeValue(value as never))).toThrow(
      expect.objectContaining({ code: 'malformed-bytes' }),
    )
  }
  expect(() => decodeChannel(fromHex('ff'))).toThrow(expect.objectContaining({ code: 'malformed-bytes' }))
  const large = encodeChannel({ ...hello('x'), release: 'x'.repeat(17 * 1024 * 1024) })
  expect(() => decodeChannel(large)).toThrow(expect.objectContaining({ code: 'limit' }))
})
