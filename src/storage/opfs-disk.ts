/** Files of the origin's private file system, through synchronous access handles: works in a dedicated worker only. */
import { attempt, type Disk, type DiskFile, type DiskTree } from './disk.js'
import { cleared } from './failure.js'

/** The part of `FileSystemSyncAccessHandle` that is used; TypeScript's DOM library has it for workers only. */
interface SyncAccessHandle {
  getSize(): number
  read(buffer: Uint8Array, options: { at: number }): number
  write(buffer: Uint8Array, options: { at: number }): number
  truncate(size: number): void
  flush(): void
  close(): void
}

/**
 * The tree below `path`, a list of folder names, made if missing. `wait` resolves after some milliseconds. Rejects where the
 * file system or its synchronous access is missing or does not work.
 */
export async function openOpfsTree(
  root: FileSystemDirectoryHandle,
  path: readonly string[],
  wait: (ms: number) => Promise<void>,
): Promise<DiskTree> {
  let parent = root
  let base = root
  for (const name of path) [parent, base] = [base, await base.getDirectoryHandle(name, { create: true })]
  await probe(opfsDisk(base, wait))
  return {
    async folders() {
      const names: string[] = []
      for await (const [name, handle] of entriesOf(base)) if (handle.kind === 'directory') names.push(name)
      return names
    },
    folder: async (name) => opfsDisk(await orCleared(base.getDirectoryHandle(name, { create: true })), wait),
    destroy: () => parent.removeEntry(path.at(-1)!, { recursive: true }),
    async close() {},
  }
}

/** Some browsers have every method and fail at use, in private windows for instance. */
async function probe(disk: Disk): Promise<void> {
  const name = 'probe'
  const open = (): Promise<DiskFile> => disk.open(name)
  // Another tab that starts at the same time may have made it in between.
  const file = await open()
    .catch(() => disk.create(name))
    .catch(open)
  try {
    await file.write(0, new Uint8Array(1))
    await file.flush()
  } finally {
    await attempt(() => file.close())
  }
}

function opfsDisk(folder: FileSystemDirectoryHandle, wait: (ms: number) => Promise<void>): Disk {
  return {
    exclusive: true,
    async list() {
      const names: string[] = []
      for await (const [name] of entriesOf(folder)) names.push(name)
      return names
    },
    open: (name) => orCleared(folder.getFileHandle(name).then((file) => openFile(file, wait))),
    async create(name) {
      const file = await openFile(await folder.getFileHandle(name, { create: true }), wait)
      if ((await file.size()) === 0) return file
      await file.close()
      throw new Error(`File exists: ${name}`)
    },
    remove: (name) => folder.removeEntry(name),
  }
}

/** A tab that was closed or crashed may hold its files for some 50 ms more: tries again for 2 s. */
async function openFile(handle: FileSystemFileHandle, wait: (ms: number) => Promise<void>): Promise<DiskFile> {
  const able = handle as unknown as { createSyncAccessHandle(): Promise<SyncAccessHandle> }
  for (let waited = 0, pause = 5; ; waited += pause, pause = Math.min(pause * 2, 200)) {
    try {
      return opfsFile(handle, await able.createSyncAccessHandle())
    } catch (error) {
      if ((error as { name?: unknown }).name !== 'NoModificationAllowedError' || waited >= 2000) throw error
      await wait(pause)
    }
  }
}

function opfsFile(handle: FileSystemFileHandle, access: SyncAccessHandle): DiskFile {
  return {
    size: () => access.getSize(),
    read(offset, length) {
      const bytes = new Uint8Array(Math.max(0, Math.min(length, access.getSize() - offset)))
      const count = access.read(bytes, { at: offset })
      return count === bytes.length ? bytes : bytes.slice(0, count)
    },
    write: (offset, bytes) => access.write(bytes, { at: offset }),
    truncate: (size) => access.truncate(size),
    async flush() {
      // Asked first, so that the answer is on its way while the disk works.
      const file = orCleared(handle.getFile())
      try {
        access.flush()
      } finally {
        await file
      }
    },
    async close() {
      // Chromium 156 never returns from closing a file that was removed with the site's data: that one stays open until the
      // worker ends.
      await orCleared(handle.getFile())
      access.close()
    },
  }
}

function orCleared<T>(made: Promise<T>): Promise<T> {
  return made.catch((error: { name?: unknown }) => {
    if (error.name === 'NotFoundError') throw cleared()
    throw error
  })
}

function entriesOf(folder: FileSystemDirectoryHandle): AsyncIterable<[string, FileSystemHandle]> {
  return (folder as unknown as { entries(): AsyncIterable<[string, FileSystemHandle]> }).entries()
}
