import { expect, test } from 'vitest'
import { createStore, defineSchema, field, type Store } from '../index.js'
import { createMemoryStorage } from '../storage/memory.js'
import type { Storage } from '../storage/port.js'
import type { TextStorage } from '../repository/leaving.js'
import type { PagePort } from './ports.js'

const Task = defineSchema('task', { title: field.string(), votes: field.counter() })

function createTexts(): TextStorage & { readonly keys: readonly string[] } {
  const texts = new Map<string, string>()
  return {
    get keys() {
      return [...texts.keys()]
    },
    get length() {
      return texts.size
    },
    key: (index) => [...texts.keys()][index] ?? null,
    getItem: (key) => texts.get(key) ?? null,
    setItem: (key, value) => void texts.set(key, value),
    removeItem: (key) => void texts.delete(key),
  }
}

/** A page that is told to hide. */
function createPage(): PagePort & { hide(): void } {
  let hide: ((gone: boolean) => void) | undefined
  return {
    hide: () => hide?.(true),
    onHide(fn) {
      hide = fn
      return () => {}
    },
    onRevive: () => () => {},
    onOnline: () => () => {},
  }
}

/** A storage to which nothing gets any more. */
function stuck(storage: Storage): Storage {
  return {
    ...storage,
    openLog: async (name, options) => ({
      ...(await storage.openLog(name, options)),
      append: () => new Promise(() => {}),
    }),
  }
}

async function open(storage: Storage, leftovers: TextStorage, page: PagePort): Promise<Store> {
  const store = createStore({ schemas: [Task], server: false, storage, ports: { leftovers, page } })
  await store.ready()
  return store
}

test('I-3: flushes that a page left are finished in their order, each once', async () => {
  const storage = createMemoryStorage()
  const texts = createTexts()
  const page = createPage()
  const gone = await open(stuck(storage), texts, page)
  const tasks = gone.collection(Task)
  tasks.create({ title: '' }, { id: 'one' })
  for (let i = 1; i <= 12; i++) {
    tasks.update('one', (task) => {
      task.title += `${i} `
      task.votes.increment()
    })
    void gone.flush()
  }
  page.hide()
  expect(texts.keys).toHaveLength(12)
  for (let i = 0; i < 2; i++) {
    const store = await open(storage, texts, createPage())
    expect(store.collection(Task).get('one')).toMatchObject({ title: '1 2 3 4 5 6 7 8 9 10 11 12 ', votes: 12 })
    await store.flush()
    expect(texts.keys).toEqual([])
    await store.close()
  }
})

test('I-3: what is too much for one commit is left too', async () => {
  const storage = createMemoryStorage()
  const texts = createTexts()
  const page = createPage()
  const gone = await open(stuck(storage), texts, page)
  const tasks = gone.collection(Task)
  for (let i = 0; i < 2000; i++) tasks.create({ title: `task ${i}` })
  page.hide()
  expect(texts.keys.length).toBeGreaterThan(2)
  const store = await open(storage, texts, createPage())
  expect(store.collection(Task).query().get()).toHaveLength(2000)
  await store.close()
})
