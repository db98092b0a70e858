import { afterEach, describe, expect, test } from 'vitest'
import { defineSchema } from '../schema/schema.js'
import { field } from '../schema/field.js'
import type { AppStore } from '../store/store.js'
import { createTestStore, settle } from '../testing/test-store.js'
import { createMemoryPair, type MemoryPair } from '../transport/memory.js'
import { announce, type ExposeOptions } from './announce.js'
import { type Agent, createAgent } from './agent.js'
import { createCell } from './live.js'
import { createStoreEnd, type StoreEnd } from './inspected-store.js'

const Task = defineSchema('task', {
  title: field.string(),
  done: field.boolean().default(false),
  tags: field.set(field.string()),
  votes: field.counter(),
  due: field.date().optional(),
})

const stores: AppStore[] = []
afterEach(async () => {
  for (const store of stores.splice(0)) await store.close()
})

interface Bench {
  readonly store: AppStore
  readonly agent: Agent
  readonly end: StoreEnd
  readonly pair: MemoryPair
  join(): MemoryPair
}

function makeStore(seed?: number): AppStore {
  const store = createTestStore({ schemas: [Task], ...(seed === undefined ? {} : { seed }) }) as AppStore
  stores.push(store)
  return store
}

function inspect(store: AppStore, options?: ExposeOptions): Bench {
  const agent = createAgent(announce(store, options))
  const page = createCell({ id: 'page', url: '', title: '', top: true, state: 'connected' } as const)
  const end = createStoreEnd({
    id: 'x',
    name: store.name,
    page,
    surroundings: { ...store.ports(), probe: undefined },
    lost: () => {},
  })
  const join = (): MemoryPair => {
    const pair = createMemoryPair(store.ports())
    agent.attach(pair[0])
    end.connect(pair[1])
    return pair
  }
  return { store, agent, end, join, pair: join() }
}

describe('a panel', () => {
  test('is told of the store, and copies its repositories as they grow', async () => {
    const store = makeStore()
    const tasks = store.collection(Task)
    tasks.create({ title: 'before', tags: ['a'] }, { id: 'one' })
    const { end } = inspect(store)
    await settle()
    expect(end.store.standing.get().state).toBe('connected')
    expect(end.store.about.get()).toMatchObject({ name: 'test', hasServer: false, redacts: false })
    expect(end.store.repositories.get()).toMatchObject([{ path: '/data/main', commits: 1, items: { task: 1 } }])
    const data = end.store.data.get()!
    const ready = data.ready()
    await settle()
    await ready
    const copy = data.collection(data.schemas[0]!)
    expect(copy.get('one')).toEqual(tasks.get('one'))
    tasks.update('one', (draft) => {
      draft.votes.increment(3)
      draft.tags.delete('a')
    })
    await settle()
    expect(copy.get('one')).toMatchObject({ votes: 3, tags: [] })
    expect(copy.get('one')).toEqual(tasks.get('one'))
  })
})
