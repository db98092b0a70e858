import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { arbitraryCommits, ITEMS, SCHEMA, type TestCommit } from '../../tests/history/arbitrary-commits.js'
import { toHex } from '../ids.js'
import type { CommitId, SessionId } from '../ids.js'
import type { Change } from '../item/change.js'
import { type Origin, settledOrigin } from '../item/origin.js'
import { ByteReader, ByteWriter } from '../value/bytes.js'
import { foldAccepted, foldProvisional } from './fold.js'
import { encodeKeyframe } from './keyframe.js'
import { readState, writeState } from './state-columns.js'
import { RepositoryState } from './state.js'

/** A state that was written and read again, by somebody who knows some of the commits by their places. */
async function reread(state: RepositoryState, known: readonly TestCommit[]): Promise<RepositoryState> {
  const writer = new ByteWriter()
  writeState(writer, state, (id) => known.findIndex((commit) => commit.id === id))
  const reader = new ByteReader(writer.finish())
  const originOf = (n: number): Origin => {
    const { id, header } = known[n]!
    return settledOrigin(header.time, id, header.session)
  }
  const read = await readState(reader, originOf, () => undefined)
  reader.end()
  return read
}

function fold(state: RepositoryState, commits: readonly TestCommit[]): RepositoryState {
  for (const commit of commits) foldAccepted(state, commit, commit.chunkList)
  return state
}

const bytesOf = (state: RepositoryState): string => toHex(encodeKeyframe(state))

/** Commits, how many of them were folded before the state was written, and which of them its reader knows. */
const cut = arbitraryCommits(12).chain((commits) =>
  fc.tuple(fc.constant(commits), fc.nat(commits.length), fc.subarray(commits)),
)

describe('a state in columns', () => {
  test('is read as it was written, and the fold goes on from it', async () => {
    await fc.assert(
      fc.asyncProperty(cut, async ([commits, count, known]) => {
        const state = fold(new RepositoryState(), commits.slice(0, count))
        const before = bytesOf(state)
        const read = await reread(state, known)
        expect(bytesOf(read)).toBe(before)
        expect(bytesOf(fold(read, commits.slice(count)))).toBe(bytesOf(fold(new RepositoryState(), commits)))
      }),
      { numRuns: 300 },
    )
  })

  test('holds accepted commits only', async () => {
    await fc.assert(
      fc.asyncProperty(cut, async ([commits, count]) => {
        const state = fold(new RepositoryState(), commits.slice(0, count))
        const before = bytesOf(state)
        for (const commit of commits.slice(count)) foldProvisional(state, commit, commit.chunkList)
        expect(bytesOf(await reread(state, commits))).toBe(before)
      }),
      { numRuns: 50 },
    )
  })

  test('keeps what JSON has no words for, sums beyond safe integers, very many fields, and freezes what it reads', async () => {
    const put = (field: string, value: Change['value']): Change => ({ action: 0, field, tag: 'put', value })
    const changes: Change[] = [
      { action: 0, field: '', tag: 'create', value: null },
      { action: 0, field: 'votes', tag: 'inc', value: Number.MAX_SAFE_INTEGER },
      { action: 0, field: 'votes', tag: 'inc', value: Number.MAX_SAFE_INTEGER },
      put('bytes', new Uint8Array([0, 255])),
      put('nested', { list: [1, { bytes: new Uint8Array([7]) }] }),
      put('plain', { list: [1.5, { text: '"\u2028 𝄞' }] }),
      put('number', 1e-7),
      put('null', null),
      { action: 0, field: 'cleared', tag: 'clear', value: null },
      ...Array.from({ length: 40 }, (_, n) => put(`ƒ${(n * 7) % 40}`, n)),
    ]
    const commit = (item: string, n: number, changes: Change[]): TestCommit => ({
      id: `${n}`.repeat(64) as CommitId,
      header: { time: { ms: n, counter: 0 }, session: 'd'.repeat(32) as SessionId },
      actions: { length: 1 },
      chunks: [],
      parents: [],
      chunkList: [{ item: item as (typeof ITEMS)[0], schema: SCHEMA, version: 1, changes }],
    })
    const state = fold(new RepositoryState(), [
      commit('a', 1, changes),
      commit('b', 2, changes.slice(0, 7)),
      commit('c', 3, changes.slice(0, 7)),
      commit('c', 4, [put('bytes', 'text now')]),
    ])
    const read = await reread(state, [])
    expect(bytesOf(read)).toBe(bytesOf(state))
    const item = read.get(SCHEMA, ITEMS[0]!)!
    for (const name of ['plain', 'nested']) {
      const value = item.cells[item.layout.find(name, 4)] as { list: unknown[] }
      expect(Object.isFrozen(value) && Object.isFrozen(value.list) && Object.isFrozen(value.list[1])).toBe(true)
    }
    // Items with the same fields share one layout again.
    const [, second, third] = ITEMS.map((id) => read.get(SCHEMA, id)!.layout)
    expect(second).toBe(third)
  })
})
