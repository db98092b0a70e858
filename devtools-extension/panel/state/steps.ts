/** Going from action to action. */
import type { History, Moment, Timeline } from '../../../src/index.js'
import type { Open, RepositorySession } from './repository-session.js'

/** The moment so many actions after another, or before it; undefined where there is none. */
export function stepFrom({ history, actions }: Open, moment: Moment, by: number): Moment | undefined {
  const { position } = history.place(moment)
  const earlier = countEarlier(history, actions)
  const to = Math.max(0, Math.min(actions.count - earlier, position + by))
  if (to === position) return undefined
  return to === 0 ? history.begin : (actions.slice(earlier + to - 1, earlier + to)[0]?.moment ?? history.begin)
}

/** How many actions lie before the first moment that can be shown, as long as older commits are on their way. */
function countEarlier({ complete }: History, actions: Timeline): number {
  if (complete) return 0
  let low = 0
  let high = actions.count
  while (low < high) {
    const middle = (low + high) >> 1
    if (actions.slice(middle, middle + 1)[0]!.known !== 'whole') low = middle + 1
    else high = middle
  }
  return low
}

/** Shows what is so many actions later, or earlier; beyond the last one is the present. */
export function step(session: RepositorySession, by: number): void {
  const { opened } = session
  if (!opened) return
  session.player.pause()
  const shown = session.shown.get()
  // The present is after the last action: one step back is before it.
  const from = shown ?? opened.history.now()
  const to = stepFrom(opened, from, by)
  if (to !== undefined) session.show(to)
  else if (by > 0) session.show(null)
}

export function goToBegin(session: RepositorySession): void {
  const { opened } = session
  if (!opened) return
  session.player.pause()
  session.show(opened.history.begin)
}

/** Begins or ends the range that is played at the shown moment; without another edge it reaches to the end of what there is. */
export function setEdge(session: RepositorySession, edge: 'from' | 'to'): void {
  const { opened } = session
  if (!opened) return
  const { history } = opened
  if (history.commits.count === 0) return
  const { time } = history.place(session.shown.get() ?? history.now())
  const range = session.range.get() ?? {
    from: history.place(history.begin).time || history.commits.at(0).at,
    to: history.place(history.now()).time,
  }
  const next = { ...range, [edge]: time }
  // An edge that passes the other takes it along.
  session.range.set(next.from <= next.to ? next : { from: time, to: time })
}
