/** A storage of files: a folder for each log. */
import type { DiskTree } from './disk.js'
import { storageFailure } from './failure.js'
import { decodeFileName, encodeFileName } from './file-name.js'
import { createTurns } from './group-commit.js'
import type { Storage, StorageMode, Values } from './port.js'
import { openSegmentLog, type SegmentLog } from './segment-log.js'

export interface DiskStorageOptions {
  readonly mode: StorageMode
  readonly tree: DiskTree
  readonly values: Values
  /** Draws the 8 unpredictable bytes that mark a new log. */
  readonly marker: () => Uint8Array
  /** See {@link openSegmentLog}. */
  readonly rotateAt?: number
}

export interface DiskStorage extends Storage {
  openLog(name: string, options?: { readonly marker?: Uint8Array }): Promise<SegmentLog>
}

export function createDiskStorage({ mode, tree, values, marker, rotateAt }: DiskStorageOptions): DiskStorage {
  const turn = createTurns()
  const logs = new Map<string, SegmentLog>()

  async function close(): Promise<void> {
    await Promise.all([...logs.values()].map((log) => log.close()))
    logs.clear()
  }

  return {
    mode,
    openLog(name, options = {}) {
      return turn(async () => {
        try {
          await logs.get(name)?.fence()
          logs.delete(name)
          const log = await openSegmentLog(await tree.folder(`log${encodeFileName(name)}`), {
            marker: () => options.marker ?? marker(),
            ...(rotateAt === undefined ? {} : { rotateAt }),
          })
          logs.set(name, log)
          return log
        } catch (error) {
          throw storageFailure(error)
        }
      })
    },
    get: values.get,
    put: values.put,
    delete: values.delete,
    async list() {
      const folders = await tree.folders()
      return folders.flatMap((folder) => (folder.startsWith('log') ? (decodeFileName(folder.slice(3)) ?? []) : []))
    },
    destroy() {
      return turn(async () => {
        await close()
        await values.destroy()
        await tree.destroy()
      })
    },
    close() {
      return turn(async () => {
        await close()
        await values.close()
        await tree.close()
      })
    },
  }
}
