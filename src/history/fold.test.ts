import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { arbitraryCommits, ITEMS, keyOf, modelOf, SCHEMA } from '../../tests/history/arbitrary-commits.js'
import type { ModelItem, TestCommit } from '../../tests/history/arbitrary-commits.js'
import type { CommitId, ItemId, RepositoryPath, SessionId } from '../ids.js'
import { toHex } from '../ids.js'
import type { Change, Chunk } from '../item/change.js'
import { decodeChunk, encodeChunk } from '../item/change.js'
import { pendingOrigin } from '../item/origin.js'
import { existence } from '../item/fields/existence.js'
import { kindOf } from '../item/layout.js'
import { createSnapshotBuilder, snapshotOf } from '../item/snapshot.js'
import type { Item } from '../item/state.js'
import { readField } from '../item/state.js'
import { field } from '../schema/field.js'
import { defineSchema } from '../schema/schema.js'
import type { Value } from '../value/value.js'
import {
  accept,
  chunkOf,
  chunksOf,
  foldAccepted,
  foldPending,
  foldProvisional,
  openPending,
  settlePending,
  undoPending,
  voidCommit,
} from './fold.js'
import { encodeItems, encodeKeyframe } from './keyframe.js'
import { acceptedItems, RepositoryState, visibleItems } from './state.js'

const SESSION = 'ab'.repeat(16) as SessionId

function bytesOf(items: Iterable<Item>): string {
  return toHex(encodeItems(items))
}

const Shown = defineSchema(SCHEMA, {
  title: field.json().optional(),
  votes: field.counter(),
  tags: field.set(field.string()),
  scores: field.map(field.json()),
})

/** Looks at every item, as an app does at any time, which must make no difference to what is folded. */
function look(state: RepositoryState): void {
  const builder = createSnapshotBuilder(Shown, '/data/main' as RepositoryPath, (session) => session)
  for (const item of visibleItems(state)) snapshotOf(item, builder)
}

function foldAll(commits: readonly TestCommit[]): RepositoryState {
  const state = new RepositoryState()
  for (const commit of commits) foldAccepted(state, commit, commit.chunkList)
  return state
}

/** What the fold says of an item, in the words of the model. */
function seen(item: Item | undefined, version: number): ModelItem {
  const fields: Record<string, unknown> = {}
  if (item) {
    for (let field = item.layout.last; field.before; field = field.before) {
      const { name, kind } = field
      const merge = (['register', 'counter', 'set', 'map'] as const)[kind % 4]!
      if (kind !== kindOf(merge, version)) continue
      const value = readField(item, merge, name, version)
      if (merge === 'set')
        for (const element of (value ?? []) as Value[]) fields[`set ${name} ${keyOf(element)}`] = true
      else if (merge === 'map') {
        for (const [key, held] of Object.entries((value ?? {}) as object)) fields[`map ${name} ${key}`] = held
      } else if (value !== undefined) fields[`${merge} ${name}`] = value
    }
  }
  return { existence: existence(item), created: item?.created?.id, updated: item?.updated?.id, fields }
}

