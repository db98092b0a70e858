import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  addAll,
  arbitraryPast,
  byId,
  bytesOf,
  bytesOfState,
  committed,
  foldSeen,
  itemsSeen,
  type StagedCommit,
} from '../../tests/history/past.js'
import type { CommitId } from '../ids.js'
import { idOf, type Sight } from './deed.js'
import { foldAccepted } from './fold.js'
import { Ledger, type ReadCommit } from './ledger.js'
import { formatMoment, START } from './moment.js'
import { momentOf, positionOf, sightAt, sightOf, withLate } from './sight.js'
import { RepositoryState } from './state.js'

const SEAL = 'f'.repeat(64) as CommitId

interface Cut {
  /** Parents first, with the seal. */
  readonly all: readonly StagedCommit[]
  readonly below: readonly StagedCommit[]
  /** The seal, and what nothing below it has seen. */
  readonly above: readonly StagedCommit[]
}

/** A past of which the first commits are below a seal; what comes later may have been written without it. */
const arbitraryCut = fc.tuple(arbitraryPast(12), fc.nat()).map(([commits, die]): Cut => {
  const size = 1 + (die % commits.length)
  const below = commits.slice(0, size)
  const later = commits.slice(size)
  const heads = [...below.keys()].filter((n) => !below.some(({ parents }) => parents.includes(n)))
  const { session } = commits[0]!.header
  const ms = 1 + Math.max(...below.map(({ header }) => header.time.ms))
  const seal: StagedCommit = {
    ...below[0]!,
    id: SEAL,
    header: { time: { ms, counter: 0 }, session },
    parents: heads,
    actions: [],
    chunkList: [],
  }
  // Every second of them has seen the seal, if its time allows it.
  const moved = later.map((commit, i): StagedCommit => {
    const parents = commit.parents.map((n) => (n < size ? n : n + 1))
    const sees = i % 2 === 0 && commit.header.time.ms > ms
    return { ...commit, parents: sees ? [...parents.filter((n) => n > size), size] : parents }
  })
  return { all: [...below, seal, ...moved], below, above: [seal, ...moved] }
})

function fullLedger({ all }: Cut): Ledger {
  const ledger = new Ledger()
  addAll(ledger, all, all)
  return ledger
}

/** What one has who began from a keyframe. */
function shallowLedger({ all, below, above }: Cut, order: readonly StagedCommit[] = above): Ledger {
  const base = new RepositoryState()
  for (const commit of below) foldAccepted(base, commit, commit.chunkList)
  const ledger = new Ledger(base)
  addAll(ledger, order, all)
  ledger.floor = sightOf(ledger, formatMoment({ last: SEAL, action: undefined, others: [] }))
  return ledger
}

function readAll(ledger: Ledger, { all, below }: Cut): ReadCommit[] {
  return below.map((commit) => ledger.read(committed(commit, all), 0, 'accepted'))
}

/** Every commit that is there with all its parents. */
function linksOf(ledger: Ledger, { all }: Cut): ReadCommit[] {
  const staged = byId(all)
  return ledger.commits.map((commit) => ({
    commit,
    parents: staged.get(idOf(commit))!.parents.map((n) => all[n]!.id),
  }))
}

function deepen(ledger: Ledger, cut: Cut, order: readonly number[] = []): void {
  const read = readAll(ledger, cut)
  const shuffled = [...read].sort((a, b) => (order[read.indexOf(a)] ?? 0) - (order[read.indexOf(b)] ?? 0))
  for (const _step of ledger.deepen(shuffled, linksOf(ledger, cut)));
}

const seen = (ledger: Ledger, sight: Sight): string => bytesOf(itemsSeen(ledger, sight))

