/** Storage in files under Node: one folder a log, one file a small value. */
import { randomBytes } from 'node:crypto'
import { mkdir, open, readdir, readFile, rename, rm, unlink, type FileHandle } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { deserialize, serialize } from 'node:v8'
import { crc32c } from '../value/crc32c.js'
import { IbexError } from '../errors.js'
import { attempt, writeAll, type Disk, type DiskFile, type DiskTree } from '../storage/disk.js'
import { createDiskStorage } from '../storage/disk-storage.js'
import { cleared, storageFailure } from '../storage/failure.js'
import { encodeFileName } from '../storage/file-name.js'
import { createTurns } from '../storage/group-commit.js'
import { overlayTree, overlayValues, type ReadableTree } from '../storage/overlay-disk.js'
import type { Storage, Values } from '../storage/port.js'

/**
 * Opens the storage in the folder `dir`, or makes it. Several processes may open the same folder: a log belongs to whoever
 * opened it last. Values are read and written by the structured-clone algorithm of `node:v8`, which takes no `CryptoKey`.
 */
export async function openFileStorage(dir: string, options: { readonly rotateAt?: number } = {}): Promise<Storage> {
  const root = resolve(dir)
  try {
    await makeFolder(root)
    await makeFolder(join(root, 'values'))
  } catch (error) {
    throw storageFailure(error)
  }
  return createDiskStorage({
    mode: 'file',
    tree: fileTree(root),
    values: fileValues(join(root, 'values')),
    marker: () => randomBytes(8),
    ...options,
  })
}

/**
 * The storage in the folder `dir` as it is, to be read: whoever has it open goes on, and of what is done here nothing is
 * written. Throws `storage` where there is no such folder.
 */
export async function readFileStorage(dir: string): Promise<Storage> {
  const root = resolve(dir)
  try {
    await readdir(root)
  } catch (error) {
    throw new IbexError('storage', `There is no data in ${root}: ${String(error)}`, { cause: error })
  }
  return createDiskStorage({
    mode: 'file',
    tree: overlayTree(readableTree(root)),
    values: overlayValues(fileValues(join(root, 'values'))),
    marker: () => randomBytes(8),
  })
}

function readableTree(root: string): ReadableTree {
  return {
    folders: () => foldersOf(root),
    folder(name) {
      const path = join(root, name)
      return {
        list: () =>
          readdir(path).catch((error: NodeJS.ErrnoException) => {
            if (error.code === 'ENOENT') return []
            throw error
          }),
        open: async (file) => diskFile(await openThere(join(path, file), 'r')),
      }
    },
  }
}

async function foldersOf(root: string): Promise<string[]> {
  return (await readdir(root, { withFileTypes: true })).flatMap((entry) => (entry.isDirectory() ? entry.name : []))
}

function openThere(path: string, flags: 'r' | 'r+'): Promise<FileHandle> {
  return open(path, flags).catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'ENOENT' ? cleared() : error
  })
}

function fileTree(root: string): DiskTree {
  return {
    folders: () => foldersOf(root),
    async folder(name) {
      const path = join(root, name)
      await makeFolder(path)
      return fileDisk(path)
    },
    destroy: () => rm(root, { recursive: true, force: true }),
    async close() {},
  }
}

function fileDisk(folder: string): Disk {
  return {
    exclusive: false,
    list: () => readdir(folder),
    open: async (name) => diskFile(await openThere(join(folder, name), 'r+')),
    async create(name) {
      const handle = await open(join(folder, name), 'wx+', 0o600)
      await syncFolder(folder)
      return diskFile(handle)
    },
    remove: (name) => unlink(join(folder, name)),
  }
}

function diskFile(handle: FileHandle): DiskFile {
  return {
    size: async () => (await handle.stat()).size,
    async read(offset, length) {
      const bytes = new Uint8Array(Math.max(0, Math.min(length, (await handle.stat()).size - offset)))
      let done = 0
      while (done < bytes.length) {
        const { bytesRead } = await handle.read(bytes, done, bytes.length - done, offset + done)
        if (bytesRead === 0) break
        done += bytesRead
      }
      return done === bytes.length ? bytes : bytes.subarray(0, done)
    },
    write: async (offset, bytes) => (await handle.write(bytes, 0, bytes.length, offset)).bytesWritten,
    truncate: (size) => handle.truncate(size),
    async flush() {
      await handle.datasync()
      if ((await handle.stat()).nlink === 0) throw cleared()
    },
    close: () => handle.close(),
  }
}

/** One file a value: CRC-32C of the rest (4) | the value as `node:v8` writes it. Replaced by renaming, hence atomically. */
function fileValues(folder: string): Values {
  const turn = createTurns()
  const guarded = <T>(step: () => Promise<T>): Promise<T> =>
    turn(step).catch((error) => {
      throw storageFailure(error)
    })
  const pathOf = (key: string): string => join(folder, encodeFileName(key))
  return {
    get: (key) =>
      guarded(async () => {
        const bytes = await readFile(pathOf(key)).catch((error: NodeJS.ErrnoException) => {
          if (error.code === 'ENOENT') return undefined
          throw error
        })
        if (!bytes) return undefined
        if (bytes.length < 4 || bytes.readUInt32BE() !== crc32c(bytes, 4)) {
          throw new IbexError('storage-damaged', `The stored value ${JSON.stringify(key)} does not verify.`)
        }
        return deserialize(bytes.subarray(4)) as unknown
      }),
    put(key, value) {
      return guarded(async () => {
        const body = serialize(value)
        const bytes = Buffer.alloc(4 + body.length)
        bytes.writeUInt32BE(crc32c(body))
        body.copy(bytes, 4)
        // An encoded key has no dot, so the new file never stands for a value before it is renamed.
        const next = `${pathOf(key)}.next`
        await attempt(() => unlink(next))
        const handle = await open(next, 'wx', 0o600)
        try {
          await writeAll(diskFile(handle), 0, bytes)
          await handle.sync()
        } finally {
          await handle.close()
        }
        await rename(next, pathOf(key))
        await syncFolder(folder)
      })
    },
    delete: (key) =>
      guarded(async () => {
        await rm(pathOf(key), { force: true })
        await syncFolder(folder)
      }),
    destroy: async () => {},
    close: () => turn(async () => {}),
  }
}

/** Makes a folder, and those above it, whose names are durable on return. */
export async function makeFolder(path: string): Promise<void> {
  const first = await mkdir(path, { recursive: true, mode: 0o700 })
  // Every folder that was made is named in its parent; the topmost one's parent was there before.
  for (let made = path; first !== undefined; made = dirname(made)) {
    await syncFolder(dirname(made))
    if (made === first || made === dirname(made)) break
  }
}

/** Makes names in a folder durable. Windows cannot, and needs not. */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
