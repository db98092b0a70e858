/** Why two replicas differ, as far as one of them can tell: what each has that the other lacks. */
import { type CommitColumns, WAITING } from '../state/commit-columns.js'

export interface Difference {
  /** Commits here that are not below the other's heads; indices, ascending. */
  readonly onlyHere: readonly number[]
  /** Heads of the other that are not here: it has these, and perhaps more. */
  readonly unknownHere: readonly string[]
}

/** `theirs`: the heads that the other end named last. A server has all that is accepted too. */
export function differ(columns: CommitColumns, theirs: readonly string[], isServer: boolean): Difference {
  const { count, firstParent, parents, indexOf, standings } = columns
  const below = new Uint8Array(count)
  if (isServer) for (let commit = 0; commit < count; commit++) if (standings[commit] !== WAITING) below[commit] = 1
  const unknownHere: string[] = []
  for (const head of theirs) {
    const index = indexOf.get(head)
    if (index === undefined) unknownHere.push(head)
    else below[index] = 1
  }
  const onlyHere: number[] = []
  // Children come after their parents: one walk from the newest marks all that is below.
  for (let commit = count - 1; commit >= 0; commit--) {
    if (below[commit] === 0) {
      onlyHere.push(commit)
      continue
    }
    for (let i = firstParent[commit]!; i < firstParent[commit + 1]!; i++) if (parents[i]! >= 0) below[parents[i]!] = 1
  }
  return { onlyHere: onlyHere.reverse(), unknownHere }
}
