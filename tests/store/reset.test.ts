import { expect, test } from 'vitest'
import { createStore, defineSchema, field } from '../../src/index.js'
import { createMemoryStorage } from '../../src/storage/memory.js'
import type { Storage } from '../../src/storage/port.js'

const Task = defineSchema('task', { title: field.string() })

/** As files in OPFS are: what is closed cannot be destroyed any more. */
function createStrictStorage(slow: { until?: Promise<unknown> } = {}): Storage & { destroyed: number } {
  const memory = createMemoryStorage()
  let open = true
  const storage = {
    ...memory,
    destroyed: 0,
    openLog: async (name: string) => {
      await slow.until
      return memory.openLog(name)
    },
    close: async () => void (open = false),
    destroy: async () => {
      if (open) storage.destroyed++
      await memory.destroy()
    },
  }
  return storage
}

test('reset() destroys what is stored, and not only closes it', async () => {
  const storage = createStrictStorage()
  const store = createStore({ schemas: [Task], server: false, storage })
  await store.ready()
  store.collection(Task).create({ title: 'secret' })
  await store.reset()
  expect(storage.destroyed).toBe(1)
})

test('reset() while the store is being opened leaves nothing of it', async () => {
  const before = createMemoryStorage()
  const first = createStore({ schemas: [Task], server: false, storage: before })
  await first.ready()
  first.collection(Task).create({ title: 'old' })
  await first.flush()
  for (const when of ['starting', 'opening'] as const) {
    let go!: () => void
    const until = new Promise<void>((resolve) => (go = resolve))
    const storage: Storage = {
      ...before,
      get: async (key) => (when === 'starting' && (await until), before.get(key)),
      openLog: async (name) => (await until, before.openLog(name)),
      // Kept, so that what is read too late would be seen.
      destroy: async () => {},
    }
    const store = createStore({ schemas: [Task], server: false, storage: Object.assign(storage) })
    const tasks = store.collection(Task)
    const opening = store.ready()
    await new Promise((resolve) => setTimeout(resolve, 50))
    const done = store.reset()
    const again = store.reset()
    Object.assign(storage, { openLog: (name: string) => createMemoryStorage().openLog(name) })
    go()
    await Promise.all([done, again])
    await opening.catch(() => {})
    await store.ready()
    expect(tasks.query().get()).toEqual([])
    tasks.create({ title: 'new' })
    await store.flush()
    expect(tasks.query().get()).toHaveLength(1)
    expect(store.status()).toMatchObject({ ready: true, pending: 0 })
    await store.close()
  }
})
