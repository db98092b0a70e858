/** From another tab's log to this one's: what a tab does that takes over when the one that had the log goes. */
import { IbexError } from '../errors.js'
import { type CommitHead, decodeStored, decodeStoredHeader } from '../graph/commit.js'
import { compareTimes } from '../graph/time.js'
import { chunksOf, foldProvisional } from '../history/fold.js'
import type { CommitId } from '../ids.js'
import type { Log } from '../storage/port.js'
import { complete, sealWords } from './clone.js'
import type { Journal } from './journal.js'
import { type Found, placeAll, strand } from './mending.js'
import { decodeRecords, holdsCommit } from './records.js'
import { settleRivals, type Work, yieldTo } from './remake.js'
import { beginWith, bridge, takeBelow } from './takeover-below.js'
import { type Refusal, unexplained } from './verdicts.js'

/**
 * Makes a log this node's that was another tab's until now: takes from it what did not come here, and writes to it what
 * only this node has. `passed`: what is not to be folded any more; it grows, and is given again where this is tried again.
 */
export async function mergeLog(journal: Journal, log: Log, passed: Set<CommitId> = new Set()): Promise<void> {
  const { graph, repository, options } = journal
  const accepted: CommitId[] = []
  const late: Found[] = []
  const refusals = new Map<CommitId, Refusal>()
  const seals: CommitHead[] = []
  const works: Work[] = []
  await beginWith(journal, log)
  // What a tab that began from another's state has folded already.
  if (journal.boundary) {
    let below = await takeBelow(journal, log)
    if (!below) {
      await bridge(journal, log)
      below = await takeBelow(journal, log)
    }
    if (!below)
      throw new IbexError(
        'history-missing',
        'The log on this device lacks commits that this tab builds upon: they are fetched once the server can be reached.',
      )
    for (const id of below) passed.add(id)
  }
  const place = ({ commit, position }: Found, anyway = false): boolean => {
    const { id, header } = commit
    if (!graph.has(id)) {
      const rival = journal.flushes.rivalOf(header)
      if (rival && compareTimes(graph.get(rival)!.time, header.time) <= 0) return true
      if (!anyway && !journal.hasParents(commit)) return false
      if (rival) works.push(...yieldTo(journal, rival))
      journal.addToGraph(commit, 'provisional')
      repository.touch(foldProvisional(repository.state, commit))
      journal.verdicts.fulfil(id)
      if (options.authority !== 'remote') accepted.push(id)
      if (commit.header.kind === 'seal') seals.push(commit)
      journal.onAdmitted.emit([id])
    }
    graph.setPosition(graph.numberOf(id), position)
    return true
  }
  await log.replay((payload, position) => {
    for (const record of decodeRecords(payload)) {
      if (record.kind === 'accepted') accepted.push(...record.frontier)
      if (record.kind === 'session') options.sessions.recall(record)
      if (record.kind === 'void') {
        journal.verdicts.doom(record as Refusal)
        refusals.set(record.id, record as Refusal)
      }
      if (!holdsCommit(record)) continue
      const { id } = decodeStoredHeader(record.bytes, options.crypto.sha256)
      if (graph.has(id)) graph.setPosition(graph.numberOf(id), position)
      if (record.kind === 'older' || passed.has(id)) continue
      const commit = decodeStored(record.bytes, id)
      // Whether what is here makes way, what the log says later decides: there it may have been committed anew.
      const contested = !graph.has(id) && journal.flushes.rivalOf(commit.header) !== undefined
      if (!contested && place({ commit, position })) continue
      late.push({ commit: decodeStored(record.bytes.slice(), id), position })
    }
  })
  for (const { commit } of placeAll(journal, late, place)) {
    const { id, header } = commit
    if (!refusals.has(id) && journal.flushes.rivalOf(header) === undefined) strand(journal, commit)
  }
  for (const seal of seals) journal.verdicts.obey(seal)
  journal.verdicts.accept(accepted)
  if (works.length > 0) settleRivals(journal, works)
  await journal.storage.attach(log)
  if (journal.boundary?.edge.length === 0) complete(journal, await sealWords(journal))
  // What the earlier owner kept for the app; what was dealt with there needs no more.
  for (const [id, refusal] of refusals) {
    if (refusal.code === 'closed') journal.verdicts.refusals.delete(id)
    else if (graph.get(id)?.session === repository.session && !journal.verdicts.refusals.has(id)) {
      journal.verdicts.keep(refusal, chunksOf(decodeStored(await journal.storage.bytesOf(id), id)))
    }
  }
  // What it could not store any more, or had no time to.
  for (const id of journal.fates.voids()) {
    if (graph.get(id)!.session !== repository.session || refusals.has(id) || journal.verdicts.refusals.has(id)) continue
    const refusal = unexplained(id)
    journal.verdicts.keep(refusal)
    journal.storage.record([{ kind: 'void', ...refusal }])
  }
  repository.publishRemote()
}
