/**
 * From a log to memory: reads the newest checkpoint and what came after it, decides the fate of each commit, and folds.
 * A damaged log opens too: what verifies is kept, and what is missing is reported.
 */
import { type Commit, decodeCommit } from '../graph/commit.js'
import { chunksOf, foldAccepted, foldProvisional } from '../history/fold.js'
import { compareTimes } from '../graph/time.js'
import type { CommitId } from '../ids.js'
import type { Damage, Log, Position } from '../storage/port.js'
import { nameOf } from './flushes.js'
import type { Journal } from './journal.js'
import { decodeRecords, type LogRecord } from './records.js'
import { settleRivals, withdraw, type Work, yieldTo } from './remake.js'
import { type Found, hasParents, placeAll, strand } from './stranded.js'
import { type Refusal, unexplained } from './verdicts.js'

export interface Opened {
  /** What was found wrong, in sentences. */
  readonly problems: readonly string[]
  /** Commits that had to be read because they are younger than the checkpoint. */
  readonly tail: number
}

/** Fills a journal that holds nothing yet, and its repository's state. */
export async function openLog(journal: Journal, log: Log): Promise<Opened> {
  const { crypto, authority } = journal.options
  const { graph, repository } = journal
  const problems: string[] = []
  const keyframe = await log.newestKeyframe()
  let provisional: CommitId[] = []
  let from: Position | undefined
  if (keyframe) {
    const { canRead, readCheckpoint } = await import('./checkpoint.js')
    if (canRead(keyframe.bytes)) {
      try {
        provisional = readCheckpoint(journal, keyframe.bytes)
        from = keyframe.covers
      } catch {
        problems.push('A checkpoint made no sense; the log was read instead.')
      }
    }
  }

  const tail: Commit[] = []
  let late: Found[] = []
  const voids = new Map<CommitId, Refusal>()
  const place = ({ commit, position }: Found, anyway = false): boolean => {
    if (graph.has(commit.id)) return true
    if (!anyway && !hasParents(journal, commit)) return false
    graph.setPosition(journal.addToGraph(commit, 'provisional').n, position)
    tail.push(commit)
    return true
  }
  const frontiers: CommitId[][] = []
  await log.replay((payload, position) => {
    for (const record of decodeRecords(payload)) {
      switch (record.kind) {
        case 'commit': {
          const found = { commit: decodeCommit(record.bytes, crypto.sha256), position }
          if (!place(found)) late.push(found)
          break
        }
        case 'session':
          introduce(journal, record)
          break
        case 'accepted':
          frontiers.push([...record.frontier])
          break
        case 'void':
          voids.set(record.id, record as Refusal)
      }
    }
  }, from)
  late = placeAll(journal, late, place)

  for (const [id, refusal] of voids) {
    const entry = graph.get(id)
    if (!entry) continue
    journal.fates.unsealedVoids.add(id)
    journal.fates.set(entry.n, 'void')
    if (refusal.code === 'closed') journal.verdicts.refusals.delete(id)
    else if (entry.session === repository.session) journal.verdicts.keep(refusal)
  }
  for (const { id, header } of tail) {
    if (header.kind !== 'seal') continue
    for (const voided of header.seal?.void ?? []) {
      journal.fates.unsealedVoids.delete(voided)
      if (graph.has(voided)) journal.fates.set(graph.numberOf(voided), 'void')
    }
    frontiers.push([id])
    journal.fates.lastSeal = id
  }
  journal.fates.accept(authority === 'remote' ? frontiers.flat() : graph.heads())

  const { length } = tail
  journal.storage.log = log
  problems.push(...log.damage.map(describeDamage))
  // What the disk does not give back any more keeps nothing else from being opened.
  const read = async (id: CommitId): Promise<Commit | undefined> => {
    try {
      return decodeCommit(await journal.storage.bytesOf(id), crypto.sha256)
    } catch {
      problems.push(`The commit ${id} cannot be read from the log any more.`)
      return undefined
    }
  }
  for (const id of provisional) {
    const commit = await read(id)
    if (commit) tail.push(commit)
  }
  // Of two commits of one flush that stands of which the authority has spoken, or else the one with the lesser time: it was
  // dated anew.
  const standing = new Map<string, Commit>()
  const superseded: CommitId[] = []
  for (const commit of tail) {
    if (!journal.flushes.isOwnChange(commit.header)) continue
    const flush = nameOf(commit.header)
    const before = standing.get(flush)
    const open = journal.fates.of(commit.id) === 'provisional'
    const yields = before && open && compareTimes(before.header.time, commit.header.time) <= 0
    if (before && journal.fates.of(before.id) === 'provisional' && !yields) superseded.push(before.id)
    else if (before && open) superseded.push(commit.id)
    if (!before || !superseded.includes(commit.id)) standing.set(flush, commit)
  }
  const gone = new Set(superseded.length > 0 ? withdraw(journal, superseded) : [])
  for (const commit of tail) {
    if (gone.has(commit.id)) {
      if (!superseded.includes(commit.id)) late.push({ commit, position: 0 })
      continue
    }
    const fate = journal.fates.of(commit.id)
    if (fate === 'accepted') foldAccepted(repository.state, commit)
    if (fate !== 'provisional') continue
    foldProvisional(repository.state, commit)
    if (commit.header.session === repository.session)
      journal.verdicts.own.set(commit.id, { actions: commit.actions.length })
  }
  for (const { commit } of late) {
    const { header } = commit
    const stands = header.session === repository.session && standing.has(nameOf(header)) && !gone.has(commit.id)
    if (!stands && !voids.has(commit.id)) strand(journal, commit)
  }
  for (const refusal of journal.verdicts.refusals.values()) {
    const commit = await read(refusal.id)
    journal.verdicts.keep(refusal, commit ? chunksOf(commit) : [])
  }
  return { problems, tail: length }
}