describe('merging', () => {
  test('the fold is what the definitions of each field kind say, with all changes on the table', () => {
    fc.assert(
      fc.property(arbitraryCommits(12), (commits) => {
        const state = foldAll(commits)
        for (const id of ITEMS) {
          for (const version of [1, 2]) {
            expect(seen(state.get(SCHEMA, id), version)).toEqual(modelOf(commits, id, version))
          }
        }
      }),
      { numRuns: 200 },
    )
  })

  test('I-6: any order, also one in which children come before their parents, gives equal bytes', () => {
    const shuffled = arbitraryCommits(12).chain((commits) =>
      fc.tuple(fc.constant(commits), fc.shuffledSubarray(commits, { minLength: commits.length })),
    )
    fc.assert(
      fc.property(shuffled, ([commits, other]) => {
        expect(bytesOf(visibleItems(foldAll(other)))).toBe(bytesOf(visibleItems(foldAll(commits))))
      }),
      { numRuns: 250 },
    )
  })

  test('I-6: chunks may be withheld: equal readable chunks, equal bytes', () => {
    const cut = arbitraryCommits(8).chain((commits) =>
      fc.tuple(fc.shuffledSubarray(commits, { minLength: commits.length }), fc.infiniteStream(fc.boolean())),
    )
    fc.assert(
      fc.property(cut, ([commits, coin]) => {
        const readable = commits.map((commit) => ({
          ...commit,
          chunkList: commit.chunkList.filter(() => coin.next().value),
        }))
        const sorted = [...readable].sort((a, b) => (a.id < b.id ? -1 : 1))
        expect(bytesOf(visibleItems(foldAll(readable)))).toBe(bytesOf(visibleItems(foldAll(sorted))))
      }),
      { numRuns: 100 },
    )
  })

  test('I-18: builds that give one field different kinds write to one state, and disturb each other nowhere', () => {
    const id = ITEMS[0]!
    const write = (n: number, tag: Change['tag'], value: Value, version = 1): TestCommit => ({
      id: String(n).repeat(64) as CommitId,
      header: { time: { ms: n, counter: 0 }, session: SESSION },
      actions: { length: 1 },
      chunks: [],
      parents: [],
      chunkList: [{ item: id, schema: SCHEMA, version, changes: [{ action: 0, field: 'x', tag, value }] }],
    })
    const commits = [
      write(1, 'create', null),
      write(2, 'put', 'text'),
      write(3, 'add', 'element'),
      write(4, 'inc', 4),
      write(5, 'mapPut', ['key', 1]),
      write(6, 'put', 'newer', 2),
      write(7, 77, 'of a later Ibex'),
    ]
    const state = foldAll(commits)
    const item = state.get(SCHEMA, id)!
    expect(readField(item, 'register', 'x', 1)).toBe('text')
    expect(readField(item, 'set', 'x', 1)).toEqual(['element'])
    expect(readField(item, 'counter', 'x', 1)).toBe(4)
    expect(readField(item, 'map', 'x', 1)).toEqual({ key: 1 })
    expect(readField(item, 'register', 'x', 2)).toBe('newer')
    expect(bytesOf(visibleItems(state))).toBe(bytesOf(visibleItems(foldAll([...commits].reverse()))))
  })
})

