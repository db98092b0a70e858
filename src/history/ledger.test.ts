import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  addAll,
  arbitraryPast,
  byId,
  bytesOf,
  bytesOfState,
  committed,
  foldSeen,
  itemsSeen,
  ledgerOf,
  type StagedCommit,
} from '../../tests/history/past.js'
import { foldAccepted } from './fold.js'
import { Ledger } from './ledger.js'
import type { Sight } from './deed.js'
import { momentOf, positionOf, sightAt, sightOf, withLate } from './sight.js'
import { RepositoryState } from './state.js'

function compare(ledger: Ledger, sight: Sight, commits: readonly StagedCommit[]): void {
  expect(bytesOf(itemsSeen(ledger, sight))).toBe(bytesOfState(foldSeen(ledger, sight, byId(commits))))
}

/** Commits, and an order in which they may come: parents first, but children of other branches in between. */
const withArrival = arbitraryPast(12).chain((commits) =>
  fc.tuple(
    fc.constant(commits),
    fc.array(fc.nat(), { minLength: commits.length, maxLength: commits.length }).map((dice) => {
      const left = new Set(commits.keys())
      const order: StagedCommit[] = []
      for (const die of dice) {
        const ready = [...left].filter((n) => commits[n]!.parents.every((parent) => !left.has(parent)))
        const n = ready[die % ready.length]!
        left.delete(n)
        order.push(commits[n]!)
      }
      return order
    }),
  ),
)

describe('how it was', () => {
  test('at every moment, in the middle of commits too, an item is what a fold from the beginning makes of it', () => {
    fc.assert(
      fc.property(arbitraryPast(10), (commits) => {
        const ledger = ledgerOf(commits)
        for (let position = 0; position <= ledger.length; position++)
          compare(ledger, sightAt(ledger, position), commits)
      }),
      { numRuns: 150 },
    )
  })

  test('after whole commits also where changes are in no order', () => {
    fc.assert(
      fc.property(arbitraryPast(10, false), (commits) => {
        const ledger = ledgerOf(commits)
        const state = new RepositoryState()
        for (const commit of commits) foldAccepted(state, commit, commit.chunkList)
        expect(bytesOf(itemsSeen(ledger, sightAt(ledger, ledger.length)))).toBe(bytesOfState(state))
      }),
      { numRuns: 150 },
    )
  })

  test('the order of arrival makes no difference', () => {
    fc.assert(
      fc.property(withArrival, ([commits, order]) => {
        const ledger = new Ledger()
        addAll(ledger, order, commits)
        expect(ledger.commits.map(({ origin }) => origin.id)).toEqual(
          ledgerOf(commits).commits.map(({ origin }) => origin.id),
        )
        for (let position = 0; position <= ledger.length; position++)
          compare(ledger, sightAt(ledger, position), commits)
      }),
      { numRuns: 150 },
    )
  })

  test('long tracks are folded from states kept along them, which late commits correct', () => {
    fc.assert(
      fc.property(arbitraryPast(200), fc.nat(), fc.nat(), (commits, late, look) => {
        const ledger = new Ledger()
        const kept = late % commits.length
        // A commit without children comes last.
        const child = commits.some(({ parents }) => parents.includes(kept)) ? commits.length - 1 : kept
        addAll(
          ledger,
          commits.filter((_, n) => n !== child),
          commits,
        )
        compare(ledger, sightAt(ledger, look % (ledger.length + 1)), commits)
        addAll(ledger, [commits[child]!], commits)
        compare(ledger, sightAt(ledger, ledger.length), commits)
        compare(ledger, sightAt(ledger, look % (ledger.length + 1)), commits)
      }),
      { numRuns: 25 },
    )
  })

  test('what is void never was', () => {
    fc.assert(
      fc.property(arbitraryPast(8), fc.nat(), (commits, pick) => {
        const ledger = ledgerOf(commits)
        const voided = commits[pick % commits.length]!
        ledger.judge([voided.id], () => 'void')
        const others = commits.filter((commit) => commit !== voided)
        const state = new RepositoryState()
        for (const commit of others) foldAccepted(state, commit, commit.chunkList)
        expect(bytesOf(itemsSeen(ledger, sightAt(ledger, ledger.length)))).toBe(bytesOfState(state))
        expect(ledger.length).toBe(others.reduce((sum, { actions }) => sum + actions.length, 0))
      }),
      { numRuns: 100 },
    )
  })
})

describe('moments', () => {
  test('name what is seen, and are the same text for the same', () => {
    fc.assert(
      fc.property(arbitraryPast(12), (commits) => {
        const ledger = ledgerOf(commits)
        const seen = new Set<string>()
        for (let position = 0; position <= ledger.length; position++) {
          const sight = sightAt(ledger, position)
          const moment = momentOf(ledger, sight)
          seen.add(moment)
          const again = sightOf(ledger, moment)
          expect(positionOf(again)).toBe(position)
          expect(again.except.size).toBe(0)
          expect(momentOf(ledger, again)).toBe(moment)
        }
        expect(seen.size).toBe(ledger.length + 1)
      }),
      { numRuns: 100 },
    )
  })

  test('late arrivals never change what a captured moment shows', () => {
    fc.assert(
      fc.property(withArrival, fc.nat(), fc.nat(), ([commits, order], some, pick) => {
        const ledger = new Ledger()
        const here = 1 + (some % order.length)
        addAll(ledger, order.slice(0, here), commits)
        const sight = sightAt(ledger, pick % (ledger.length + 1))
        const moment = momentOf(ledger, sight)
        const before = bytesOf(itemsSeen(ledger, sight))

        let followed = sight
        ledger.onChange.subscribe(({ late }) => (followed = withLate(followed, late)))
        addAll(ledger, order.slice(here), commits)
        // Whoever held it, whoever has it as a text, and another who had all of it before.
        expect(bytesOf(itemsSeen(ledger, followed))).toBe(before)
        expect(momentOf(ledger, followed)).toBe(moment)
        expect(bytesOf(itemsSeen(ledger, sightOf(ledger, moment)))).toBe(before)
        const other = ledgerOf(commits)
        expect(bytesOf(itemsSeen(other, sightOf(other, moment)))).toBe(before)
      }),
      { numRuns: 300 },
    )
  })

  test('of commits that are not here are refused', () => {
    const [commits] = fc.sample(arbitraryPast(6), { numRuns: 1, seed: 5 })
    const moment = momentOf(ledgerOf(commits!), sightAt(ledgerOf(commits!), 1))
    expect(() => sightOf(new Ledger(), moment)).toThrow(expect.objectContaining({ code: 'unknown-moment' }))
    const beyond = `${commits![0]!.id}.99`
    expect(() => sightOf(ledgerOf(commits!), beyond)).toThrow(expect.objectContaining({ code: 'unknown-moment' }))
  })
})

test('filling in steps is the same as adding', () => {
  fc.assert(
    fc.property(arbitraryPast(12), (commits) => {
      const ledger = new Ledger()
      for (const _step of ledger.fill(commits.map((commit) => ledger.read(committed(commit, commits), 0, 'accepted'))));
      for (let position = 0; position <= ledger.length; position++) compare(ledger, sightAt(ledger, position), commits)
      expect(ledger.frontiers.of(ledger.commits.length)).toEqual(
        new Set(ledger.commits.filter((commit) => !ledger.commits.some(({ parents }) => parents.includes(commit)))),
      )
    }),
    { numRuns: 50 },
  )
})
