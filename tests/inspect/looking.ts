/** A store, somebody who looks into it, and the line between them, all in virtual time. */
import type { ExposeOptions } from '../../src/inspect/announce.js'
import { announce } from '../../src/inspect/announce.js'
import { type Agent, createAgent } from '../../src/inspect/agent.js'
import type { Exposed } from '../../src/inspect/exposed.js'
import type { InspectedData, InspectedStore } from '../../src/inspect/face.js'
import { createStoreEnd, type StoreEnd } from '../../src/inspect/inspected-store.js'
import { createCell } from '../../src/inspect/live.js'
import { defineSchema } from '../../src/schema/schema.js'
import { field } from '../../src/schema/field.js'
import type { Collection } from '../../src/store/collection-face.js'
import type { Store } from '../../src/store/face.js'
import { openPlatformStore } from '../../src/store/platform-store.js'
import type { AppStore } from '../../src/store/store.js'
import { createNodeCrypto } from '../../src/server/node-crypto.js'
import { createMemoryStorage } from '../../src/storage/memory.js'
import type { Storage } from '../../src/storage/port.js'
import { fflateCompression } from '../../src/sync/deflate.js'
import { createTestStore, settle } from '../../src/testing/test-store.js'
import { seededRandom } from '../../src/testing/virtual-time.js'
import { createMemoryPair, type MemoryPair } from '../../src/transport/memory.js'
import type { World } from '../server/world.js'
import { loadParts } from '../store/loaded-parts.js'

await loadParts()

export const Task = defineSchema('task', {
  title: field.string(),
  done: field.boolean().default(false),
  owner: field.string().optional(),
  tags: field.set(field.string()),
  votes: field.counter(),
  due: field.date().optional(),
  notes: field.map(field.string()),
})

export interface Looking {
  readonly store: AppStore
  readonly tasks: Collection<typeof Task>
  readonly exposed: Exposed
  readonly agent: Agent
  readonly end: StoreEnd
  readonly panel: InspectedStore
  /** All lines that were ever between them, the newest last. */
  readonly lines: MemoryPair[]
  /** Every message that has left the page. */
  readonly left: Uint8Array[]
  /** How often the panel was told that its line broke. */
  readonly losses: () => number
  /** A new line between them. */
  join(): void
  /** Another panel at the same store. */
  another(): { end: StoreEnd; line: MemoryPair }
}

/** A panel at a store that was announced. */
export function look(exposed: Exposed): Looking {
  const { store } = exposed
  const agent = createAgent(exposed)
  const lines: MemoryPair[] = []
  const left: Uint8Array[] = []
  let losses = 0

  // Chance of its own: the store's shall be as it is when nobody looks.
  const surroundings = { ...store.ports(), random: seededRandom(4711), probe: undefined }
  const createEnd = (): StoreEnd => {
    const page = createCell({ id: 'page', url: '', title: '', top: true, state: 'connected' } as const)
    return createStoreEnd({ id: 'x', name: store.name, page, surroundings, lost: () => losses++ })
  }
  const connect = (end: StoreEnd): MemoryPair => {
    const pair = createMemoryPair(surroundings)
    const [page, panel] = pair
    const watched = {
      ...page,
      buffered: 0,
      send(bytes: Uint8Array) {
        left.push(bytes.slice())
        page.send(bytes)
      },
    }
    agent.attach(watched)
    end.connect(panel)
    lines.push(pair)
    return pair
  }

  const end = createEnd()
  return {
    store,
    tasks: store.collection(Task),
    exposed,
    agent,
    end,
    panel: end.store,
    lines,
    left,
    losses: () => losses,
    join: () => void connect(end),
    another() {
      const other = createEnd()
      return { end: other, line: connect(other) }
    },
  }
}

type How = Omit<ExposeOptions, 'load'>
export const load: ExposeOptions['load'] = () => import('../../src/inspect/agent.js')

export function createLookedAt(options: How & { seed?: number } = {}): Looking {
  const { seed, ...how } = options
  const store = createTestStore({ schemas: [Task], ...(seed === undefined ? {} : { seed }) }) as AppStore
  return look(announce(store, { load, ...how }))
}

/** A client of the world's server. */
export async function createClient(
  world: World,
  options: How & { storage?: Storage; server?: false } = {},
): Promise<Looking & { readonly network: MemoryPair[] }> {
  const { storage = createMemoryStorage(), server, ...how } = options
  const network: MemoryPair[] = []
  const surroundings = world.surroundings()
  const found: { exposed?: Exposed } = {}
  const store = openPlatformStore({
    schemas: [Task],
    server: server ?? 'memory:',
    storage,
    devtools: (opened: AppStore, face?: Store) => void (found.exposed = announce(opened, { load, face, ...how })),
    ports: {
      ...surroundings,
      compression: fflateCompression,
      crypto: createNodeCrypto({ random: surroundings.random }),
      connect: () => world.dial(network),
    },
  })
  let ready = false
  store.ready().then(
    () => (ready = true),
    () => (ready = true),
  )
  for (let turn = 0; turn < 100 && !ready; turn++) await world.settle(50)
  return Object.assign(look(found.exposed!), { network })
}

/** The panel's copy of a repository, once it is there. */
export async function copied(
  panel: InspectedStore,
  pass: (ms?: number) => Promise<void>,
  path?: string,
): Promise<InspectedData> {
  await pass()
  const data = panel.data.get()
  if (!data) throw new Error('The page has not told its schemas.')
  await done(data.ready(path), pass)
  return data
}

/** Resolves in virtual time. */
export async function done<T>(promise: Promise<T>, pass: (ms?: number) => Promise<void> = settle): Promise<T> {
  let over = false
  const end = (): unknown => (over = true)
  promise.then(end, end)
  // What is loaded on demand comes in real time, which a virtual clock does not wait for.
  for (let turn = 0; turn < 1000 && !over; turn++) {
    await new Promise((resolve) => setTimeout(resolve, turn < 10 ? 0 : 5))
    await pass(50)
  }
  return promise
}

/** The rows of the panel's copy. */
export function rowsOf(data: InspectedData): readonly object[] {
  return data
    .collection(data.schemas[0]!)
    .query({ orderBy: '$id' as never })
    .get()
}
