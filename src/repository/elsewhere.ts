/** Reading commits that another replica has. Loaded where one must be asked. */
import type { Sha256 } from '../graph/body.js'
import { type Commit, decodeCommit, type LoadedCommit } from '../graph/commit.js'
import type { CommitId } from '../ids.js'
import type { OlderAnswer, OlderQuestion } from './descent.js'

/** So many are asked for at once. */
const ASKED_AT_ONCE = 256

interface Others {
  ask(question: OlderQuestion): Promise<OlderAnswer>
  /** Makes a session known by its certificate. */
  introduce(credential: Uint8Array): Promise<unknown>
}

/** Calls `each` with what another gives of these commits; answers those that it does not give. */
export async function readElsewhere(
  others: Others,
  sha256: Sha256,
  ids: readonly CommitId[],
  each: (commit: LoadedCommit) => unknown,
): Promise<CommitId[]> {
  const missing: CommitId[] = []
  for (let from = 0; from < ids.length;) {
    const batch = ids.slice(from, from + ASKED_AT_ONCE)
    const found = await askFor(others, sha256, batch).catch(() => undefined)
    if (!found) return missing.concat(ids.slice(from))
    // An answer has an end, and what did not fit into it is asked for again.
    const given = batch.findLastIndex((id) => found.has(id)) + 1 || batch.length
    for (const id of batch.slice(0, given)) {
      const commit = found.get(id)
      if (commit) await each(commit)
      else missing.push(id)
    }
    from += given
  }
  return missing
}

async function askFor(
  { ask, introduce }: Others,
  sha256: Sha256,
  ids: readonly CommitId[],
): Promise<Map<CommitId, Commit>> {
  const { blobs, credentials } = await ask({ deep: false, brief: false, ids, prefixes: [] })
  // Whose author is not known is read all the same.
  for (const credential of credentials) await introduce(credential).catch(() => {})
  const found = new Map<CommitId, Commit>()
  for (const bytes of blobs) {
    const commit = decodeCommit(bytes, sha256)
    found.set(commit.id, commit)
  }
  return found
}
