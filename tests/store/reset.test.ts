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
