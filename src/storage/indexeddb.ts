/**
 * A storage in one IndexedDB database, for browsers and private windows without OPFS. A record is an entry of its own, with
 * a checksum; the generation is compared in the transaction that writes.
 */
import { closed, newerVersion, storageFailure } from './failure.js'
import { ask, type IndexedDbStorage, type Run } from './indexeddb-request.js'
import { loadFallback } from './on-demand.js'
import type { Log } from './port.js'

const VERSION = 1
const STORES = ['values', 'logs', 'records', 'keyframes']

/** Opens the database; throws `storage` where IndexedDB does not work, and `newer-version`. */
export async function openIndexedDbStorage(indexedDB: IDBFactory, folder: string): Promise<IndexedDbStorage> {
  const name = `ibex:${folder}`
  let connection: Promise<IDBDatabase> | undefined
  let open = true
  const logs = new Set<Log>()

  function connect(): Promise<IDBDatabase> {
    if (!open) return Promise.reject(closed())
    return (connection ??= new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open(name, VERSION)
      request.onupgradeneeded = () => {
        for (const store of STORES) request.result.createObjectStore(store)
      }
      request.onerror = () => reject(request.error)
      request.onsuccess = () => {
        const database = request.result
        const forget = (): void => {
          database.close()
          connection = undefined
        }
        // Somebody deletes the database, or the browser does: the next use opens it anew.
        database.onversionchange = forget
        database.onclose = forget
        resolve(database)
      }
    }).catch((error: { name?: unknown }) => {
      connection = undefined
      if (error.name === 'VersionError') throw newerVersion('database', VERSION + 1)
      throw error
    }))
  }

  const run: Run = async (stores, mode, work) => {
    try {
      const transaction = (await connect()).transaction(stores, mode, { durability: 'strict' })
      const done = new Promise<void>((resolve, reject) => {
        transaction.oncomplete = () => resolve()
        transaction.onabort = () => reject(transaction.error)
      })
      // Work that throws has written nothing; a request that fails aborts the transaction.
      return (await Promise.all([work((store) => transaction.objectStore(store)), done]))[0]
    } catch (error) {
      throw storageFailure(error)
    }
  }

  async function close(): Promise<void> {
    await Promise.all([...logs].map((log) => log.close()))
    open = false
    ;(await connection)?.close()
  }

  await run(['values'], 'readonly', (use) => ask(use('values').count()))

  return {
    mode: 'indexeddb',
    run,
    async openLog(log) {
      // Where OPFS works only the values are kept here.
      const { openIndexedDbLog } = await loadFallback()
      const opened = await openIndexedDbLog(run, log)
      logs.add(opened)
      return opened
    },
    get: (key) => run(['values'], 'readonly', (use) => ask(use('values').get(key))),
    put: (key, value) => run(['values'], 'readwrite', async (use) => void (await ask(use('values').put(value, key)))),
    delete: (key) => run(['values'], 'readwrite', (use) => ask(use('values').delete(key))),
    list: () => run(['logs'], 'readonly', async (use) => (await ask(use('logs').getAllKeys())) as string[]),
    async destroy() {
      await close()
      await ask(indexedDB.deleteDatabase(name))
    },
    close,
  }
}
