/**
 * A disk in memory that fails as disks do, by seed. What was written and not flushed is kept at a crash in part: any subset
 * of its sectors, in their order of writing. A removed name may come back. After a failed flush the data is visible until
 * the crash and then lost, whatever later flushes say (as Linux does: "fsyncgate").
 */
import type { Disk, DiskFile, DiskTree } from '../storage/disk.js'
import { createDiskStorage, type DiskStorage } from '../storage/disk-storage.js'
import { cleared } from '../storage/failure.js'
import { createMemoryValues } from '../storage/memory.js'

/** What shall go wrong. May be changed between steps; counts are of the whole life of the disk, from 1. */
export interface FaultPlan {
  /** The step (create, write, truncate, flush, remove) during which the machine stops. */
  crashAt?: number
  /** Which unflushed sectors that crash leaves on the disk, by their index; default: by chance. */
  keep?: (sector: number) => boolean
  /** The write that finds the disk full. */
  fullAt?: number
  /** Every write and create finds the disk full. */
  full?: boolean
  /** The flush that fails. */
  flushFailsAt?: number
  /** Writes take only a part of what they are given. */
  shortWrites?: boolean
}

export interface FaultyDisk extends DiskTree {
  readonly plan: FaultPlan
  readonly steps: number
  readonly writes: number
  readonly flushes: number
  /** Whether the machine has stopped; every operation fails until {@link restart}. */
  readonly crashed: boolean
  /** Sectors that are written and not flushed. */
  readonly unsynced: number
  /** Stops the machine now. */
  crash(): void
  /** Stops the machine if it has not stopped; then files can be opened again. */
  restart(): void
  /** Durable content by path, `folder/name`. */
  snapshot(): Map<string, Uint8Array>
  /** Changes bytes behind everybody's back. */
  overwrite(path: string, offset: number, bytes: Uint8Array): void
  /** Removes a file, or with no path all of them, behind everybody's back. */
  erase(path?: string): void
}

export interface FaultyDiskOptions {
  /** From 0 up to 1; a seeded one makes runs repeat. */
  readonly random: () => number
  readonly plan?: FaultPlan
  /** Size of what is written wholly or not at all. */
  readonly sector?: number
  /** Whether an open file excludes other openers (OPFS) or not (files under Node). */
  readonly exclusive?: boolean
  readonly files?: ReadonlyMap<string, Uint8Array>
}

interface Change {
  readonly offset: number
  /** `undefined`: the file is cut at `offset`. */
  readonly bytes?: Uint8Array
}

/** Bytes that grow in place. */
interface Growing {
  buffer: Uint8Array
  size: number
}

interface Content {
  durable: Growing
  visible: Growing
  changes: Change[]
  open: number
}

/** What an operation of a stopped machine throws. */
export class DiskCrash extends Error {}

