import { describe, expect, test } from 'vitest'
import { committed, type StagedCommit } from '../../tests/history/past.js'
import type { CommitId, ItemId, Lane, SessionId } from '../ids.js'
import type { PastCommit } from './deed.js'
import { moreLabel, readLabel, undoLabel } from './labels.js'
import { Ledger } from './ledger.js'
import { type Marks, readMarks } from './marks.js'

const ME = '11'.repeat(16) as SessionId
const PHONE = '22'.repeat(16) as SessionId
const STRANGER = '33'.repeat(16) as SessionId
const LANE = 'ab'.repeat(8) as Lane

/** Commits of one action each, one after the other, all of which say that they are of one lane. */
function marksOf(
  ...given: readonly (readonly [session: SessionId, flush: number, label?: string])[]
): [PastCommit[], Marks] {
  const ledger = new Ledger()
  const commits = given.map(([session], n): StagedCommit => ({
    id: n.toString(16).padStart(64, '0') as CommitId,
    header: { time: { ms: n + 1, counter: 0 }, session },
    actions: [{ offset: 0 }],
    chunks: [],
    parents: n === 0 ? [] : [n - 1],
    chunkList: [
      { item: 'a' as ItemId, schema: 'task', version: 1, changes: [{ action: 0, field: 'x', tag: 'put', value: n }] },
    ],
  }))
  commits.forEach((commit, n) => {
    const made = committed(commit, commits)
    const [, flush, label] = given[n]!
    const actions = [label === undefined ? { offset: 0 } : { offset: 0, label }]
    ledger.add([ledger.read({ ...made, actions, header: { ...made.header, lane: LANE, flush } }, 0, 'accepted')])
  })
  const users = new Map([
    [ME, 'ada'],
    [PHONE, 'ada'],
  ])
  return [ledger.commits, readMarks(ledger, [], (a, b) => users.has(a) && users.get(a) === users.get(b))]
}

const of = (flush: number) => [{ lane: LANE, flush, action: 0 }]
const place = (commit: PastCommit | undefined) => ({ commit: commit!, action: 0 })

describe('what actions are to each other', () => {
  test('is read from their labels', () => {
    const [commits, marks] = marksOf([ME, 1], [ME, 2, undoLabel('undo', of(1))], [ME, 3, undoLabel('redo', of(1))])
    expect(marks.isUndone(place(commits[0]))).toBe(false)
    expect(marks.chainOf(place(commits[0])).map(({ kind }) => kind)).toEqual(['undo', 'redo'])
    expect(marks.markOf(place(commits[1]))).toMatchObject({ kind: 'undo', target: place(commits[0]) })
    expect(commits.map((commit) => marks.isInEffect(place(commit)))).toEqual([true, false, false])
  })

  test("counts from the user's other sessions, and from nobody else", () => {
    for (const [session, undone] of [
      [PHONE, true],
      [STRANGER, false],
    ] as const) {
      const [commits, marks] = marksOf([ME, 1], [session, 2, undoLabel('undo', of(1))])
      expect(marks.isUndone(place(commits[0]))).toBe(undone)
      expect(marks.isInEffect(place(commits[1]))).toBe(!undone)
    }
  })

  test('cannot be spoiled by a stranger who says that his commits are of the same flush', () => {
    const [commits, marks] = marksOf(
      [ME, 1],
      [STRANGER, 1],
      [STRANGER, 7, moreLabel(1, 0)],
      [ME, 2, undoLabel('undo', of(1))],
    )
    expect(commits.map((commit) => marks.isUndone(place(commit)))).toEqual([true, false, false, false])
    expect(marks.partsOf(place(commits[0]))).toEqual([place(commits[0])])
    expect(marks.isInEffect(place(commits[2]))).toBe(true)
  })

  test('parts of an action are the action', () => {
    const [commits, marks] = marksOf([ME, 1], [ME, 2, moreLabel(1, 0)], [ME, 3, undoLabel('undo', of(1))])
    expect(marks.partsOf(place(commits[0]))).toEqual([place(commits[0]), place(commits[1])])
    expect(marks.headOf(place(commits[1]))).toEqual(place(commits[0]))
    expect(marks.isInEffect(place(commits[1]))).toBe(false)
  })

  test.each([
    'undo',
    `undo ${LANE}/1`,
    `undo ${LANE}/1/0 `,
    `undo ${LANE}/-1/0`,
    'more 1',
    'undo it',
    `Undo ${LANE}/1/0`,
  ])('any other label is of the app: %s', (label) => {
    expect(readLabel(label)).toBeUndefined()
  })
})
