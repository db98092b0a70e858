import * as Automerge from '@automerge/automerge'
import type { Items, Peer } from '../peer.js'
import type { Edit, Task } from '../tasks.js'

interface Doc {
  tasks: Record<string, Omit<Task, 'id'>>
}

export const peer: Peer = {
  name: 'Automerge',
  packages: ['@automerge/automerge'],
  note: 'its log: an incremental save each flush',
  open,
}

function open({ log }: { readonly log: boolean }): Items {
  let doc = Automerge.from<{ [name: string]: unknown } & Doc>({ tasks: {} })
  const saved: Uint8Array[] = []
  const listeners = new Map<string, Set<(title: string) => void>>()
  const put = (tasks: Doc['tasks'], { id, ...fields }: Task): string => {
    tasks[id] = { ...fields, tags: [...fields.tags] }
    return id
  }
  return {
    create(task) {
      doc = Automerge.change(doc, ({ tasks }) => void put(tasks, task))
      return task.id
    },
    createMany(all) {
      doc = Automerge.change(doc, ({ tasks }) => all.forEach((task) => put(tasks, task)))
      return all.map(({ id }) => id)
    },
    title: (id) => doc.tasks[id]!.title,
    update(id, edit: Edit) {
      const before = doc.tasks[id]
      doc = Automerge.change(doc, ({ tasks }) => void Object.assign(tasks[id] ?? {}, edit))
      const after = doc.tasks[id]!
      if (before !== after) listeners.get(id)?.forEach((listener) => listener(after.title))
    },
    subscribe(id, listener) {
      let own = listeners.get(id)
      if (!own) listeners.set(id, (own = new Set()))
      own.add(listener)
      return () => own.delete(listener)
    },
    ...(log && { flush: async () => void saved.push(Automerge.saveIncremental(doc)) }),
    close: () => Automerge.free(doc),
  }
}
