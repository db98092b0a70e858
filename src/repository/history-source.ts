/** History's commits as a journal has them: in its log, or in memory. */
import { IbexError } from '../errors.js'
import { type Commit, decodeCommit } from '../graph/commit.js'
import type { HistorySource } from '../history/source.js'
import type { CommitId } from '../ids.js'
import type { Journal } from './journal.js'
import { decodeRecords } from './records.js'
import { createSlices } from './slices.js'

/** Up to so many commits are read one by one; for more the log is read from its beginning. */
const FEW = 64

export function createHistorySource(journal: Journal): HistorySource {
  const { graph, repository, options } = journal
  const { sha256 } = options.crypto

  /** What is damaged is looked for again, one by one, and then it is said what is wrong. */
  function tryDecode(bytes: Uint8Array): Commit | undefined {
    try {
      return decodeCommit(bytes, sha256)
    } catch {
      return undefined
    }
  }

  /** What lies in the log, as it lies there; what is damaged is not among it. */
  async function fromLog(
    ids: ReadonlySet<CommitId>,
    each: (commit: Commit) => Promise<void> | undefined | void,
  ): Promise<void> {
    // Views of the log's buffers, because they are looked at soon.
    let found: Uint8Array[] = []
    await journal.log!.replay((payload) => {
      for (const record of decodeRecords(payload)) if (record.kind === 'commit') found.push(record.bytes)
    })
    const pause = createSlices(repository.surroundings)
    found = found.reverse()
    for (let bytes = found.pop(); bytes; bytes = found.pop()) {
      const commit = tryDecode(bytes)
      if (commit && ids.has(commit.id)) await each(commit)
      await pause()
    }
  }

  async function inPieces(
    ids: readonly CommitId[],
    each: (id: CommitId, found: Commit | Error) => Promise<void> | undefined | void,
  ): Promise<void> {
    const wanted = new Set(ids)
    const isStored = (id: CommitId): boolean => (graph.get(id)?.position ?? -1) >= 0
    if (journal.log && ids.length > FEW && ids.some(isStored)) {
      await fromLog(wanted, (commit) => {
        // A log may hold a commit twice.
        return wanted.delete(commit.id) ? each(commit.id, commit) : undefined
      })
    }
    const pause = createSlices(repository.surroundings)
    for (const id of wanted) {
      let found: Commit | Error
      try {
        found = decodeCommit(await journal.storedBytesOf(id), sha256)
      } catch (error) {
        if (!(error instanceof IbexError)) throw error
        found = error
      }
      await each(id, found)
      await pause()
    }
  }

  return {
    graph,
    base: undefined,
    standingOf: (id) => journal.fateOf(id) ?? 'void',
    load: (ids, each) =>
      inPieces(ids, (_, found) => {
        if (!(found instanceof Error)) each(found)
      }),
    audit: inPieces,
    onAdmitted: (listener) => journal.onAdmitted.subscribe(listener),
    onWithdrawn: (listener) => journal.onWithdrawn.subscribe(listener),
    onJudged(listener) {
      const stops = [journal.onAccepted.subscribe(listener), journal.onVoid.subscribe(({ id }) => listener([id]))]
      return () => stops.forEach((stop) => stop())
    },
  }
}