export function createFaultyDisk(options: FaultyDiskOptions): FaultyDisk {
  const { random, plan = {}, sector = 512, exclusive = false } = options
  let files = new Map<string, Content>()
  const removed = new Map<string, Content>()
  const folders = new Set<string>()
  let life = 0
  let stopped = false
  const count = { steps: 0, writes: 0, flushes: 0 }
  for (const [path, bytes] of options.files ?? []) {
    folders.add(path.split('/')[0]!)
    files.set(path, fresh(bytes))
  }

  /** Begins a step; true if the machine stops during it. */
  function step(): boolean {
    if (stopped) throw new DiskCrash('The machine has stopped')
    return ++count.steps === plan.crashAt
  }

  function stop(): never {
    crash()
    throw new DiskCrash('The machine stops')
  }

  function crash(): void {
    const { keep = () => random() < 0.5 } = plan
    stopped = true
    life++
    let index = 0
    for (const [path, content] of removed) if (!files.has(path) && random() < 0.5) files.set(path, content)
    removed.clear()
    for (const content of files.values()) {
      for (const change of content.changes) if (keep(index++)) apply(content.durable, change)
      Object.assign(content, fresh(content.durable.buffer.subarray(0, content.durable.size)))
    }
  }

  function full(): void {
    if (plan.full) throw Object.assign(new Error('No space left on device'), { code: 'ENOSPC' })
  }

  function openFile(path: string, content: Content): DiskFile {
    if (exclusive && content.open > 0) throw new Error('Another handle is open')
    content.open++
    const born = life
    let open = true
    const alive = (): void => {
      if (stopped || born !== life) throw new DiskCrash('The machine has stopped')
      if (!open) throw new Error('The handle is closed')
    }
    const change = (made: Change): void => {
      content.changes.push(made)
      apply(content.visible, made)
    }
    return {
      size: async () => (alive(), content.visible.size),
      async read(offset, length) {
        alive()
        return content.visible.buffer.slice(offset, Math.min(offset + length, content.visible.size))
      },
      async write(offset, bytes) {
        alive()
        const crashes = step()
        const short = plan.shortWrites && bytes.length > 1
        let length = short ? 1 + Math.floor(random() * (bytes.length - 1)) : bytes.length
        const noRoom = plan.full || ++count.writes === plan.fullAt
        if (noRoom) length = Math.floor(random() * length)
        for (let done = 0; done < length;) {
          const end = Math.min(length, done + sector - ((offset + done) % sector))
          change({ offset: offset + done, bytes: bytes.slice(done, end) })
          done = end
        }
        if (crashes) stop()
        if (noRoom) throw Object.assign(new Error('No space left on device'), { code: 'ENOSPC' })
        return length
      },
      async truncate(size) {
        alive()
        const crashes = step()
        if (size < content.visible.size) change({ offset: size })
        if (crashes) stop()
      },
      async flush() {
        alive()
        if (step()) stop()
        if (files.get(path) !== content) throw cleared()
        if (++count.flushes === plan.flushFailsAt) {
          content.changes = []
          throw Object.assign(new Error('Input/output error'), { code: 'EIO' })
        }
        for (const made of content.changes) apply(content.durable, made)
        content.changes = []
      },
      async close() {
        if (open && born === life) content.open--
        open = false
      },
    }
  }

  function folder(name: string): Disk {
    return {
      exclusive,
      async list() {
        if (stopped) throw new DiskCrash('The machine has stopped')
        return [...files.keys()]
          .filter((path) => path.startsWith(`${name}/`))
          .map((path) => path.slice(name.length + 1))
      },
      async open(file) {
        if (stopped) throw new DiskCrash('The machine has stopped')
        const content = files.get(`${name}/${file}`)
        if (!content) throw cleared()
        return openFile(`${name}/${file}`, content)
      },
      async create(file) {
        const path = `${name}/${file}`
        const crashes = step()
        full()
        if (files.has(path)) throw Object.assign(new Error(`File exists: ${file}`), { code: 'EEXIST' })
        if (!crashes || random() < 0.5) files.set(path, fresh(new Uint8Array()))
        if (crashes) stop()
        removed.delete(path)
        return openFile(path, files.get(path)!)
      },
      async remove(file) {
        const path = `${name}/${file}`
        const crashes = step()
        const content = files.get(path)
        if (content) removed.set(path, content)
        files.delete(path)
        if (crashes) stop()
      },
    }
  }

  return {
    plan,
    get steps() {
      return count.steps
    },
    get writes() {
      return count.writes
    },
    get flushes() {
      return count.flushes
    },
    get crashed() {
      return stopped
    },
    get unsynced() {
      return [...files.values()].reduce((sum, content) => sum + content.changes.length, 0)
    },
    crash,
    restart() {
      if (!stopped) crash()
      stopped = false
    },
    snapshot: () =>
      new Map([...files].map(([path, content]) => [path, content.durable.buffer.slice(0, content.durable.size)])),
    overwrite(path, offset, bytes) {
      const content = files.get(path)!
      apply(content.durable, { offset, bytes })
      apply(content.visible, { offset, bytes })
    },
    erase(path) {
      if (path === undefined) files = new Map()
      else files.delete(path)
    },
    folders: async () => [...folders],
    async folder(name) {
      folders.add(name)
      return folder(name)
    },
    async destroy() {
      files = new Map()
      folders.clear()
    },
    async close() {},
  }
}

/** A storage on a faulty disk; its small values are in memory and survive every crash only as long as `values` is held. */
export function createFaultyStorage(
  disk: FaultyDisk,
  random: () => number,
  options: { readonly rotateAt?: number } = {},
): DiskStorage {
  const marker = (): Uint8Array => Uint8Array.from({ length: 8 }, () => Math.floor(random() * 256))
  return createDiskStorage({ mode: 'file', tree: disk, values: createMemoryValues(), marker, ...options })
}

function fresh(bytes: Uint8Array): Content {
  const copy = (): Growing => ({ buffer: bytes.slice(), size: bytes.length })
  return { durable: copy(), visible: copy(), changes: [], open: 0 }
}

function apply(content: Growing, { offset, bytes }: Change): void {
  const end = offset + (bytes?.length ?? 0)
  if (end > content.buffer.length) {
    const buffer = new Uint8Array(Math.max(end, content.buffer.length * 2))
    buffer.set(content.buffer.subarray(0, content.size))
    content.buffer = buffer
  }
  // What lies between an old end and a new one is zero, also where it was cut before.
  if (offset > content.size) content.buffer.fill(0, content.size, offset)
  if (bytes) content.buffer.set(bytes, offset)
  content.size = bytes ? Math.max(content.size, end) : Math.min(content.size, offset)
}
