/** Logs that were written to IndexedDB although OPFS works. */
import { all, ask, type IndexedDbStorage, type Run } from './indexeddb-request.js'
import type { Log, Storage } from './port.js'

/**
 * Once, OPFS may have failed where it works today (the worker's file could not be loaded, say), and logs were written to
 * IndexedDB. Their records are appended to the log in OPFS when it is opened; upper floors know commits by name, so one that
 * is in both does no harm.
 */
export function absorb(opfs: Storage, database: IndexedDbStorage, names: readonly string[]): Storage {
  const strays = new Set(names)
  return {
    ...opfs,
    async openLog(name, options): Promise<Log> {
      const log = await opfs.openLog(name, options)
      if (strays.has(name)) {
        const stray = await database.openLog(name)
        const appended: Promise<unknown>[] = []
        await stray.replay((payload) => appended.push(log.append(payload)))
        await Promise.all(appended)
        await removeLog(database.run, name)
        strays.delete(name)
      }
      return log
    },
    list: async () => [...new Set([...(await opfs.list()), ...strays])],
  }
}

function removeLog(run: Run, name: string): Promise<void> {
  return run(['logs', 'records', 'keyframes'], 'readwrite', async (use) => {
    await ask(use('logs').delete(name))
    await ask(use('records').delete(all(name)))
    await ask(use('keyframes').delete(all(name)))
  })
}