/**
 * Makes a log this node's that was another tab's until now: takes from it what did not come here, and writes to it what
 * only this node has.
 */
export async function mergeLog(journal: Journal, log: Log): Promise<void> {
  const { graph, repository, options } = journal
  const accepted: CommitId[] = []
  const late: Found[] = []
  const refusals = new Map<CommitId, Refusal>()
  const seals: Commit[] = []
  const works: Work[] = []
  const place = ({ commit, position }: Found, anyway = false): boolean => {
    const { id, header } = commit
    if (!graph.has(id)) {
      const rival = journal.flushes.rivalOf(header)
      if (rival) {
        if (compareTimes(graph.get(rival)!.time, header.time) <= 0) return true
        works.push(...yieldTo(journal, rival))
      }
      if (!anyway && !hasParents(journal, commit)) return false
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
      if (record.kind === 'session') introduce(journal, record)
      if (record.kind === 'void') {
        journal.verdicts.doom(record as Refusal)
        refusals.set(record.id, record as Refusal)
      }
      if (record.kind !== 'commit') continue
      const found = { commit: decodeCommit(record.bytes, options.crypto.sha256), position }
      if (!place(found)) late.push(found)
    }
  })
  for (const { commit } of placeAll(journal, late, place)) if (!refusals.has(commit.id)) strand(journal, commit)
  for (const seal of seals) journal.verdicts.obey(seal)
  journal.verdicts.accept(accepted)
  if (works.length > 0) settleRivals(journal, works)
  await journal.storage.attach(log)
  // What the earlier owner kept for the app; what was dealt with there needs no more.
  for (const [id, refusal] of refusals) {
    if (refusal.code === 'closed') journal.verdicts.refusals.delete(id)
    else if (graph.get(id)?.session === repository.session && !journal.verdicts.refusals.has(id)) {
      journal.verdicts.keep(refusal, chunksOf(decodeCommit(await journal.storage.bytesOf(id), options.crypto.sha256)))
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

function introduce({ options }: Journal, { publicKey, certificate }: Extract<LogRecord, { kind: 'session' }>): void {
  // The log's buffers are large; what is kept of them must not keep them whole.
  options.sessions.addKey(publicKey.slice())
  if (certificate) options.sessions.trust(publicKey.slice(), certificate.slice())
}

function describeDamage({ kind, bytes, records }: Damage): string {
  switch (kind) {
    case 'torn':
      return `An unfinished write of ${bytes} bytes at the end of the log was cut off.`
    case 'gap':
      return `${bytes} bytes of the log are damaged: ${records} record(s) are missing here.`
    case 'header':
      return "A log file's description of itself is damaged; no record is lost."
    case 'keyframe':
      return 'A keyframe is damaged; an older one, or the log, was read instead.'
  }
}
