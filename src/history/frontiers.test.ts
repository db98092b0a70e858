import { expect, test } from 'vitest'
import type { PastCommit } from './deed.js'
import { Frontiers } from './frontiers.js'

/** Commits by the places of their parents. */
function chain(...parents: readonly (readonly number[])[]): PastCommit[] {
  const commits: PastCommit[] = []
  parents.forEach((of, index) => commits.push({ index, parents: of.map((n) => commits[n]!) } as unknown as PastCommit))
  return commits
}

/** A thousand commits one after the other, but for some that stand on their own. */
const apart = new Set([5, 600])
const commits = chain(
  ...Array.from({ length: 1000 }, (_, n) => {
    if (n === 0 || apart.has(n)) return []
    let parent = n - 1
    while (apart.has(parent)) parent--
    // The second is joined at last.
    return n === 900 ? [parent, 600] : [parent]
  }),
)

test('the frontier of any prefix, from whichever side it is asked for', () => {
  for (const count of [1000, 0, 1, 6, 7, 256, 601, 899, 900, 901, 512]) {
    const prefix = commits.slice(0, count)
    const expected = prefix.filter((commit) => !prefix.some(({ parents }) => parents.includes(commit)))
    expect([...new Frontiers(commits).of(count)].map(({ index }) => index).sort((a, b) => a - b)).toEqual(
      expected.map(({ index }) => index),
    )
  }
  const shared = new Frontiers(commits)
  for (const count of [1000, 300, 700]) expect(shared.of(count)).toEqual(new Frontiers(commits).of(count))
})

test('what a frontier leaves out', () => {
  const frontiers = new Frontiers(commits)
  const missing = (of: readonly number[], count: number): number[] =>
    Array.from(frontiers.missing(new Set(of.map((n) => commits[n]!)), count), ({ index }) => index).sort(
      (a, b) => a - b,
    )
  expect(missing([999, 5], 1000)).toEqual([])
  expect(missing([999], 1000)).toEqual([5])
  expect(missing([899, 5], 900)).toEqual([600])
  expect(missing([898], 900)).toEqual([5, 600, 899])
})

test('which of some commits are ancestors of others, also far below', () => {
  const frontiers = new Frontiers(commits)
  const below = (...of: number[]): number[] =>
    Array.from(frontiers.below(of.map((n) => commits[n]!)), ({ index }) => index).sort((a, b) => a - b)
  expect(below(10, 300, 990)).toEqual([10, 300])
  expect(below(5, 10, 990)).toEqual([10])
  expect(below(600, 700)).toEqual([])
  expect(below(600, 990)).toEqual([600])
  expect(below(7)).toEqual([])
  expect(below()).toEqual([])
})
