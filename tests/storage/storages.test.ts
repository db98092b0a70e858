import { mkdtemp, open, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, onTestFinished, test } from 'vitest'
import { openFileStorage } from '../../src/server/file-disk.js'
import { encodeFileName } from '../../src/storage/file-name.js'
import { createMemoryStorage } from '../../src/storage/memory.js'
import { offsetOf } from '../../src/storage/segment-file.js'
import { createFaultyDisk, createFaultyStorage } from '../../src/testing/faulty-disk.js'
import { CASES, type Device } from './conformance.js'
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
