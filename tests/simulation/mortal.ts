/**
 * Processes that can be killed. Everything that a process does to the world goes through its ports; so it is dead when they
 * are: no timer fires, nothing that it waits for comes, nothing that it writes or sends gets anywhere.
 */
import type { Surroundings, TimerHandle } from '../../src/ports.js'
import type { Disk, DiskFile, DiskTree } from '../../src/storage/disk.js'
import type { Log, Storage } from '../../src/storage/port.js'
import type { VirtualTime } from '../../src/testing/virtual-time.js'
import { seededRandom } from '../../src/testing/virtual-time.js'
import type { Transport } from '../../src/transport/port.js'

/** Identity: one for each process. */
export class Life {
  alive = true
  private readonly endings = new Set<() => void>()

  /** Calls `fn` when it ends. Answers how to forget it. */
  onEnd(fn: () => void): () => void {
    this.endings.add(fn)
    return () => this.endings.delete(fn)
  }

  end(): void {
    if (!this.alive) return
    this.alive = false
    for (const fn of this.endings) fn()
    this.endings.clear()
  }
}

const never = <T>(): Promise<T> => new Promise<T>(() => {})

/** What a promise answers, as long as somebody lives to hear it. */
function whileAlive<T>(life: Life, run: () => T | Promise<T>): Promise<T> {
  if (!life.alive) return never()
  return new Promise((resolve, reject) => {
    Promise.resolve(run()).then(
      (value) => life.alive && resolve(value),
      (error: unknown) => life.alive && reject(error),
    )
  })
}

/** Clock, chance and timers of a process. `ahead`: how far its clock is wrong at present, in milliseconds. */
export function mortalSurroundings(time: VirtualTime, seed: number, life: Life, ahead: () => number): Surroundings {
  const set = (ms: number, fn: () => void): TimerHandle => {
    if (!life.alive) return { timer: undefined }
    const forget = life.onEnd(() => time.cancel(handle))
    const handle = time.after(ms, () => {
      forget()
      fn()
    })
    return { timer: { handle, forget } }
  }
  return {
    clock: { now: () => time.now() + ahead() },
    random: seededRandom(seed),
    scheduler: {
      after: set,
      frame: (fn) => set(16, fn),
      cancel({ timer }) {
        if (timer === undefined) return
        const { handle, forget } = timer as { handle: TimerHandle; forget: () => void }
        forget()
        time.cancel(handle)
      },
    },
  }
}

export function mortalTransport(transport: Transport, life: Life): Transport {
  return {
    send: (bytes) => {
      if (life.alive) transport.send(bytes)
    },
    get buffered() {
      return transport.buffered
    },
    onMessage: (fn) => transport.onMessage((bytes) => life.alive && fn(bytes)),
    onClose: (fn) => transport.onClose((reason) => life.alive && fn(reason)),
    close: (reason) => {
      if (life.alive) transport.close(reason)
    },
  }
}

/** A disk as one process sees it. The files that it has open are closed when it dies. */
export function mortalTree(tree: DiskTree, life: Life): DiskTree {
  const file = (inner: DiskFile): DiskFile => {
    const forget = life.onEnd(() => void inner.close())
    return {
      size: () => whileAlive(life, () => inner.size()),
      read: (offset, length) => whileAlive(life, () => inner.read(offset, length)),
      write: (offset, bytes) => whileAlive(life, () => inner.write(offset, bytes)),
      truncate: (size) => whileAlive(life, () => inner.truncate(size)),
      flush: () => whileAlive(life, () => inner.flush()),
      close: () => {
        forget()
        return whileAlive(life, () => inner.close())
      },
    }
  }
  /** A file that was opened for a process that died meanwhile is closed again. */
  const opened = (open: () => Promise<DiskFile>): Promise<DiskFile> =>
    whileAlive(life, async () => {
      const inner = await open()
      if (!life.alive) await inner.close()
      return file(inner)
    })
  return {
    folders: () => whileAlive(life, () => tree.folders()),
    folder: (name) =>
      whileAlive(life, async () => {
        const disk = await tree.folder(name)
        const mortal: Disk = {
          exclusive: disk.exclusive,
          list: () => whileAlive(life, () => disk.list()),
          open: (path) => opened(() => disk.open(path)),
          create: (path) => opened(() => disk.create(path)),
          remove: (path) => whileAlive(life, () => disk.remove(path)),
        }
        return mortal
      }),
    destroy: () => whileAlive(life, () => tree.destroy()),
    close: async () => {},
  }
}

/** The small values of a storage, or a whole storage in memory, as one process sees it. */
export function mortalStorage(storage: Storage, life: Life): Storage {
  const log = (inner: Log): Log => ({
    damage: inner.damage,
    replay: (each, after) => whileAlive(life, () => inner.replay(each, after)),
    append: (payload) => whileAlive(life, () => inner.append(payload)),
    flush: () => whileAlive(life, () => inner.flush()),
    read: (position) => whileAlive(life, () => inner.read(position)),
    readMany: (positions, each) => whileAlive(life, () => inner.readMany(positions, each)),
    writeKeyframe: (name, bytes, covers) => whileAlive(life, () => inner.writeKeyframe(name, bytes, covers)),
    newestKeyframe: () => whileAlive(life, () => inner.newestKeyframe()),
    size: () => inner.size(),
    close: () => whileAlive(life, () => inner.close()),
  })
  return {
    mode: storage.mode,
    openLog: (name, options) => whileAlive(life, async () => log(await storage.openLog(name, options))),
    get: (key) => whileAlive(life, () => storage.get(key)),
    put: (key, value) => whileAlive(life, () => storage.put(key, value)),
    delete: (key) => whileAlive(life, () => storage.delete(key)),
    list: () => whileAlive(life, () => storage.list()),
    destroy: () => whileAlive(life, () => storage.destroy()),
    close: () => whileAlive(life, () => storage.close()),
  }
}
