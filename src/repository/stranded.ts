/**
 * Commits whose past was lost by damage to the log. Where there is a server they are not in the graph, but shown: it sends
 * what is missing, and them again, and then they are in it like any other. What it does not have either was of this device
 * alone, and is committed anew on what is left.
 */
import { chunksOf, foldProvisional, voidCommit } from '../history/fold.js'
import type { CommitHead, LoadedCommit } from '../graph/commit.js'
import { compareTimes } from '../graph/time.js'
import type { Position } from '../storage/port.js'
import type { Journal } from './journal.js'
import { remake, replace, type Work } from './remake.js'

/** A commit as it lies in a log. */
export interface Found<C extends CommitHead = LoadedCommit> {
  readonly commit: C
  readonly position: Position
}

export function hasParents({ graph }: Journal, { header }: CommitHead): boolean {
  return header.parents.every((parent) => graph.has(parent))
}

/**
 * Places commits that lie before their parents, which came anew after damage, or could not be stored at first. Answers those
 * whose parents are nowhere; without a server they are placed without the parents that damage took.
 */
export function placeAll(
  { options }: Journal,
  late: readonly Found[],
  place: (found: Found, anyway: boolean) => boolean,
): Found[] {
  // A parent is earlier than its child.
  const sorted = [...late].sort((a, b) => compareTimes(a.commit.header.time, b.commit.header.time))
  return sorted.filter((found) => !place(found, options.authority !== 'remote'))
}

/** Shows a commit whose past is missing. */
export function strand(journal: Journal, commit: LoadedCommit): void {
  const { id, header, actions } = commit
  const { state, session } = journal.repository
  journal.stranded.set(id, commit)
  journal.flushes.note(header)
  journal.repository.touch(foldProvisional(state, commit))
  if (header.session === session) journal.verdicts.own.set(id, { actions: actions.length })
}

/** The server has sent all it has: makes new commits of what this session wrote in those that are still stranded. */
export function remakeStranded(journal: Journal): void {
  const { repository, options, stranded } = journal
  const own = [...stranded.values()].filter(({ header, id }) => {
    if (header.session !== repository.session) return false
    const by = journal.flushes.commitOf(header)
    if (by === undefined) return true
    // The server had the same flush, dated anew.
    stranded.delete(id)
    repository.touch(voidCommit(repository.state, id))
    replace(journal, id, by)
    return false
  })
  if (own.length === 0) {
    repository.publishRemote()
    return
  }
  // What a page left may have joined them last, and is the earliest.
  own.sort((a, b) => compareTimes(a.header.time, b.header.time))
  for (const { id } of own) {
    stranded.delete(id)
    repository.touch(voidCommit(repository.state, id))
  }
  // Flushes have their order: those with smaller numbers first.
  journal.capture(Number.POSITIVE_INFINITY)
  const works = own.map((commit): Work => {
    const { id, header, actions } = commit
    const start = header.time.ms - options.clockOffset()
    const remade = actions.map(({ label, offset }) => ({ label, at: start + offset }))
    return { id, lane: header.lane, flush: header.flush, actions: remade, chunks: chunksOf(commit) }
  })
  remake(journal, works, (id) => journal.storage.record([{ kind: 'void', id, code: 'closed', message: '' }]))
}
