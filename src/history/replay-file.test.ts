import { describe, expect, test } from 'vitest'
import { crypto, plain, recorded, signed } from '../../tests/history/recorded.js'
import { fflateCompression } from '../sync/deflate.js'
import { decodeReplay, encodeReplay, type Replay } from './replay-file.js'

describe('replay files', () => {
  test('what was written is read, deflated or not', async () => {
    const { node, replay } = await recorded()
    for (const how of [plain, fflateCompression]) {
      const file = await encodeReplay(replay, node.journal.options.key, crypto, how)
      expect(await decodeReplay(file, crypto, how)).toEqual(signed({ node, replay }))
    }
    const full: Replay = {
      ...replay,
      authority: undefined,
      base: { frontier: [node.journal.graph.idAt(0)], keyframe: new Uint8Array([1, 2]) },
      voids: [node.journal.graph.idAt(1)],
    }
    const file = await encodeReplay(full, node.journal.options.key, crypto, plain)
    expect(await decodeReplay(file, crypto, plain)).toEqual(signed({ node, replay: full }))
  })

  test('a byte that was changed, wherever it is, and a file that was cut are refused', async () => {
    const { node, replay } = await recorded()
    const file = await encodeReplay(replay, node.journal.options.key, crypto, plain)
    for (let at = 0; at < file.length; at++) {
      const changed = file.slice()
      changed[at]! ^= 1
      await expect(decodeReplay(changed, crypto, plain)).rejects.toMatchObject({
        code: expect.stringMatching(/^(malformed-bytes|bad-signature|newer-version)$/),
      })
      await expect(decodeReplay(file.subarray(0, at), crypto, plain)).rejects.toThrow(/replay file/)
    }
  })

  test('a file of a later format says so', async () => {
    const { node, replay } = await recorded()
    const file = await encodeReplay(replay, node.journal.options.key, crypto, plain)
    file[8] = 2
    await expect(decodeReplay(file, crypto, plain)).rejects.toMatchObject({ code: 'newer-version' })
  })
})
