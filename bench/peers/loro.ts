import { LoroDoc, LoroList, LoroMap } from 'loro-crdt'
import type { Items, Peer } from '../peer.js'
import type { Task } from '../tasks.js'

export const peer: Peer = {
  name: 'Loro',
  packages: ['loro-crdt'],
  note: 'a map for each task; its log: an exported update each flush',
  open,
}

function open({ log }: { readonly log: boolean }): Items {
  const doc = new LoroDoc()
  const tasks = doc.getMap('tasks')
  const exported: Uint8Array[] = []
  let from = doc.version()
  const find = (id: string): LoroMap => tasks.get(id) as LoroMap
  const create = ({ id, tags, ...fields }: Task): string => {
    const task = tasks.setContainer(id, new LoroMap())
    for (const [name, value] of Object.entries(fields)) task.set(name, value)
    const list = task.setContainer('tags', new LoroList())
    for (const tag of tags) list.push(tag)
    return id
  }
  return {
    create(task) {
      create(task)
      doc.commit()
      return task.id
    },
    createMany(all) {
      const ids = all.map(create)
      doc.commit()
      return ids
    },
    title: (id) => find(id).get('title') as string,
    update(id, edit) {
      const task = find(id)
      for (const [name, value] of Object.entries(edit)) task.set(name, value)
      doc.commit()
    },
    subscribe(id, listener) {
      const task = find(id)
      return task.subscribe(() => listener(task.get('title') as string))
    },
    ...(log && {
      async flush() {
        exported.push(doc.export({ mode: 'update', from }))
        from = doc.version()
      },
    }),
    told: () => Promise.resolve(),
    close: () => doc.free(),
  }
}
