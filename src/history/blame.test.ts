import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ITEMS, keyOf as textOf, SCHEMA } from '../../tests/history/arbitrary-commits.js'
import { arbitraryPast, ledgerOf, type StagedCommit } from '../../tests/history/past.js'
import { toHex } from '../ids.js'
import type { Value } from '../value/value.js'
import { lastWriter, partWriters } from './blame.js'
import { rivalsIn } from './conflicts.js'
import { itemAfter } from './track.js'

interface Step {
  readonly commit: StagedCommit
  readonly action: number
  readonly version: number
  readonly field: string
  readonly tag: unknown
  readonly value: Value
  readonly index: number
}

/** Every change of an item, one after the other, by the stamps of their commits. */
function replay(commits: readonly StagedCommit[], item: string): Step[] {
  const ordered = [...commits].sort(
    (a, b) => a.header.time.ms - b.header.time.ms || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0),
  )
  return ordered.flatMap((commit) =>
    commit.chunkList
      .filter((chunk) => chunk.item === item)
      .flatMap(({ version, changes }) =>
        changes.map(({ action, field, tag, value }, index) => ({ commit, action, version, field, tag, value, index })),
      )
      .sort((a, b) => a.action - b.action),
  )
}

const TAGS = {
  register: ['put', 'clear'],
  counter: ['inc'],
  set: ['add', 'remove'],
  map: ['mapPut', 'mapClear'],
  existence: ['create', 'delete', 'restore'],
} as const

describe('blame', () => {
  test('of a field is the last writer of a naive replay', () => {
    fc.assert(
      fc.property(arbitraryPast(12), (commits) => {
        const ledger = ledgerOf(commits)
        for (const id of ITEMS) {
          const deeds = ledger.track(SCHEMA, id)?.deeds ?? []
          const steps = replay(commits, id)
          for (const merge of Object.keys(TAGS) as (keyof typeof TAGS)[]) {
            for (const field of ['', 'title', 'done', 'votes', 'tags', 'scores']) {
              for (const version of [1, 2]) {
                const last = steps.findLast(
                  (step) =>
                    step.field === field &&
                    step.version === version &&
                    (TAGS[merge] as readonly unknown[]).includes(step.tag),
                )
                const deed = lastWriter(deeds, merge, field, version)
                expect(deed && [deed.commit.origin.id, deed.action]).toEqual(last && [last.commit.id, last.action])
              }
            }
          }
        }
      }),
      { numRuns: 100 },
    )
  })

  test('of what is in a set or map is whoever put it there last', () => {
    fc.assert(
      fc.property(arbitraryPast(12), (commits) => {
        const ledger = ledgerOf(commits)
        for (const id of ITEMS) {
          const track = ledger.track(SCHEMA, id)
          if (!track) continue
          const item = itemAfter(track, track.deeds.length)
          const steps = replay(commits, id)
          for (const version of [1, 2]) {
            const removed = new Set(
              steps.flatMap(({ commit, tag, version: of, field, value }) =>
                tag === 'remove' &&
                of === version &&
                field === 'tags' &&
                Array.isArray(value) &&
                Array.isArray(value[1])
                  ? (value[1] as [Uint8Array | null, number][]).map(
                      ([by, index]) => `${by ? toHex(by) : commit.id} ${index} ${textOf((value as Value[])[0]!)}`,
                    )
                  : [],
              ),
            )
            const elements = new Map<string, string>()
            const keys = new Map<string, string>()
            for (const { commit, action, tag, version: of, field, value, index } of steps) {
              if (of !== version) continue
              const by = `${commit.id} ${action}`
              if (field === 'tags' && tag === 'add' && !removed.has(`${commit.id} ${index} ${textOf(value)}`)) {
                elements.set(textOf(value), by)
              }
              if (field === 'scores' && tag === 'mapPut' && Array.isArray(value) && typeof value[0] === 'string') {
                keys.set(textOf((value as Value[])[0]!), by)
              }
              if (field === 'scores' && tag === 'mapClear') keys.delete(textOf(value))
            }
            const found = (merge: 'set' | 'map', field: string): [string, string][] =>
              partWriters(item, track.deeds, merge, field, version).map(({ part, deed }) => [
                textOf(part),
                `${deed!.commit.origin.id} ${deed!.action}`,
              ])
            expect(new Set(found('set', 'tags').map(([part]) => part))).toEqual(new Set(elements.keys()))
            for (const [part, by] of found('set', 'tags'))
              expect(by.split(' ')[0]).toBe(elements.get(part)!.split(' ')[0])
            expect(new Map(found('map', 'scores'))).toEqual(keys)
          }
        }
      }),
      { numRuns: 100 },
    )
  })
})

describe('conflicts', () => {
  test('are what was written at once, and what nobody who knew them has written over', () => {
    let conflicts = 0
    fc.assert(
      fc.property(arbitraryPast(14), (commits) => {
        const ledger = ledgerOf(commits)
        const ancestors = commits.map((_, n): Set<number> => {
          const found = new Set<number>()
          const open = [...commits[n]!.parents]
          for (let parent = open.pop(); parent !== undefined; parent = open.pop()) {
            if (found.has(parent)) continue
            found.add(parent)
            open.push(...commits[parent]!.parents)
          }
          return found
        })
        for (const id of ITEMS) {
          const deeds = ledger.track(SCHEMA, id)?.deeds ?? []
          const rivals = rivalsIn(deeds, ledger.frontiers)
          conflicts += rivals.length
          for (const version of [1, 2]) {
            const writes = new Map<number, Value | undefined>()
            for (const { commit, version: of, field, tag, value } of replay(commits, id)) {
              if (of !== version || field !== 'title' || (tag !== 'put' && tag !== 'clear')) continue
              const n = commits.indexOf(commit)
              // The last of a commit counts, and in the order of the stamps.
              writes.delete(n)
              writes.set(n, tag === 'put' ? value : undefined)
            }
            const open = [...writes.keys()].filter((n) => ![...writes.keys()].some((other) => ancestors[other]!.has(n)))
            const values = open.map((n) =>
              JSON.stringify([writes.get(n) === undefined ? null : textOf(writes.get(n)!)]),
            )
            const expected = [...new Set(values.reverse())]
            const found = rivals.find(
              (each) => each.field === 'title' && each.version === version && each.key === undefined,
            )
            const shown =
              found &&
              [found.winner, ...found.losers].map(({ value }) =>
                JSON.stringify([value === undefined ? null : textOf(value)]),
              )
            expect(shown ?? []).toEqual(expected.length > 1 ? expected : [])
          }
        }
      }),
      { numRuns: 150 },
    )
    expect(conflicts).toBeGreaterThan(20)
  })
})