test('a ledger that was deepened is the one that had all from the start, in whichever order it came', () => {
  fc.assert(
    fc.property(arbitraryCut, fc.array(fc.nat(), { maxLength: 12 }), (cut, order) => {
      const full = fullLedger(cut)
      const ledger = shallowLedger(cut)
      deepen(ledger, cut, order)
      expect(ledger.floor).toBeUndefined()
      expect(ledger.commits.map(idOf)).toEqual(full.commits.map(idOf))
      expect(ledger.commits.map(({ index, start }) => [index, start])).toEqual(
        full.commits.map(({ index, start }) => [index, start]),
      )
      for (let position = 0; position <= full.length; position++) {
        const sight = sightAt(ledger, position)
        expect(seen(ledger, sight)).toBe(bytesOfState(foldSeen(full, sightAt(full, position), byId(cut.all))))
        expect(momentOf(ledger, sight)).toBe(momentOf(full, sightAt(full, position)))
      }
    }),
    { numRuns: 150 },
  )
})

test('what can be shown above the floor is what the whole ledger shows there, and stays so when it is deepened', () => {
  fc.assert(
    fc.property(arbitraryCut, (cut) => {
      const full = fullLedger(cut)
      const ledger = shallowLedger(cut)
      const sights = new Set<Sight>()
      for (let position = 0; position <= ledger.length; position++) sights.add(sightAt(ledger, position))
      const before = [...sights].map((sight) => ({
        sight,
        moment: momentOf(ledger, sight),
        shown: seen(ledger, sight),
      }))
      for (const { moment, shown } of before) {
        expect(shown).toBe(seen(full, sightOf(full, moment)))
        expect(seen(ledger, sightOf(ledger, moment))).toBe(shown)
      }
      deepen(ledger, cut)
      for (const { sight, moment, shown } of before) {
        expect(seen(ledger, sight)).toBe(shown)
        expect(momentOf(ledger, sight)).toBe(moment)
      }
    }),
    { numRuns: 150 },
  )
})

test('a moment that needs what is below is refused until it is there, and never shown as another', () => {
  fc.assert(
    fc.property(arbitraryCut, (cut) => {
      const full = fullLedger(cut)
      const ledger = shallowLedger(cut)
      const moments = Array.from({ length: full.length + 1 }, (_, position) => momentOf(full, sightAt(full, position)))
      // Of each commit alone with what it has seen too.
      for (const { id } of cut.above) moments.push(formatMoment({ last: id, action: undefined, others: [] }))
      let refused = 0
      for (const moment of moments) {
        try {
          expect(seen(ledger, sightOf(ledger, moment))).toBe(seen(full, sightOf(full, moment)))
        } catch (error) {
          expect(error).toMatchObject({ code: 'history-missing' })
          refused++
        }
      }
      expect(refused).toBeGreaterThan(0)
      expect(() => sightOf(ledger, START)).toThrow(expect.objectContaining({ code: 'history-missing' }))
      deepen(ledger, cut)
      for (const moment of moments) {
        expect(seen(ledger, sightOf(ledger, moment))).toBe(seen(full, sightOf(full, moment)))
      }
    }),
    { numRuns: 150 },
  )
})

test('what comes late, below the floor, changes neither the floor nor what is shown', () => {
  fc.assert(
    fc.property(arbitraryCut, (cut) => {
      const [seal, ...rest] = cut.above
      const ledger = shallowLedger(cut, [seal!])
      const first = ledger.floor!
      const shown = seen(ledger, first)
      ledger.onChange.subscribe(({ late }) => (ledger.floor &&= withLate(ledger.floor, late)))
      addAll(ledger, rest, cut.all)
      expect(seen(ledger, ledger.floor!)).toBe(shown)
      expect(sightAt(ledger, 0)).toBe(ledger.floor)
      expect(positionOf(ledger.floor!)).toBeLessThanOrEqual(ledger.length)
      deepen(ledger, cut)
      expect(seen(ledger, sightOf(ledger, formatMoment({ last: SEAL, action: undefined, others: [] })))).toBe(shown)
    }),
    { numRuns: 100 },
  )
})
