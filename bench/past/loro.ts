import { LoroDoc, LoroList, LoroMap, type Frontiers } from 'loro-crdt'
import type { LongPast, Past, PastPeer } from '../past-peer.js'
import { seenIn } from '../past-rows.js'
import type { Task } from '../tasks.js'

export const peer: PastPeer = { open }

function open({ tasks: made, steps, moments }: LongPast, visible: readonly string[]): Past {
  const doc = new LoroDoc()
  const tasks = doc.getMap('tasks')
  const frontiers: Frontiers[] = []
  steps.forEach((step, n) => {
    if ('create' in step) {
      for (const { id, tags, ...fields } of step.create) {
        const task = tasks.setContainer(id, new LoroMap())
        for (const [name, value] of Object.entries(fields)) task.set(name, value)
        const list = task.setContainer('tags', new LoroList())
        for (const tag of tags) list.push(tag)
      }
    } else {
      const task = tasks.get(made[step.index]!.id) as LoroMap
      for (const edit of step.edits) for (const [name, value] of Object.entries(edit)) task.set(name, value)
    }
    doc.commit()
    if (moments.includes(n + 1)) frontiers.push(doc.frontiers())
  })
  const show = (moment: number): void => doc.checkout(frontiers[moments.indexOf(moment)]!)
  const all = (): Record<string, Omit<Task, 'id'>> => tasks.toJSON() as Record<string, Omit<Task, 'id'>>
  return {
    seek(moment) {
      show(moment)
      return seenIn(Object.entries(all()), visible)
    },
    title(moment, id) {
      show(moment)
      return (tasks.get(id) as LoroMap | undefined)?.get('title') as string | undefined
    },
    whole(moment) {
      show(moment)
      return Object.keys(all()).length
    },
    close: () => doc.free(),
  }
}
