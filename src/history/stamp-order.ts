/** Commits by their stamps: many at once, in small steps, between which others may run. */
import { compareOrigins } from '../item/origin.js'
import type { PastCommit } from './deed.js'

export function compareCommits(a: PastCommit, b: PastCommit): number {
  return compareOrigins(a.origin, b.origin)
}

/** Nearly all should be in order: of the others there must not be so many that sorting them takes long. */
export function* sortCommits(commits: readonly PastCommit[]): Generator<void, PastCommit[]> {
  const ordered: PastCommit[] = []
  const others: PastCommit[] = []
  for (const commit of commits) {
    const last = ordered.at(-1)
    if (!last || compareCommits(last, commit) < 0) ordered.push(commit)
    else others.push(commit)
    yield
  }
  others.sort(compareCommits)
  return yield* mergeCommits(ordered, others)
}

/** Two lists that ascend, as one. */
export function* mergeCommits(a: readonly PastCommit[], b: readonly PastCommit[]): Generator<void, PastCommit[]> {
  const merged: PastCommit[] = []
  for (let i = 0, j = 0; i < a.length || j < b.length;) {
    const isOther = i === a.length || (j < b.length && compareCommits(b[j]!, a[i]!) < 0)
    merged.push(isOther ? b[j++]! : a[i++]!)
    yield
  }
  return merged
}
