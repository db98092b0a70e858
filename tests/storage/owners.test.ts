/** Several owners of one log at the same time, as processes and tabs are: every step of theirs may come between two of another. */
import { expect, test } from 'vitest'
import { createDiskStorage } from '../../src/storage/disk-storage.js'
import type { Disk, DiskFile, DiskTree } from '../../src/storage/disk.js'
import { createMemoryValues } from '../../src/storage/memory.js'
import type { Log } from '../../src/storage/port.js'
import { createFaultyDisk } from '../../src/testing/faulty-disk.js'
import { bytesOf, texts } from './conformance.js'
import { seeded } from './seeded.js'

/** More of them by an environment variable. */
const SEEDS = Number(process.env['IBEX_SEEDS'] ?? 100)

test(
  'I-15: owners that open, append and close at once lose nothing acknowledged, and nothing is there twice',
  { timeout: 60_000 + SEEDS * 100 },
  async () => {
    let fenced = 0
    let acknowledgedInAll = 0
    for (let seed = 0; seed < SEEDS; seed++) {
      const random = seeded(seed)
      const exclusive = seed % 3 === 2
      const tree = interleaved(createFaultyDisk({ random, exclusive }), random)
      const acknowledged: string[] = []
      const live = async (owner: number): Promise<void> => {
        for (let life = 0; life < 3; life++) {
          const marker = (): Uint8Array => Uint8Array.from({ length: 8 }, () => random() * 256)
          const options = { mode: 'file', tree, values: createMemoryValues(), marker, rotateAt: 300 } as const
          const log: Log = await createDiskStorage(options).openLog('log')
          for (let i = 0; i < 1 + random() * 12; i++) {
            const word = `owner ${owner} life ${life} record ${i}`
            await log.append(bytesOf(word)).then(
              () => acknowledged.push(word),
              (error: { code: unknown }) => {
                expect(error.code).toBe('storage-fenced')
                fenced++
              },
            )
          }
          if (exclusive || random() < 0.5) await log.close()
        }
      }
      await Promise.all([0, 1, 2].map(live))
      const storage = createDiskStorage({
        mode: 'file',
        tree,
        values: createMemoryValues(),
        marker: () => new Uint8Array(8),
      })
      const log = await storage.openLog('log')
      const found = await texts(log)
      expect(acknowledged.filter((word) => !found.includes(word))).toEqual([])
      expect(new Set(found).size).toBe(found.length)
      expect(log.damage).toEqual([])
      await storage.close()
      acknowledgedInAll += acknowledged.length
    }
    expect(fenced).toBeGreaterThan(100)
    expect(acknowledgedInAll).toBeGreaterThan(1000)
  },
)

/** The same files, with a pause of chance before every step; a file that another holds is waited for, as in OPFS. */
function interleaved(tree: DiskTree, random: () => number): DiskTree {
  const pause = async (): Promise<void> => {
    for (let ticks = Math.floor(random() ** 3 * 30); ticks > 0; ticks--) await Promise.resolve()
  }
  const file = (inner: DiskFile): DiskFile => ({
    size: async () => (await pause(), inner.size()),
    read: async (offset, length) => (await pause(), inner.read(offset, length)),
    write: async (offset, bytes) => (await pause(), inner.write(offset, bytes)),
    truncate: async (size) => (await pause(), inner.truncate(size)),
    flush: async () => (await pause(), inner.flush()),
    close: async () => (await pause(), inner.close()),
  })
  const waited = async (open: () => Promise<DiskFile>): Promise<DiskFile> => {
    for (;;) {
      await pause()
      try {
        return file(await open())
      } catch (error) {
        if (!String(error).includes('Another handle is open')) throw error
        await new Promise((resolve) => setImmediate(resolve))
      }
    }
  }
  const disk = (inner: Disk): Disk => ({
    exclusive: inner.exclusive,
    list: async () => (await pause(), inner.list()),
    open: (name) => waited(() => inner.open(name)),
    create: (name) => waited(() => inner.create(name)),
    remove: async (name) => (await pause(), inner.remove(name)),
  })
  return { ...tree, folder: async (name) => disk(await tree.folder(name)) }
}
