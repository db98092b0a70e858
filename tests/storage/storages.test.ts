import { mkdtemp, open, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MessageChannel } from 'node:worker_threads'
import { describe, expect, onTestFinished, test } from 'vitest'
import { openFileStorage, readFileStorage } from '../../src/server/file-disk.js'
import { openBrowserStorage } from '../../src/storage/browser.js'
import { encodeFileName } from '../../src/storage/file-name.js'
import { createMemoryStorage, createMemoryValues } from '../../src/storage/memory.js'
import { serveStorage } from '../../src/storage/opfs-host.js'
import { openOpfsStorage, type WorkerLike } from '../../src/storage/opfs.js'
import { offsetOf } from '../../src/storage/segment-file.js'
import { createFaultyDisk, createFaultyStorage, type FaultyDisk } from '../../src/testing/faulty-disk.js'
import { appendAll, bytesOf, CASES, texts, type Device } from './conformance.js'
import { seeded } from './seeded.js'

const devices: Record<string, () => Promise<Device>> = {
  async memory() {
    const storage = createMemoryStorage()
    return { open: async () => storage, durable: false }
  },
  async file() {
    const folder = await mkdtemp(join(tmpdir(), 'storage-'))
    onTestFinished(() => rm(folder, { recursive: true, force: true }))
    const openStorage = () => openFileStorage(join(folder, 'data'), { rotateAt: 100_000 })
    return {
      open: openStorage,
      rival: openStorage,
      rivals: 'take over',
      durable: true,
      async corruptRecord(_, log, position) {
        await flip(join(folder, 'data', `log${encodeFileName(log)}`), /^segment/, offsetOf(position) + 21)
      },
      async corruptKeyframe(_, log, name) {
        await flip(join(folder, 'data', `log${encodeFileName(log)}`), new RegExp(`-${encodeFileName(name)}$`), 30)
      },
    }
  },
  async 'an overlay in memory'() {
    const folder = await mkdtemp(join(tmpdir(), 'storage-'))
    onTestFinished(() => rm(folder, { recursive: true, force: true }))
    const storage = await readFileStorage(folder)
    return { open: async () => storage, durable: false }
  },
  async 'a worker'() {
    const disk = createFaultyDisk({ random: seeded(1), exclusive: true })
    const values = createMemoryValues()
    const kept = { ...values, close: async () => {} }
    return {
      open: () => openOpfsStorage({ createWorker: () => workerOn(disk), folder: 'app', values: kept }),
      durable: true,
    }
  },
  async 'faulty disk'() {
    const random = seeded(1)
    const disk = createFaultyDisk({ random, plan: { shortWrites: true }, exclusive: true })
    const values = createFaultyStorage(disk, random)
    return {
      open: async () => ({
        ...createFaultyStorage(disk, random),
        get: values.get,
        put: values.put,
        delete: values.delete,
        destroy: values.destroy,
      }),
      durable: true,
    }
  },
}

async function flip(folder: string, name: RegExp, offset: number): Promise<void> {
  const file = (await readdir(folder)).find((file) => name.test(file))!
  const handle = await open(join(folder, file), 'r+')
  const byte = new Uint8Array(1)
  await handle.read(byte, 0, 1, offset)
  byte[0]! ^= 4
  await handle.write(byte, 0, 1, offset)
  await handle.close()
}

/** The page and the worker of a storage in OPFS, on a disk in memory that excludes other openers as OPFS does. */
function workerOn(disk: FaultyDisk): WorkerLike {
  const { port1: page, port2: host } = new MessageChannel()
  serveStorage(
    {
      postMessage: (message, transfer) => host.postMessage(message, transfer),
      addEventListener: (_, listener) => host.on('message', (data: unknown) => listener({ data })),
    },
    async () => disk,
    () => new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8]),
  )
  return {
    postMessage: (message, transfer) => page.postMessage(message, transfer),
    addEventListener(type, listener) {
      if (type === 'message') page.on('message', (data: unknown) => (listener as (event: object) => void)({ data }))
    },
    terminate: () => page.close(),
  }
}

test('a log whose files were removed says so once, and a storage in a worker then starts over', async () => {
  const disk = createFaultyDisk({ random: seeded(1), exclusive: true })
  const values = createMemoryValues()
  const storage = await openOpfsStorage({ createWorker: () => workerOn(disk), folder: 'app', values })
  const before = await storage.openLog('log')
  await appendAll(before, ['a'])
  disk.erase()
  await expect(before.append(bytesOf('b'))).rejects.toMatchObject({ code: 'storage-cleared' })
  await expect(before.append(bytesOf('b'))).rejects.toMatchObject({ code: 'storage-cleared' })
  const after = await storage.openLog('log')
  expect(await texts(after)).toEqual([])
  await appendAll(after, ['a', 'b'])
  expect(await texts(after)).toEqual(['a', 'b'])
  await storage.close()
})

test('a worker that cannot be loaded is a storage that does not work', async () => {
  let terminated = false
  const worker: WorkerLike = {
    postMessage: () => {},
    addEventListener(type: string, listener: (event: never) => void) {
      if (type === 'error') queueMicrotask(() => listener({} as never))
    },
    terminate: () => (terminated = true),
  }
  const opening = openOpfsStorage({ createWorker: () => worker, folder: 'app', values: createMemoryValues() })
  await expect(opening).rejects.toMatchObject({ code: 'storage' })
  expect(terminated).toBe(true)
  const broken = (): never => {
    throw new Error('refused')
  }
  expect((await openBrowserStorage({ folder: 'app', createWorker: broken })).mode).toBe('memory')
  await expect(openBrowserStorage({ folder: 'app', createWorker: broken, mode: 'opfs' })).rejects.toMatchObject({
    code: 'storage',
  })
  await expect(openBrowserStorage({ folder: 'app', mode: 'indexeddb' })).rejects.toMatchObject({ code: 'storage' })
})

for (const [name, make] of Object.entries(devices)) {
  describe(`storage: ${name}`, () => {
    for (const { name, applies, run } of CASES) {
      test(name, async ({ skip }) => {
        const device = await make()
        if (applies && !applies(device)) return skip()
        await run(device)
      })
    }
  })
}
