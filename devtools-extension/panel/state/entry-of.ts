import type { CommitSummary, TimelineEntry } from '../../../src/index.js'
import type { Open } from './repository-session.js'

/** The last action of a commit; of one without, what the timeline says of it. */
export function entryOf(
  { history }: Pick<Open, 'history'>,
  { id, kind, actions, at }: CommitSummary,
): TimelineEntry | undefined {
  if (kind === 'change' && actions > 0) return history.entry(`${id}/${actions - 1}` as TimelineEntry['id'])
  return history
    .timeline({ joins: true, since: at, until: at })
    .get()
    .find(({ commit }) => commit === id)
}
