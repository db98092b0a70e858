/** Which storage a browser gets: OPFS, IndexedDB where that is missing (private windows), memory where both are. */
import { openIndexedDbStorage, type IndexedDbStorage } from './indexeddb.js'
import { storageFailure } from './failure.js'
import { createMemoryStorage, createMemoryValues } from './memory.js'
import { openOpfsStorage, type WorkerLike } from './opfs.js'
import type { Log, Storage } from './port.js'

export interface BrowserStorageOptions {
  /** Any name: one user of one store. Other names are other storages. */
  readonly folder: string
  /** `auto` takes the best that works; the others throw `storage` where what they name does not work. */
  readonly mode?: 'auto' | 'opfs' | 'indexeddb' | 'memory'
  readonly indexedDB?: IDBFactory | undefined
  /** See `createOpfsWorker`; without it there is no OPFS. */
  readonly createWorker?: (() => WorkerLike) | undefined
}

/** Opens the best storage that works; which one that is says its `mode`. Small values are in IndexedDB also beside OPFS. */
export async function openBrowserStorage(options: BrowserStorageOptions): Promise<Storage> {
  const { folder, mode = 'auto', indexedDB, createWorker } = options
  if (mode === 'memory') return createMemoryStorage()
  const failures: unknown[] = []
  const orFailure = <T>(error: unknown): T | undefined => void failures.push(error)

  const database = indexedDB
    ? await openIndexedDbStorage(indexedDB, folder).catch((error) => orFailure<IndexedDbStorage>(error))
    : undefined
  if (createWorker && mode !== 'indexeddb') {
    // The constructor itself throws where a policy of the page forbids workers.
    const opfs = await Promise.resolve()
      .then(() => openOpfsStorage({ createWorker, folder, values: database ?? createMemoryValues() }))
      .catch((error) => orFailure<Storage>(error))
    if (opfs) return database ? absorbing(opfs, database) : opfs
  }
  if (database && mode !== 'opfs') return database
  await database?.close()
  if (mode === 'auto') return createMemoryStorage()
  throw storageFailure(failures.at(-1) ?? new Error(`this browser has no ${mode}`))
}

/**
 * Once, OPFS may have failed where it works today (the worker's file could not be loaded, say), and logs were written to
 * IndexedDB. Their records are appended to the log in OPFS when it is opened; upper floors know commits by name, so one that
 * is in both does no harm.
 */
async function absorbing(opfs: Storage, database: IndexedDbStorage): Promise<Storage> {
  const strays = new Set(await database.list())
  return {
    ...opfs,
    async openLog(name, options): Promise<Log> {
      const log = await opfs.openLog(name, options)
      if (strays.has(name)) {
        const stray = await database.openLog(name)
        const appended: Promise<unknown>[] = []
        await stray.replay((payload) => appended.push(log.append(payload)))
        await Promise.all(appended)
        await database.removeLog(name)
        strays.delete(name)
      }
      return log
    },
    list: async () => [...new Set([...(await opfs.list()), ...strays])],
  }
}
