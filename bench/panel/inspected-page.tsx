/** The page that is looked at: a store with a long history, a list of fifty rows, and edits while somebody watches. */
import { memo, type ReactNode } from 'react'
import { createRoot } from 'react-dom/client'
import { StoreProvider } from '../../hooks/store-provider.js'
import { useIds } from '../../hooks/use-query.js'
import { useItem } from '../../hooks/use-item.js'
import { inspectable } from '../../src/inspect/inspectable.js'
import { createMemoryStorage } from '../../src/storage/memory.js'
import { openPlatformStore } from '../../src/store/platform-store.js'
import { testCrypto, testKey } from '../../src/testing/test-crypto.js'
import { seededRandom } from '../../src/testing/virtual-time.js'
import { Task } from '../peers/ibex-schema.js'
import { MAIN } from '../tasks-repository.js'

const ROWS = 50
/** Milliseconds between edits. */
const EDIT_MS = 100

const Row = memo(function Row({ id }: { id: string }): ReactNode {
  const [task] = useItem(Task, id)
  return <li>{task?.title}</li>
})

function Rows(): ReactNode {
  const ids = useIds(Task, { where: { done: false }, limit: ROWS })
  return ids.map((id) => <Row key={id} id={id} />)
}

/** Records as the server of the benchmark sends them, each after its length. */
async function fill(storage: ReturnType<typeof createMemoryStorage>): Promise<void> {
  const log = await storage.openLog(MAIN)
  const bytes = new Uint8Array(await (await fetch('/log')).arrayBuffer())
  const view = new DataView(bytes.buffer)
  let last: Promise<unknown> = Promise.resolve()
  for (let at = 0; at < bytes.length;) {
    const length = view.getUint32(at)
    last = log.append(bytes.subarray(at + 4, at + 4 + length))
    at += 4 + length
  }
  await last
  await log.close()
}

const storage = createMemoryStorage()
await fill(storage)
// As a client knows it whose server has sealed this: see `long-history.ts`.
await storage.put('authority', testKey(seededRandom(1)).publicKey)
const store = openPlatformStore({
  schemas: [Task],
  // Where nobody answers: the history is a server's, and this is its client.
  server: '/ibex',
  storage,
  devtools: inspectable(),
  ports: {
    crypto: testCrypto(seededRandom(5)),
    connect: () => {
      throw new Error('There is no server.')
    },
  },
})
await store.ready()
const tasks = store.collection(Task)
createRoot(document.querySelector('main')!).render(
  <StoreProvider store={store}>
    <Rows />
  </StoreProvider>,
)

/** Edits a row that is shown ten times a second for so long; answers how many frames were drawn. */
async function work(ms: number): Promise<{ edits: number; frames: number }> {
  const ids = tasks.query({ where: { done: false }, limit: ROWS }).ids()
  const end = performance.now() + ms
  let edits = 0
  let frames = 0
  let on = true
  const frame = (): void => {
    frames++
    if (on) requestAnimationFrame(frame)
  }
  requestAnimationFrame(frame)
  while (performance.now() < end) {
    tasks.update(ids[edits % ids.length]!, { title: `edit ${edits++}` })
    await new Promise((resolve) => setTimeout(resolve, EDIT_MS))
  }
  on = false
  return { edits, frames }
}
Object.assign(globalThis, { bench: { work } })
document.title = 'ready'
