/** Opens a long history in a page, from files in OPFS, as a client of the server that wrote it. */
import { laneOf } from '../src/ids.js'
import { writeCheckpoint } from '../src/repository/checkpoint.js'
import { Journal } from '../src/repository/journal.js'
import { openLog } from '../src/repository/opening.js'
import { Repository } from '../src/repository/repository.js'
import { Sessions } from '../src/repository/sessions.js'
import { openBrowserStorage } from '../src/storage/browser.js'
import { createOpfsWorker } from '../src/storage/opfs.js'
import type { Storage } from '../src/storage/port.js'
import { platformSurroundings } from '../src/store/surroundings.js'
import { testCrypto, testKey } from '../src/testing/test-crypto.js'
import { Task } from './peers/ibex-schema.js'
import { MAIN } from './tasks-repository.js'

/** What the page made of a repository. */
export interface OpenedInPage {
  readonly ms: number
  /** The longest task of the page in milliseconds, if any took 50 or more. */
  readonly longest: number
  readonly commits: number
  readonly items: number
  readonly problems: readonly string[]
}

const open = (): Promise<Storage> =>
  openBrowserStorage({ mode: 'opfs', folder: 'bench', indexedDB, createWorker: createOpfsWorker })

/** Kept, as an app keeps it. */
let kept: Journal | undefined

export const page = {
  /** Copies the log that the server sends: records, each after its length. */
  async fill(): Promise<void> {
    const storage = await open()
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
    await storage.close()
  },

  async open(): Promise<OpenedInPage> {
    const surroundings = platformSurroundings()
    const crypto = testCrypto(surroundings.random)
    const sessions = new Sessions(crypto)
    const key = testKey(surroundings.random)
    const session = sessions.addKey(key.publicKey)
    const repository = new Repository({
      path: MAIN,
      schemas: [Task],
      surroundings,
      session,
      authorOf: sessions.authorOf,
    })
    kept = new Journal({
      repository,
      crypto,
      key,
      lane: laneOf(surroundings.random.bytes(8)),
      sessions,
      authority: 'remote',
      follows: () => false,
      clockOffset: () => 0,
    })
    const storage = await open()
    const longest = watchTasks()
    const began = performance.now()
    const { problems } = await openLog(kept, await storage.openLog(MAIN))
    const ms = performance.now() - began
    const items = repository.state.count('task')
    return { ms, longest: await longest(), commits: kept.graph.size, items, problems }
  },

  async checkpoint(): Promise<void> {
    await writeCheckpoint(kept!)
  },
}
Object.assign(globalThis, { page })

/** Notes the longest task of the page, of those of 50 ms or more, until the function is called that it answers. */
function watchTasks(): () => Promise<number> {
  let longest = 0
  const observer = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) longest = Math.max(longest, duration)
  })
  observer.observe({ type: 'longtask' })
  return async () => {
    // It is told after the task.
    await new Promise((resolve) => setTimeout(resolve, 100))
    observer.disconnect()
    return longest
  }
}
