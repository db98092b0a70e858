import * as Automerge from '@automerge/automerge'
import type { LongPast, Past, PastPeer } from '../past-peer.js'
import { seenIn } from '../past-rows.js'
import type { Task } from '../tasks.js'

interface Doc {
  tasks: Record<string, Omit<Task, 'id'>>
}

export const peer: PastPeer = { open }

function open({ tasks, steps, moments }: LongPast, visible: readonly string[]): Past {
  let doc = Automerge.from<{ [name: string]: unknown } & Doc>({ tasks: {} })
  const heads: Automerge.Heads[] = []
  steps.forEach((step, n) => {
    doc = Automerge.change(doc, (draft) => {
      if ('create' in step) {
        for (const { id, tags, ...fields } of step.create) draft.tasks[id] = { ...fields, tags: [...tags] }
      } else for (const edit of step.edits) Object.assign(draft.tasks[tasks[step.index]!.id]!, edit)
    })
    if (moments.includes(n + 1)) heads.push(Automerge.getHeads(doc))
  })
  const at = (moment: number): Doc => Automerge.view(doc, heads[moments.indexOf(moment)]!)
  return {
    seek: (moment) => seenIn(Object.entries(at(moment).tasks), visible),
    title: (moment, id) => at(moment).tasks[id]?.title,
    whole: (moment) => Object.values(at(moment).tasks).filter(({ title }) => title !== '').length,
    close: () => Automerge.free(doc),
  }
}
