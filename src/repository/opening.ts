/**
 * From a log to memory: reads the newest checkpoint and what came after it, decides the fate of each commit, and folds.
 * A damaged log opens too: what verifies is kept, and what is missing is reported.
 */
import { IbexError } from '../errors.js'
import { type Commit, decodeCommit } from '../graph/commit.js'
import { foldAccepted, foldProvisional } from '../history/fold.js'
import type { CommitId } from '../ids.js'
import type { Log, Position } from '../storage/port.js'
import { readCheckpoint } from './checkpoint.js'
import type { Journal, Refusal } from './journal.js'
import { decodeRecords } from './records.js'

export interface Opened {
  /** What was found wrong, in sentences. */
  readonly problems: readonly string[]
  /** Parents of stored commits that the log does not hold. */
  readonly missing: readonly CommitId[]
}

/** Fills a journal that holds nothing yet, and its repository's state. */
export async function openLog(journal: Journal, log: Log): Promise<Opened> {
  const { sessions, crypto, authority } = journal.options
  const { graph, repository } = journal
  const problems = log.damage.map((damage) =>
    damage.kind === 'torn'
      ? `An unfinished write of ${damage.bytes} bytes at the end of the log was cut off.`
      : `${damage.bytes} bytes in the middle of the log are damaged; what they held is missing here.`,
  )
  const keyframe = await log.newestKeyframe()
  let provisional: CommitId[] = []
  let from: Position | undefined
  if (keyframe) {
    provisional = readCheckpoint(journal, keyframe.bytes)
    from = keyframe.covers
  }

  const tail: Commit[] = []
  const voids = new Map<CommitId, Refusal>()
  const frontiers: CommitId[][] = []
  await log.replay((payload, position) => {
    for (const record of decodeRecords(payload)) {
      switch (record.kind) {
        case 'commit': {
          const commit = decodeCommit(record.bytes, crypto.sha256)
          if (graph.has(commit.id)) break
          const entry = journal.addToGraph(commit, 'provisional')
          graph.setPosition(entry.n, position)
          tail.push(commit)
          break
        }
        case 'session':
          sessions.addKey(record.publicKey)
          if (record.certificate) sessions.trust(record.publicKey, record.certificate)
          break
        case 'accepted':
          frontiers.push([...record.frontier])
          break
        case 'void':
          voids.set(record.id, record as Refusal)
      }
    }
  }, from)

  for (const [id, refusal] of voids) {
    const entry = graph.get(id)
    if (!entry) continue
    journal.unsealedVoids.add(id)
    journal.setFate(entry.n, 'void')
    if (refusal.code !== 'closed' && entry.session === repository.session) journal.refusals.set(id, refusal)
  }
  for (const { id, header } of tail) {
    if (header.kind !== 'seal') continue
    for (const voided of header.seal?.void ?? []) {
      journal.unsealedVoids.delete(voided)
      if (graph.has(voided)) journal.setFate(graph.numberOf(voided), 'void')
    }
    frontiers.push([id])
    journal.lastSeal = id
  }
  journal.markAccepted(authority === 'remote' ? frontiers.flat() : graph.heads())

  for (const id of provisional) tail.push(decodeCommit(await journal.storedBytesOf(id), crypto.sha256))
  const missing = new Set<CommitId>()
  for (const commit of tail) {
    for (const parent of commit.header.parents) if (!graph.has(parent)) missing.add(parent)
    const fate = journal.fateOf(commit.id)
    if (fate === 'accepted') foldAccepted(repository.state, commit)
    if (fate !== 'provisional') continue
    foldProvisional(repository.state, commit)
    if (commit.header.session === repository.session) journal.awaitVerdict(commit.id, commit.actions.length)
  }
  journal.log = log
  return { problems, missing: [...missing] }
}

/** Explains why a log could not be opened. */
export function openingError(error: unknown): IbexError {
  if (error instanceof IbexError) return error
  return new IbexError('storage', 'The local copy could not be opened.', { cause: error })
}
