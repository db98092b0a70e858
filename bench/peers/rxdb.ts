import { createRxDatabase } from 'rxdb'
import { getRxStorageMemory } from 'rxdb/plugins/storage-memory'
import { liveQuery, present } from '../live-rows.js'
import type { Items, Peer } from '../peer.js'
import type { Edit, Task } from '../tasks.js'

export const peer: Peer = { name: 'RxDB', packages: ['rxdb'], note: 'storage in memory', open }

const schema = {
  version: 0,
  primaryKey: 'id',
  type: 'object',
  properties: {
    id: { type: 'string', maxLength: 40 },
    title: { type: 'string' },
    done: { type: 'boolean' },
    priority: { type: 'number' },
    tags: { type: 'array', items: { type: 'string' } },
    updatedAt: { type: 'number', minimum: 0, maximum: 3_000_000_000_000, multipleOf: 1 },
  },
  required: ['id', 'title', 'done', 'priority', 'tags', 'updatedAt'],
  indexes: [['done', 'updatedAt']],
} as const

interface TaskDocument {
  readonly id: string
  readonly title: string
  getLatest(): TaskDocument
  incrementalPatch(edit: Edit): Promise<unknown>
}

let opened = 0

async function open(): Promise<Items> {
  const database = await createRxDatabase({
    name: `bench${opened++}`,
    storage: getRxStorageMemory(),
    multiInstance: false,
  })
  const { tasks } = await database.addCollections({ tasks: { schema } })
  const found = new Map<string, TaskDocument>()
  const find = async (id: string): Promise<TaskDocument> => {
    const known = found.get(id)
    if (known) return known
    const doc: TaskDocument = present((await tasks.findOne(id).exec()) ?? undefined)
    found.set(id, doc)
    return doc
  }
  return {
    async create(task) {
      await tasks.insert({ ...task, tags: [...task.tags] })
      return task.id
    },
    async createMany(all) {
      const { error } = await tasks.bulkInsert(all.map((task) => ({ ...task, tags: [...task.tags] })))
      if (error.length > 0) throw new Error('not inserted')
      return all.map(({ id }) => id)
    },
    title: async (id) => (await find(id)).getLatest().title,
    async update(id, edit) {
      await (await find(id)).incrementalPatch(edit)
    },
    subscribe(id, listener) {
      let first = true
      const subscription = tasks.findOne(id).$.subscribe((doc: TaskDocument | null) => {
        if (!first && doc) listener(doc.title)
        first = false
      })
      return () => subscription.unsubscribe()
    },
    async query(limit) {
      let first: (() => void) | undefined
      const ready = new Promise<void>((resolve) => (first = resolve))
      const live = liveQuery(
        ({ id }: Task) => id,
        (tell) => {
          const query = tasks.find({ selector: { done: false }, sort: [{ updatedAt: 'desc' }], limit })
          const subscription = query.$.subscribe((docs: readonly TaskDocument[]) => {
            tell(docs)
            first?.()
          })
          return () => subscription.unsubscribe()
        },
      )
      await ready
      return live
    },
    told: () => new Promise((resolve) => setImmediate(resolve)),
    close: async () => void (await database.close()),
  }
}
