import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { arbitraryCommits, ITEMS, SCHEMA } from '../../tests/history/arbitrary-commits.js'
import type { TestCommit } from '../../tests/history/arbitrary-commits.js'
import { sha256 } from '../crypto/sha256.js'
import { IbexError } from '../errors.js'
import { toHex } from '../ids.js'
import type { CommitId, SessionId } from '../ids.js'
import type { Change } from '../item/change.js'
import { accept, foldAccepted, foldProvisional, voidCommit } from './fold.js'
import { foldUnder } from './fold-under.js'
import { decodeKeyframe, encodeItems, encodeKeyframe, encodeKeyframeInPieces, hashKeyframe } from './keyframe.js'
import { RepositoryState, visibleItems } from './state.js'

function fold(state: RepositoryState, commits: readonly TestCommit[]): RepositoryState {
  for (const commit of commits) foldAccepted(state, commit, commit.chunkList)
  return state
}

function bytesOf(state: RepositoryState): string {
  return toHex(encodeItems(visibleItems(state)))
}

/** Commits, a part of them below a random frontier, and the rest, each in a random order. */
const divided = arbitraryCommits(12)
  .chain((commits) => fc.tuple(fc.constant(commits), fc.subarray([...commits.keys()])))
  .chain(([commits, heads]) => {
    const below = new Set<number>()
    const take = (n: number): void => {
      if (below.has(n)) return
      below.add(n)
      commits[n]!.parents.forEach(take)
    }
    heads.forEach(take)
    const shuffled = (isBelow: boolean): fc.Arbitrary<TestCommit[]> => {
      const part = commits.filter((_, n) => below.has(n) === isBelow)
      return fc.shuffledSubarray(part, { minLength: part.length })
    }
    return fc.tuple(fc.constant(commits), shuffled(true), shuffled(false))
  })

describe('a keyframe', () => {
  test('and what came after it, the fold going on, and the fold from the beginning agree, at any frontier', () => {
    fc.assert(
      fc.property(divided, ([commits, below, tail]) => {
        const going = fold(new RepositoryState(), below)
        const opened = decodeKeyframe(encodeKeyframe(going))
        expect(bytesOf(opened)).toBe(bytesOf(going))
        const scratch = bytesOf(fold(new RepositoryState(), commits))
        expect(bytesOf(fold(going, tail))).toBe(scratch)
        expect(bytesOf(fold(opened, tail))).toBe(scratch)
      }),
      { numRuns: 200 },
    )
  })

  test('can be put under what is provisional, as if that had come after it', () => {
    fc.assert(
      fc.property(divided, ([commits, below, tail]) => {
        const keyframe = encodeKeyframe(fold(new RepositoryState(), below))
        const state = new RepositoryState()
        for (const commit of tail) foldProvisional(state, commit, commit.chunkList)
        const changed = foldUnder(state, decodeKeyframe(keyframe))
        const scratch = bytesOf(fold(new RepositoryState(), commits))
        expect(bytesOf(state)).toBe(scratch)
        expect(toHex(encodeKeyframe(state))).toBe(toHex(keyframe))
        expect(changed.every((item) => state.get(item.layout.schema, item.id) === item)).toBe(true)
        for (const { id } of tail.slice().reverse()) accept(state, id)
        expect(toHex(encodeKeyframe(state))).toBe(scratch)
        const refused = new RepositoryState()
        for (const commit of tail) foldProvisional(refused, commit, commit.chunkList)
        foldUnder(refused, decodeKeyframe(keyframe))
        for (const { id } of tail) voidCommit(refused, id)
        expect(bytesOf(refused)).toBe(toHex(keyframe))
      }),
      { numRuns: 200 },
    )
  })

  test('holds accepted commits only', () => {
    fc.assert(
      fc.property(divided, ([, below, tail]) => {
        const state = fold(new RepositoryState(), below)
        const before = toHex(encodeKeyframe(state))
        for (const commit of tail) foldProvisional(state, commit, commit.chunkList)
        expect(toHex(encodeKeyframe(state))).toBe(before)
      }),
      { numRuns: 50 },
    )
  })

  test('is of one moment, also if the state goes on while it is written', async () => {
    await fc.assert(
      fc.asyncProperty(divided, fc.boolean(), async ([, below, tail], asAccepted) => {
        const state = fold(new RepositoryState(), below)
        const before = toHex(encodeKeyframe(state))
        const coming = tail.slice()
        const pause = async (): Promise<void> => {
          const next = coming.shift()
          if (next) (asAccepted ? foldAccepted : foldProvisional)(state, next, next.chunkList)
        }
        expect(toHex(await encodeKeyframeInPieces(state, pause))).toBe(before)
      }),
      { numRuns: 200 },
    )
  })

  test('keeps sums beyond safe integers, items with very many fields, and text of any script', () => {
    const changes: Change[] = [
      { action: 0, field: '', tag: 'create', value: null },
      { action: 0, field: 'votes', tag: 'inc', value: Number.MAX_SAFE_INTEGER },
      { action: 0, field: 'votes', tag: 'inc', value: Number.MAX_SAFE_INTEGER },
    ]
    for (let n = 0; n < 100; n++)
      changes.push({ action: 0, field: `ƒ${(n * 37) % 100}`, tag: 'put', value: `søt 🦌 ${n}` })
    const commit: TestCommit = {
      id: 'c'.repeat(64) as CommitId,
      header: { time: { ms: 1, counter: 0 }, session: 'd'.repeat(32) as SessionId },
      actions: { length: 1 },
      chunks: [],
      parents: [],
      chunkList: [{ item: ITEMS[0]!, schema: SCHEMA, version: 1, changes }],
    }
    const bytes = encodeKeyframe(fold(new RepositoryState(), [commit]))
    expect(toHex(encodeKeyframe(decodeKeyframe(bytes)))).toBe(toHex(bytes))
  })

  test('has a hash that every change of it changes, and refuses or outlives every flipped byte', () => {
    const commits = fc.sample(arbitraryCommits(12), { numRuns: 1, seed: 3 })[0]!
    const bytes = encodeKeyframe(fold(new RepositoryState(), commits))
    const hash = toHex(hashKeyframe(bytes, sha256))
    for (let at = 0; at < bytes.length; at++) {
      const damaged = bytes.slice()
      damaged[at]! ^= 1 << (at % 8)
      try {
        decodeKeyframe(damaged)
        expect(toHex(hashKeyframe(damaged, sha256))).not.toBe(hash)
      } catch (error) {
        expect(error).toBeInstanceOf(IbexError)
        expect((error as IbexError).code).toMatch(/malformed-bytes|newer-version/)
      }
    }
  })
})
