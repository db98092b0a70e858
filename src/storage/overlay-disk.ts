/**
 * Looking without touching: files are read where they lie, and whatever is written, made or removed is so in memory only.
 * So a log can be opened as its owner opens it, with all that finding its end takes, while its owner goes on.
 */
import type { Disk, DiskFile, DiskTree } from './disk.js'
import type { Values } from './port.js'

/** A file that is only read. */
export type ReadableFile = Pick<DiskFile, 'size' | 'read' | 'close'>

/** A folder of which nothing is changed. */
export interface ReadableDisk {
  list(): Promise<string[]>
  /** Throws `storage-cleared` if there is no such file. */
  open(name: string): Promise<ReadableFile>
}

export interface ReadableTree {
  folders(): Promise<string[]>
  /** A folder; one that is not there has no files. */
  folder(name: string): ReadableDisk
}

/** What was written to a file, with all that it had before. */
interface Copy {
  bytes: Uint8Array
  size: number
}

export function overlayTree(below: ReadableTree): DiskTree {
  const folders = new Map<string, Disk>()
  return {
    async folders() {
      return [...new Set([...(await below.folders()), ...folders.keys()])]
    },
    async folder(name) {
      let disk = folders.get(name)
      if (!disk) folders.set(name, (disk = overlayDisk(below.folder(name))))
      return disk
    },
    async destroy() {
      folders.clear()
    },
    async close() {},
  }
}

export function overlayDisk(below: ReadableDisk): Disk {
  const copies = new Map<string, Copy>()
  const removed = new Set<string>()

  async function list(): Promise<string[]> {
    const names = new Set((await below.list()).filter((name) => !removed.has(name)))
    for (const name of copies.keys()) names.add(name)
    return [...names]
  }

  return {
    exclusive: false,
    list,
    async open(name) {
      return overlayFile(copies, name, copies.has(name) ? undefined : await below.open(name))
    },
    async create(name) {
      if ((await list()).includes(name)) throw new Error(`There is a file ${name} already.`)
      copies.set(name, { bytes: new Uint8Array(256), size: 0 })
      return overlayFile(copies, name, undefined)
    },
    async remove(name) {
      copies.delete(name)
      removed.add(name)
    },
  }
}

function overlayFile(copies: Map<string, Copy>, name: string, below: ReadableFile | undefined): DiskFile {
  /** Copied whole when it is first written to: what is, is small. */
  async function copy(): Promise<Copy> {
    const before = copies.get(name)
    if (before) return before
    const size = await below!.size()
    const bytes = (await below!.read(0, size)).slice()
    const made = copies.get(name) ?? { bytes, size: bytes.length }
    copies.set(name, made)
    return made
  }

  return {
    size: () => copies.get(name)?.size ?? below!.size(),
    read(offset, length) {
      const found = copies.get(name)
      return found ? found.bytes.slice(offset, Math.min(offset + length, found.size)) : below!.read(offset, length)
    },
    async write(offset, bytes) {
      const file = await copy()
      const end = offset + bytes.length
      if (end > file.bytes.length) {
        const grown = new Uint8Array(Math.max(end, file.bytes.length * 2))
        grown.set(file.bytes.subarray(0, file.size))
        file.bytes = grown
      }
      file.bytes.set(bytes, offset)
      file.size = Math.max(file.size, end)
      return bytes.length
    },
    async truncate(size) {
      const file = await copy()
      file.bytes.fill(0, size, file.size)
      file.size = size
    },
    flush() {},
    close: () => below?.close(),
  }
}

/** Small values of which nothing is changed; what is put is seen here only. */
export function overlayValues(below: Pick<Values, 'get'>): Values {
  const values = new Map<string, unknown>()
  return {
    get: async (key) => (values.has(key) ? values.get(key) : below.get(key)),
    put: async (key, value) => void values.set(key, value),
    delete: async (key) => void values.set(key, undefined),
    destroy: async () => values.clear(),
    close: async () => {},
  }
}
