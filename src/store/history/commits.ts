/** Every commit, oldest first, as a graph is drawn of it. */
import { IbexError } from '../../errors.js'
import { idOf } from '../../history/deed.js'
import type { HistoryKeeper } from '../../repository/history-keeper.js'
import type { Commits } from './face.js'

export function createCommits(keeper: HistoryKeeper): Commits {
  const { ledger, journal } = keeper
  let times = new Float64Array(0)
  let version = 0
  return {
    get count() {
      return ledger.commits.length
    },
    at(index) {
      const commit = ledger.commits[index]
      if (!commit) throw new IbexError('bad-option', `There are ${ledger.commits.length} commits; the first is 0.`)
      const { origin, kind, parents, standing, actions, size } = commit
      return Object.freeze({
        id: idOf(commit),
        kind,
        parents: Object.freeze(parents.map(idOf)),
        session: origin.session,
        by: journal.options.sessions.authorOf(origin.session),
        at: origin.ms,
        standing,
        actions: actions.length,
        size,
      })
    },
    olderTimes() {
      const { older } = keeper
      older?.index()
      if (version === (older?.version ?? 0)) return times
      version = older?.version ?? 0
      const next = Float64Array.from(older?.commits ?? [], ({ origin }) => origin.ms)
      if (next.length !== times.length || next.some((time, i) => time !== times[i])) times = next
      return times
    },
  }
}
