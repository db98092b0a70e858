/**
 * Commits that were dated by a clock that was ahead. The authority takes none that claims to be of the future, so this
 * session's are committed anew as soon as it knows the time (protocol.md, section 3), with all that descends from them.
 */
import { withDescendants } from '../graph/ancestry.js'
import { decodeStored } from '../graph/commit.js'
import type { Entry } from '../graph/graph.js'
import { compareTimes, FAR_AHEAD_MS, isAhead, ZERO_TIME } from '../graph/time.js'
import type { CommitId } from '../ids.js'
import type { Journal } from './journal.js'
import { datedAnew, remake, withdraw, type Work } from './remake.js'

/** To be run alone; see `Journal.exclusive`. */
export async function redate(journal: Journal): Promise<void> {
  const { options, repository } = journal
  const { clock } = repository.surroundings
  const loaded = new Map<CommitId, Work>()
  for (;;) {
    const entries = findAhead(journal, clock.now() + options.clockOffset())
    const missing = entries.flatMap(({ id, kind }) => (kind === 'change' && !loaded.has(id) ? [id] : []))
    if (missing.length === 0) {
      const works = entries.flatMap(({ id }) => loaded.get(id) ?? [])
      const ids = entries.map(({ id }) => id)
      if (works.length > 0 && withdraw(journal, ids).length > 0) remake(journal, works)
      return
    }
    for (const id of missing) {
      loaded.set(id, datedAnew(decodeStored(await journal.storage.bytesOf(id), id), clock.now()))
    }
  }
}

/** What claims to be of the future, and its descendants, if they are all of this session. */
function findAhead(journal: Journal, now: number): Entry[] {
  const { graph, repository } = journal
  if (graph.maxTime().ms <= now + FAR_AHEAD_MS) return []
  const ahead: CommitId[] = []
  for (let n = 0; n < graph.size; n++) {
    const { id, session, time, parents } = graph.at(n)
    if (session !== repository.session || journal.fates.of(id) !== 'provisional') continue
    const newest =
      parents
        .map((parent) => graph.at(parent).time)
        .sort(compareTimes)
        .at(-1) ?? ZERO_TIME
    if (isAhead(time, newest, now, FAR_AHEAD_MS)) ahead.push(id)
  }
  return withDescendants(graph, ahead)
}