describe('layers', () => {
  /** Where a commit is at the moment; `hidden` has not come yet. */
  type Place = 'hidden' | 'provisional' | 'accepted' | 'void'

  const run = fc.tuple(
    arbitraryCommits(8),
    fc.array(fc.tuple(fc.nat(7), fc.constantFrom('arrive', 'arrive accepted', 'accept', 'void')), { maxLength: 24 }),
  )

  test('accepted, provisional and void commits in any interleaving: both layers equal a fold from the beginning', () => {
    fc.assert(
      fc.property(run, ([commits, moves]) => {
        const state = new RepositoryState()
        const places = commits.map((): Place => 'hidden')
        for (const [pick, move] of moves) {
          const n = pick % commits.length
          const commit = commits[n]!
          const { id } = commit
          if (places[n] === 'hidden') {
            if (move === 'arrive') {
              foldProvisional(state, commit, commit.chunkList)
              places[n] = 'provisional'
            } else if (move === 'arrive accepted') {
              foldAccepted(state, commit, commit.chunkList)
              places[n] = 'accepted'
            }
          } else if (places[n] === 'provisional') {
            if (move === 'arrive') expect(foldProvisional(state, commit, commit.chunkList)).toEqual([])
            else if (move === 'void') {
              voidCommit(state, id)
              places[n] = 'void'
            } else {
              if (move === 'accept') expect(accept(state, id)).toBe(true)
              else foldAccepted(state, commit, commit.chunkList)
              places[n] = 'accepted'
            }
          } else expect(accept(state, id)).toBe(false)
          look(state)
          const accepted = commits.filter((_, i) => places[i] === 'accepted')
          const visible = commits.filter((_, i) => places[i] === 'accepted' || places[i] === 'provisional')
          expect(toHex(encodeKeyframe(state))).toBe(bytesOf(visibleItems(foldAll(accepted))))
          expect(bytesOf(visibleItems(state))).toBe(bytesOf(visibleItems(foldAll(visible))))
        }
      }),
      { numRuns: 200 },
    )
  })

  test('pending changes: written, taken back and settled in place, among commits that arrive; what is seen equals a fold from the beginning', () => {
    const pendingRun = fc.tuple(
      arbitraryCommits(6),
      arbitraryCommits(5),
      fc.array(fc.constantFrom('arrive', 'accept', 'write', 'undo', 'settle', 'void'), { maxLength: 24 }),
    )
    fc.assert(
      fc.property(pendingRun, ([foreign, own, moves]) => {
        const state = new RepositoryState()
        const arrived: TestCommit[] = []
        const settled: TestCommit[] = []
        let pending = openPending(pendingOrigin(SESSION, 5))
        let actions: (readonly Chunk[])[] = []
        let next = 0
        for (const move of moves) {
          if (move === 'arrive' && arrived.length < foreign.length) {
            const commit = foreign[arrived.length]!
            foldProvisional(state, commit, commit.chunkList)
            arrived.push(commit)
          } else if (move === 'accept') {
            for (const { id } of arrived) accept(state, id)
          } else if (move === 'write') {
            // Removes that name no add of a commit that was folded mean nothing here; null ones are of this commit.
            const chunks = own[next++ % own.length]!.chunkList
            const action = actions.push(chunks) - 1
            for (const chunk of chunks) {
              // A node writes an item's existence in one version only.
              const changes = chunk.changes
                .filter(({ field }) => field !== '' || chunk.version === 1)
                .map((change) => ({ ...change, action }))
              if (changes.length > 0) foldPending(pending, state.open(SCHEMA, chunk.item), chunk.version, changes)
            }
          } else if (move === 'undo' && actions.length > 0) {
            actions = actions.slice(0, -1)
            undoPending(state, pending, actions.length)
          } else if (move === 'settle' && pending.parts.length > 0) {
            const before = seenAll(state)
            const ms = 1 + Math.max(0, ...[...arrived, ...settled].map(({ header }) => header.time.ms))
            const id = (settled.length + 1).toString(16).padStart(64, 'f') as CommitId
            settlePending(state, pending, { ms, counter: 0 }, id)
            settled.push({
              id,
              header: { time: { ms, counter: 0 }, session: SESSION },
              actions: { length: 99 },
              chunks: [],
              parents: [],
              chunkList: pending.parts.map((part) => decodeChunk(encodeChunk(chunkOf(part), new Uint8Array(16)))),
            })
            expect(seenAll(state)).toEqual(before)
            pending = openPending(pendingOrigin(SESSION, 9))
            actions = []
          } else if (move === 'void' && settled.length > 0) {
            voidCommit(state, settled.pop()!.id)
          }
          look(state)
          const scratch = foldAll([...arrived, ...settled])
          const again = openPending(pending.origin)
          for (const { item, version, changes } of pending.parts) {
            foldPending(again, scratch.open(SCHEMA, item.id), version, changes)
          }
          expect(bytesOf(visibleItems(state))).toBe(bytesOf(visibleItems(scratch)))
        }
      }),
      { numRuns: 200 },
    )
  })

  function seenAll(state: RepositoryState): unknown {
    return ITEMS.flatMap((id) =>
      [1, 2].map((version) => {
        const { updated: _, created: __, ...rest } = seen(state.get(SCHEMA, id), version)
        return rest
      }),
    )
  }

  test('a voided commit leaves no trace, and its item is answered as one that is not there', () => {
    const [commit] = fc.sample(arbitraryCommits(1), { numRuns: 1, seed: 1 })[0]!
    const created: TestCommit = {
      ...commit!,
      chunkList: [
        {
          item: ITEMS[0]!,
          schema: SCHEMA,
          version: 1,
          changes: [{ action: 0, field: '', tag: 'create', value: null }],
        },
      ],
    }
    const state = new RepositoryState()
    const [item] = foldProvisional(state, created, created.chunkList)
    expect(existence(item)).toBe('present')
    const [gone] = voidCommit(state, created.id)
    expect([gone!.id, existence(gone)]).toEqual([ITEMS[0], 'missing'])
    expect([...visibleItems(state)]).toEqual([])
    expect(state.count(SCHEMA)).toBe(0)
  })

  test('only items with something provisional exist twice, and only as long as there is', () => {
    const commits = fc.sample(arbitraryCommits(6), { numRuns: 1, seed: 7 })[0]!
    const state = new RepositoryState()
    for (const commit of commits) foldProvisional(state, commit, commit.chunkList)
    expect([...acceptedItems(state)]).toEqual([])
    for (const { id } of commits) accept(state, id)
    for (const item of visibleItems(state)) expect(item.layer).toBeUndefined()
    expect(state.provisional.size).toBe(0)
  })
})

