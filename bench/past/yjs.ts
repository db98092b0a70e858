import * as Y from 'yjs'
import type { LongPast, Past, PastPeer } from '../past-peer.js'
import { seenIn } from '../past-rows.js'
import type { Task } from '../tasks.js'

export const peer: PastPeer = { open }

function open({ tasks: made, steps, moments }: LongPast, visible: readonly string[]): Past {
  // Without garbage collection, as its documentation says of snapshots.
  const doc = new Y.Doc({ gc: false })
  const tasks = doc.getMap<Y.Map<unknown>>('tasks')
  const snapshots: Y.Snapshot[] = []
  steps.forEach((step, n) => {
    doc.transact(() => {
      if ('create' in step) {
        for (const { id, tags, ...fields } of step.create) {
          const task = new Y.Map<unknown>(Object.entries(fields))
          task.set('tags', Y.Array.from([...tags]))
          tasks.set(id, task)
        }
      } else {
        const task = tasks.get(made[step.index]!.id)!
        for (const edit of step.edits) for (const [name, value] of Object.entries(edit)) task.set(name, value)
      }
    })
    if (moments.includes(n + 1)) snapshots.push(Y.snapshot(doc))
  })
  const at = (moment: number): Y.Map<Y.Map<unknown>> =>
    Y.createDocFromSnapshot(doc, snapshots[moments.indexOf(moment)]!).getMap('tasks')
  return {
    seek(moment) {
      const rows = Array.from(at(moment), ([id, task]): [string, Omit<Task, 'id'>] => [id, task.toJSON() as never])
      return seenIn(rows, visible)
    },
    title: (moment, id) => at(moment).get(id)?.get('title') as string | undefined,
    whole: (moment) => Object.keys(at(moment).toJSON()).length,
    close: () => doc.destroy(),
  }
}
