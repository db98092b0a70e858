import { useSyncExternalStore } from 'react'
import { peer } from '../../peers/floor.js'
import { sameRows } from '../../live-rows.js'
import { LIMIT } from '../../tasks.js'
import type { OpenScreen, Row } from '../screen.js'

/** The bare `Map`, and React's own way to listen. */
export const open: OpenScreen = async (tasks) => {
  const items = await peer.open({ log: false })
  const ids = await items.createMany(tasks)
  const live = await items.query!(LIMIT)
  const { title } = items as { title(id: string): string }
  const rows = (): readonly Row[] => live.rows() as readonly Row[]
  let before: readonly string[] = []
  const names = (): readonly string[] => {
    const now = live.ids()
    if (!sameRows(before, now)) before = now
    return before
  }
  return {
    ids,
    useTask: (id) => ({
      id,
      title: useSyncExternalStore(
        (tell) => items.subscribe(id, tell),
        () => title(id),
      ),
    }),
    useOpen: () => useSyncExternalStore(live.listen, rows),
    useOpenIds: () => useSyncExternalStore(live.listen, names),
    update: (id, edit) => void items.update(id, edit),
  }
}