describe('the cost of folding', () => {
  /** Changes to one item among many, whose stamps count how often they are looked at. */
  function reads(items: number, historyOfItem: number): number {
    let count = 0
    const state = new RepositoryState()
    const fold = (n: number, id: string): void => {
      const time = {
        get ms() {
          count++
          return n
        },
        counter: 0,
      }
      const change = (tag: Change['tag'], field: string, value: Value): Change => ({ action: 0, field, tag, value })
      const chunk: Chunk = {
        item: id as ItemId,
        schema: SCHEMA,
        version: 1,
        changes: [change('put', 'title', `t${n}`), change('inc', 'votes', 1), change('mapPut', 'scores', ['k', n])],
      }
      const commit: TestCommit = {
        id: n.toString(16).padStart(64, '0') as CommitId,
        header: { time, session: SESSION },
        actions: { length: 1 },
        chunks: [],
        parents: [],
        chunkList: [chunk],
      }
      foldAccepted(state, commit, commit.chunkList)
    }
    for (let i = 0; i < items; i++) fold(i + 1, `i${i}`)
    for (let i = 0; i < historyOfItem; i++) fold(items + i + 1, 'i0')
    // Every commit reads the time once, to make its origin: comparisons then see the copy.
    count = 0
    const item = state.get(SCHEMA, 'i0' as ItemId)!
    let touched = 0
    const watched = new Proxy(item.cells, {
      get: (cells, key) => (touched++, Reflect.get(cells, key)),
      set: (cells, key, value) => (touched++, Reflect.set(cells, key, value)),
    })
    item.cells = watched
    fold(1_000_000, 'i0')
    return touched + count
  }

  test('I-7: folding a change looks at as much among 10 items as among 3,000, and after a long history of its item', () => {
    const cost = reads(10, 0)
    expect(cost).toBeLessThan(60)
    expect(reads(3000, 0)).toBe(cost)
    expect(reads(10, 1000)).toBe(cost)
  })

  test('I-7: a set of thousands of elements takes changes one by one', () => {
    let compared = 0
    const element = (n: number): Value =>
      new Proxy([n], { get: (list, key) => (key === '0' && compared++, Reflect.get(list, key)) })
    const state = new RepositoryState()
    const add = (n: number): void => {
      const commit: TestCommit = {
        id: n.toString(16).padStart(64, '0') as CommitId,
        header: { time: { ms: n, counter: 0 }, session: SESSION },
        actions: { length: 1 },
        chunks: [],
        parents: [],
        chunkList: [
          {
            item: ITEMS[0]!,
            schema: SCHEMA,
            version: 1,
            changes: [{ action: 0, field: 'tags', tag: 'add', value: element((n * 7919) % 2003) }],
          },
        ],
      }
      foldAccepted(state, commit, commit.chunkList)
    }
    for (let n = 1; n <= 2000; n++) {
      compared = 0
      add(n)
      // Is the element there, and where does the add belong: two searches, and both sides of a comparison count.
      expect(compared).toBeLessThan(4 * Math.log2(n + 1) + 12)
    }
  })
})

describe('chunks of a commit', () => {
  const chunk: Chunk = {
    item: ITEMS[0]!,
    schema: SCHEMA,
    version: 1,
    changes: [{ action: 1, field: 'title', tag: 'put', value: 'x' }],
  }
  const bytes = encodeChunk(chunk, new Uint8Array(16))
  const commit = (actions: number): Parameters<typeof chunksOf>[0] => ({
    id: '0'.repeat(64) as CommitId,
    header: { time: { ms: 1, counter: 0 }, session: SESSION },
    actions: { length: actions },
    chunks: [{ bytes: null }, { bytes }],
  })

  test('withheld ones are passed over', () => {
    expect(chunksOf(commit(2))).toEqual([chunk])
  })

  test('a change of an action that is not there is refused', () => {
    expect(() => chunksOf(commit(1))).toThrow(expect.objectContaining({ code: 'malformed-bytes' }))
  })
})
