import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { arbitraryCommits } from '../../tests/history/arbitrary-commits.js'
import type { IbexError } from '../errors.js'
import type { ItemId } from '../ids.js'
import { toHex } from '../ids.js'
import type { Value } from '../value/value.js'
import type { Change, Chunk } from './change.js'
import { coalesce, decodeChunk, encodeChunk } from './change.js'

const RANDOM = Uint8Array.from({ length: 16 }, (_, i) => i)

describe('the bytes of a chunk', () => {
  test('I-4: decode(encode(chunk)) is the chunk, tags of later versions and nonsense with it', () => {
    fc.assert(
      fc.property(arbitraryCommits(3), (commits) => {
        for (const chunk of commits.flatMap(({ chunkList }) => chunkList)) {
          expect(decodeChunk(encodeChunk(chunk, RANDOM))).toEqual(chunk)
        }
      }),
      { numRuns: 100 },
    )
  })

  test('I-4: encode(decode(b)) is b for every accepted b', () => {
    const mutated = fc.tuple(arbitraryCommits(1), fc.nat(), fc.integer({ min: 0, max: 255 }), fc.nat(2))
    let accepted = 0
    fc.assert(
      fc.property(mutated, ([[commit], where, byte, how]) => {
        const bytes = [...encodeChunk(commit!.chunkList[0]!, RANDOM)]
        const at = 16 + (where % (bytes.length - 16))
        bytes.splice(at, how === 0 ? 0 : 1, ...(how === 1 ? [] : [byte]))
        const given = Uint8Array.from(bytes)
        let chunk: Chunk
        try {
          chunk = decodeChunk(given)
        } catch (error) {
          expect((error as IbexError).code).toMatch(/malformed-(bytes|id)/)
          return
        }
        accepted++
        expect(toHex(encodeChunk(chunk, given.subarray(0, 16)))).toBe(toHex(given))
      }),
      { numRuns: 1000 },
    )
    expect(accepted).toBeGreaterThan(50)
  })

  test('what cannot name an item is refused', () => {
    const chunk: Chunk = { item: 'a b' as ItemId, schema: 'task', version: 1, changes: [] }
    expect(() => decodeChunk(encodeChunk(chunk, RANDOM))).toThrow(expect.objectContaining({ code: 'malformed-id' }))
  })
})

describe('coalescing', () => {
  const change = (action: number, field: string, tag: Change['tag'], value: Value): Change => ({
    action,
    field,
    tag,
    value,
  })
  const coalesced = (...changes: Change[]): [Change[], number[]] => {
    const list: Change[] = []
    return [list, changes.map((each) => coalesce(list, each))]
  }

  test('the last write of a field within an action takes the place of the one before', () => {
    const [list, indexes] = coalesced(
      change(0, 'title', 'put', 'a'),
      change(0, 'done', 'put', true),
      change(0, 'title', 'put', 'ab'),
      change(0, 'title', 'clear', null),
    )
    expect(list).toEqual([change(0, 'title', 'clear', null), change(0, 'done', 'put', true)])
    expect(indexes).toEqual([0, 1, 0, 0])
  })

  test('it never crosses actions', () => {
    const [list] = coalesced(
      change(0, 'title', 'put', 'a'),
      change(1, 'title', 'put', 'b'),
      change(1, 'votes', 'inc', 1),
    )
    expect(list).toHaveLength(3)
  })

  test('increments add up; map keys stand for themselves; adds and removes keep their indexes', () => {
    const [list] = coalesced(
      change(0, 'votes', 'inc', 2),
      change(0, 'scores', 'mapPut', ['a', 1]),
      change(0, 'scores', 'mapPut', ['b', 2]),
      change(0, 'tags', 'add', 'x'),
      change(0, 'tags', 'remove', ['x', [[null, 3]]]),
      change(0, 'tags', 'add', 'x'),
      change(0, 'scores', 'mapClear', 'a'),
      change(0, 'votes', 'inc', -3),
    )
    expect(list.map(({ tag, value }) => [tag, value])).toEqual([
      ['inc', -1],
      ['mapClear', 'a'],
      ['mapPut', ['b', 2]],
      ['add', 'x'],
      ['remove', ['x', [[null, 3]]]],
      ['add', 'x'],
    ])
  })
})
