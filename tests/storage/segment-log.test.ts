import { fork } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'
import { expect, onTestFinished, test } from 'vitest'
import { openFileStorage } from '../../src/server/file-disk.js'
import { createFaultyDisk, createFaultyStorage } from '../../src/testing/faulty-disk.js'
import { appendAll, bytesOf, texts } from './conformance.js'
import { seeded } from './seeded.js'

test('records that wait are written together: the number of syncs does not follow the number of records', async () => {
  const random = seeded(1)
  const disk = createFaultyDisk({ random })
  const log = await createFaultyStorage(disk, random).openLog('log')
  const before = { writes: disk.writes, flushes: disk.flushes }
  await appendAll(
    log,
    Array.from({ length: 1000 }, (_, i) => `record ${i}`),
  )
  expect(disk.flushes - before.flushes).toBeLessThanOrEqual(2)
  expect(disk.writes - before.writes).toBeLessThanOrEqual(2)
  const late = { flushes: disk.flushes }
  for (let i = 0; i < 5; i++) await log.append(bytesOf('alone'))
  expect(disk.flushes - late.flushes).toBe(5)
})

test('segments rotate at their size, and a tail is read without what comes before it', async () => {
  const random = seeded(2)
  const disk = createFaultyDisk({ random })
  const log = await createFaultyStorage(disk, random, { rotateAt: 1000 }).openLog('log')
  const positions: number[] = []
  for (let i = 0; i < 100; i++) positions.push(await log.append(bytesOf(`record ${i}`)))
  const files = [...disk.snapshot()].filter(([path]) => path.includes('segment'))
  expect(log.size()).toEqual({
    bytes: files.reduce((sum, [, { length }]) => sum + length, 0),
    segments: 3,
    frames: 100,
  })
  for (const [path] of files.slice(0, 2)) disk.erase(path)
  expect(await texts(log, positions[79])).toEqual(Array.from({ length: 20 }, (_, i) => `record ${80 + i}`))
})

test('opening again and again leaves one segment where the disk excludes others, or the owner closed the log', async () => {
  for (const exclusive of [true, false]) {
    const random = seeded(3)
    const disk = createFaultyDisk({ random, exclusive })
    for (let i = 0; i < 10; i++) {
      const storage = createFaultyStorage(disk, random)
      await appendAll(await storage.openLog('log'), [`record ${i}`])
      if (exclusive) disk.restart()
      else await storage.close()
    }
    const log = await createFaultyStorage(disk, random).openLog('log')
    expect(await texts(log)).toEqual(Array.from({ length: 10 }, (_, i) => `record ${i}`))
    expect(log.size().segments).toBe(1)
  }
})

test(
  'I-15: kill -9 of a process in the middle of writes: nothing acknowledged is lost',
  { timeout: 60_000 },
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'storage-kill-'))
    onTestFinished(() => rm(folder, { recursive: true, force: true }))
    const program = join(folder, 'writer.mjs')
    await build({
      stdin: { contents: WRITER, resolveDir: import.meta.dirname, loader: 'ts' },
      bundle: true,
      platform: 'node',
      format: 'esm',
      outfile: program,
      logLevel: 'error',
    })
    const acknowledged: string[] = []
    for (let round = 0; round < 6; round++) {
      const child = fork(program, [join(folder, 'data'), String(round)])
      await new Promise<void>((resolve, reject) => {
        let received = 0
        child.on('message', (word) => {
          acknowledged.push(word as string)
          if (++received === 40 + round * 13) child.kill('SIGKILL')
        })
        child.on('error', reject)
        child.on('exit', (code, signal) => (signal === 'SIGKILL' ? resolve() : reject(new Error(`exit ${code}`))))
      })
      const storage = await openFileStorage(join(folder, 'data'))
      const log = await storage.openLog('log')
      const found = new Set(await texts(log))
      expect(acknowledged.filter((word) => !found.has(word))).toEqual([])
      expect(log.damage.filter(({ kind }) => kind !== 'torn')).toEqual([])
      // Every other round, the next process takes over from one that never closed.
      if (round % 2 === 0) await storage.close()
    }
    expect(acknowledged.length).toBeGreaterThan(300)
  },
)

const WRITER = `
import { openFileStorage } from '../../src/server/file-disk.js'
const [folder, round] = process.argv.slice(2)
const log = await (await openFileStorage(folder)).openLog('log')
for (let i = 0; ; i++) {
  const word = round + ' ' + i + ' ' + 'x'.repeat((i * 37) % 3000)
  const done = log.append(new TextEncoder().encode(word)).then(() => process.send(word))
  if (i % 5 === 4) await done
}
`
