import { ACCEPTED, type CommitColumns } from '../state/commit-columns.js'

/**
 * Commits that the server has accepted, and after which it has accepted none, as far as it is known here; indices. What heads
 * it named is no help: it does so when a line begins, and hardly ever after.
 */
export function serverHeads({ count, standings, firstParent, parents }: CommitColumns): ReadonlySet<number> {
  const heads = new Set<number>()
  const below = new Uint8Array(count)
  // Children come after their parents: one walk from the newest marks all that is below.
  for (let commit = count - 1; commit >= 0; commit--) {
    if (below[commit] === 0) {
      if (standings[commit] !== ACCEPTED) continue
      heads.add(commit)
    }
    for (let i = firstParent[commit]!; i < firstParent[commit + 1]!; i++) if (parents[i]! >= 0) below[parents[i]!] = 1
  }
  return heads
}
