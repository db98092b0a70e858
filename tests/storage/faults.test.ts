/**
 * Faults of disks and machines against the segment log. The oracle is always the same: what was acknowledged is there, in
 * order and once; what is there was appended; nothing else is.
 */
import { describe, expect, test, vi } from 'vitest'
import type { IbexErrorCode } from '../../src/errors.js'
import type { Log, Position } from '../../src/storage/port.js'
import { SEGMENT_HEADER } from '../../src/storage/segment-file.js'
import {
  createFaultyDisk,
  createFaultyStorage,
  DiskCrash,
  type FaultyDisk,
  type FaultyDiskOptions,
} from '../../src/testing/faulty-disk.js'
import { bytesOf, textOf } from './conformance.js'
import { seeded } from './seeded.js'

// Thousands of openings: a busy machine takes its time.
vi.setConfig({ testTimeout: 60_000 })

interface Rig {
  readonly disk: FaultyDisk
  open(): Promise<Log>
}

function rig(seed: number, options: Partial<FaultyDiskOptions> = {}, rotateAt = 100_000): Rig {
  const random = seeded(seed)
  const disk = createFaultyDisk({ random, ...options })
  return { disk, open: () => createFaultyStorage(disk, random, { rotateAt }).openLog('log') }
}

/** As `expect(found).toEqual(expected)` for plain data, at a cost that ten thousand comparisons can bear. */
function same(found: unknown, expected: unknown): void {
  if (JSON.stringify(found) !== JSON.stringify(expected)) expect(found).toEqual(expected)
}

const word = (i: number): string => `record ${i} ${'x'.repeat((i * 7) % 23)}`

async function all(log: Log): Promise<string[]> {
  const found: string[] = []
  await log.replay((payload) => found.push(textOf(payload)))
  return found
}

async function fill(log: Log, count: number, from = 0): Promise<Position[]> {
  const positions: Position[] = []
  for (let i = from; i < from + count; i++) positions.push(await log.append(bytesOf(word(i))))
  return positions
}

const words = (count: number, from = 0): string[] => Array.from({ length: count }, (_, i) => word(from + i))

/** A closed, or a left, log of `count` records as files. */
async function written(count: number, rotateAt = 100_000, close = false): Promise<Map<string, Uint8Array>> {
  const { disk, open } = rig(1, {}, rotateAt)
  const log = await open()
  await fill(log, count)
  if (close) await log.close()
  disk.restart()
  return disk.snapshot()
}

const segmentsOf = (files: Map<string, Uint8Array>): string[] =>
  [...files.keys()].filter((path) => path.includes('segment')).sort()

describe('I-15: torn and damaged bytes', () => {
  test('I-15: a write torn at every byte of a log of 40 records: what was whole before it is there', async () => {
    const files = await written(40)
    const path = segmentsOf(files)[0]!
    const whole = files.get(path)!
    const ends = await recordEnds(files)
    for (let cut = 0; cut < whole.length; cut++) {
      const { open, disk } = rig(cut, {
        files: new Map(files).set(path, whole.slice(0, cut)),
        exclusive: cut % 2 === 0,
      })
      const log = await open()
      const kept = ends.filter((end) => end <= cut).length
      same(await all(log), words(kept))
      const atEnd = cut === 0 || cut === SEGMENT_HEADER || ends.includes(cut)
      same(
        log.damage.map(({ kind }) => kind),
        atEnd ? [] : ['torn'],
      )
      if (!atEnd) {
        const { offset, bytes } = log.damage[0]!
        expect(offset + bytes).toBe(cut)
      }
      if (cut % 4 > 0) continue
      await fill(log, 1, 100)
      disk.restart()
      const again = await open()
      same(await all(again), [...words(kept), word(100)])
      same(again.damage, [])
    }
  })

  test.each([
    ['every byte of a log that a crash left', false, 1],
    ['every seventh byte of a log that was closed', true, 7],
  ])('I-15: a flipped bit at %s: at most that record is lost, and it is reported', async (_, close, step) => {
    const files = await written(40, 700, close)
    for (const [path, bytes] of files) {
      for (let at = 0; at < bytes.length; at += step) {
        const flipped = bytes.slice()
        flipped[at]! ^= 1 << (at % 8)
        const { open } = rig(at, { files: new Map(files).set(path, flipped), exclusive: true })
        const log = await open()
        const found = await all(log)
        const missing = words(40).filter((expected) => !found.includes(expected))
        same(missing.length <= 1, true)
        same(
          found,
          words(40).filter((expected) => !missing.includes(expected)),
        )
        if (path.includes('segment')) same(log.damage.length, 1)
        if (missing.length > 0 && (close || !path.endsWith(segmentsOf(files).at(-1)!))) {
          expect(log.damage[0]!.records).toBe(1)
        }
        // Life goes on: said for some of them, since each takes its time.
        if (at % 8 > 0) continue
        await fill(log, 1, 100)
        same(await all(log), [...found, word(100)])
      }
    }
  })

  test.each([
    ['zeroed', () => new Uint8Array(512)],
    ['overwritten by an older sector of the same log', (whole: Uint8Array) => whole.slice(0, 512)],
    ['overwritten by noise', (_: Uint8Array, i: number) => Uint8Array.from({ length: 512 }, () => seeded(i)() * 256)],
  ])('I-15: every sector %s: only records that touch it are lost, and that is reported', async (_, content) => {
    const files = await written(80, 2000, true)
    const ends = await recordEnds(files)
    for (const path of segmentsOf(files)) {
      const whole = files.get(path)!
      for (let at = 0; at < whole.length; at += 512) {
        const bytes = whole.slice()
        bytes.set(content(whole, at).subarray(0, whole.length - at), at)
        if (bytes.every((byte, i) => byte === whole[i])) continue
        const { open } = rig(at, { files: new Map(files).set(path, bytes) })
        const log = await open()
        const found = await all(log)
        same(
          found,
          words(80).filter((expected) => found.includes(expected)),
        )
        expect(80 - found.length).toBeLessThanOrEqual(512 / 20)
        expect(log.damage.length).toBeGreaterThan(0)
        expect(log.damage.reduce((sum, { records }) => sum + records, 0)).toBe(80 - found.length)
      }
    }
    expect(ends.length).toBeGreaterThan(0)
  })

  test('I-15: a missing file is reported, the rest is there', async () => {
    const files = await written(40, 500, true)
    const paths = segmentsOf(files)
    expect(paths.length).toBeGreaterThan(2)
    for (const path of paths) {
      const left = new Map(files)
      left.delete(path)
      const { open } = rig(1, { files: left })
      const log = await open()
      const found = await all(log)
      same(
        found,
        words(40).filter((expected) => found.includes(expected)),
      )
      expect(log.damage.reduce((sum, { records }) => sum + records, 0)).toBe(40 - found.length)
      await fill(log, 1, 100)
      same(await all(log), [...found, word(100)])
    }
    const { open } = rig(1, { files: new Map([...files].filter(([path]) => !path.endsWith('manifest'))) })
    const log = await open()
    same(await all(log), words(40))
  })

  test('a payload that imitates frames is never taken for one', async () => {
    const files = await written(3)
    const segment = files.get(segmentsOf(files)[0]!)!
    const { disk, open } = rig(2)
    const log = await open()
    await log.append(bytesOf('first'))
    await log.append(segment)
    await log.append(bytesOf('last'))
    const mine = disk.snapshot()
    const path = segmentsOf(mine)[0]!
    disk.overwrite(path, SEGMENT_HEADER + 20 + 5 + 10, new Uint8Array([255]))
    disk.restart()
    const again = await open()
    same(await all(again), ['first', 'last'])
    expect(again.damage[0]!.records).toBe(1)
  })
})

describe('I-15: crashes', () => {
  test.each([true, false])('I-15: every subset of unsynced sectors (other openers excluded: %s)', async (exclusive) => {
    const before = await written(5)
    for (let subset = 0, sectors = 1; subset < 1 << sectors; subset++) {
      const { disk, open } = rig(subset, { files: before, sector: 64, exclusive })
      const log = await open()
      sectors = 0
      disk.plan.keep = (sector) => {
        sectors = Math.max(sectors, sector + 1)
        return (subset & (1 << sector)) !== 0
      }
      // The write is done, its flush is not: the machine stops there. (Where others may write, a new file comes first.)
      disk.plan.crashAt = disk.steps + (exclusive ? 2 : 3)
      for (let i = 5; i < 14; i++) void log.append(bytesOf(word(i))).catch(() => {})
      await log.flush().catch(() => {})
      same([disk.crashed, sectors > 5 && sectors < 10], [true, true])
      disk.restart()
      const found = await all(await open())
      same(found.slice(0, 5), words(5))
      same(
        found,
        words(14).filter((expected) => found.includes(expected)),
      )
      if (subset === (1 << sectors) - 1) same(found, words(14))
    }
  })

  test('I-15: a crash at every step of writing, rotation, manifest swap and keyframe, three times over', async () => {
    let runs = 0
    for (let seed = 0; seed < 3; seed++) {
      for (let crashAt = 1; ; crashAt++) {
        const { disk, open } = rig(
          seed * 1000 + crashAt,
          { plan: { crashAt }, exclusive: seed % 2 === 0, sector: 64 },
          600,
        )
        const history: History = { acknowledged: [], attempted: [], keyframe: undefined }
        await live(open, disk, history, 12)
        const crashed = disk.crashed
        disk.plan.crashAt = 0
        disk.restart()
        await check(await open(), history)
        // Life goes on, and the next crash finds nothing worse.
        await live(open, disk, history, 3)
        disk.restart()
        await check(await open(), history)
        runs++
        if (!crashed) break
      }
    }
    expect(runs).toBeGreaterThan(150)
  })

  test.each([0, 1, 2, 3])('I-15: random faults without end, seed %i', async (seed) => {
    const random = seeded(seed)
    const { disk, open } = rig(seed, { sector: 64, exclusive: seed % 2 === 0, plan: { shortWrites: true } }, 900)
    const history: History = { acknowledged: [], attempted: [], keyframe: undefined }
    for (let life = 0; life < 40; life++) {
      const soon = (count: number): number => count + 1 + Math.floor(random() * 80)
      disk.plan.crashAt = soon(disk.steps)
      disk.plan.fullAt = random() < 0.5 ? soon(disk.writes) : 0
      await live(open, disk, history, 8)
      disk.plan.crashAt = 0
      disk.restart()
      await check(await open(), history)
    }
    expect(history.acknowledged.length).toBeGreaterThan(50)
  })
})

describe('I-15: a disk that refuses', () => {
  test('I-15: a flush fails once, at every flush: nothing acknowledged is lost, the append succeeds elsewhere', async () => {
    for (let flushFailsAt = 1; ; flushFailsAt++) {
      const { disk, open } = rig(flushFailsAt, { plan: { flushFailsAt }, exclusive: flushFailsAt % 2 === 0 }, 500)
      const openOrRetry = (): Promise<Log> =>
        open().catch((error: { code: IbexErrorCode }) => {
          expect(error.code).toBe('storage')
          return open()
        })
      const log = await openOrRetry()
      const acknowledged: string[] = []
      for (let i = 0; i < 30; i++) {
        await log.append(bytesOf(word(i)))
        acknowledged.push(word(i))
      }
      expect(await all(log)).toEqual(acknowledged)
      const failed = disk.flushes >= flushFailsAt
      disk.restart()
      const again = await openOrRetry()
      expect(await all(again)).toEqual(acknowledged)
      expect(again.damage).toEqual([])
      if (!failed) break
    }
  })

  test('I-15: every flush fails: appends are refused, not acknowledged, and go on when the disk recovers', async () => {
    const { disk, open } = rig(1)
    const log = await open()
    await fill(log, 3)
    const flushes: { at: number } = { at: 0 }
    Object.defineProperty(disk.plan, 'flushFailsAt', { get: () => (flushes.at ? disk.flushes : 0) })
    flushes.at = 1
    for (let i = 3; i < 6; i++) await expect(log.append(bytesOf('refused'))).rejects.toMatchObject({ code: 'storage' })
    flushes.at = 0
    await fill(log, 3, 3)
    disk.restart()
    const again = await open()
    expect(await all(again)).toEqual(words(6))
    expect(again.damage).toEqual([])
  })

  test('I-15: the disk is full at every write: refused as storage-full, nothing damaged, writing resumes', async () => {
    for (let fullAt = 1; ; fullAt++) {
      const { disk, open } = rig(fullAt, { plan: { fullAt }, exclusive: fullAt % 2 === 0, sector: 64 }, 500)
      const codes: unknown[] = []
      const log = await open().catch((error: { code: unknown }) => {
        codes.push(error.code)
        return open()
      })
      const acknowledged: string[] = []
      for (let i = 0; i < 30; i++) {
        await log.append(bytesOf(word(i))).then(
          () => acknowledged.push(word(i)),
          (error: { code: unknown }) => codes.push(error.code),
        )
      }
      expect(acknowledged.length).toBeGreaterThanOrEqual(29)
      expect(codes.filter((code) => code !== 'storage-full')).toEqual([])
      expect(await all(log)).toEqual(acknowledged)
      expect(log.damage).toEqual([])
      const reached = disk.writes >= fullAt
      disk.restart()
      const again = await open()
      expect(await all(again)).toEqual(acknowledged)
      // At most what the refused write left, if nothing was written after it.
      expect(again.damage.filter(({ kind }) => kind !== 'torn')).toEqual([])
      if (!reached) break
    }
  })

  test('I-15: a log opens on a full disk, can be read, says storage-full, and resumes', async () => {
    for (const exclusive of [true, false]) {
      const { disk, open } = rig(1, { files: await written(10), exclusive })
      disk.plan.full = true
      const log = await open()
      expect(await all(log)).toEqual(words(10))
      for (let i = 0; i < 3; i++) {
        await expect(log.append(bytesOf('refused'))).rejects.toMatchObject({ code: 'storage-full' })
      }
      await expect(log.writeKeyframe('k', bytesOf('state'), 1)).rejects.toMatchObject({ code: 'storage-full' })
      disk.plan.full = false
      await fill(log, 5, 10)
      expect(await all(log)).toEqual(words(15))
      disk.restart()
      const again = await open()
      expect(await all(again)).toEqual(words(15))
      expect(again.damage).toEqual([])
    }
  })

  test('short writes are completed', async () => {
    const { disk, open } = rig(5, { plan: { shortWrites: true } }, 700)
    const log = await open()
    const positions = await fill(log, 40)
    await log.writeKeyframe('k', new Uint8Array(5000).fill(7), positions[20]!)
    disk.restart()
    const again = await open()
    expect(await all(again)).toEqual(words(40))
    expect((await again.newestKeyframe())!.bytes).toEqual(new Uint8Array(5000).fill(7))
  })

  test('files that vanish under a running log: appends are refused, and a log opened anew starts empty', async () => {
    const { disk, open } = rig(6)
    const log = await open()
    await fill(log, 5)
    disk.erase()
    await expect(log.append(bytesOf('lost'))).rejects.toMatchObject({ code: 'storage-cleared' })
    await expect(log.append(bytesOf('lost'))).rejects.toMatchObject({ code: 'storage-cleared' })
    const again = await open()
    expect(await all(again)).toEqual([])
    await fill(again, 2)
    await expect(log.append(bytesOf('lost'))).rejects.toMatchObject({ code: 'storage-cleared' })
    expect(await all(again)).toEqual(words(2))
  })
})

describe('keyframes', () => {
  test('I-15: a flipped bit at every byte of a keyframe: the older one is used, then none', async () => {
    const { disk, open } = rig(1)
    const log = await open()
    const [a, b] = await fill(log, 3)
    await log.writeKeyframe('old', bytesOf('state at a'), a!)
    await log.writeKeyframe('new', bytesOf('state at b'), b!)
    disk.restart()
    const files = disk.snapshot()
    const path = [...files.keys()].find((path) => path.endsWith('-new'))!
    for (let at = 0; at < files.get(path)!.length; at++) {
      const bytes = files.get(path)!.slice()
      bytes[at]! ^= 1 << (at % 8)
      const again = rig(at, { files: new Map(files).set(path, bytes) })
      const log = await again.open()
      expect((await log.newestKeyframe())!.name).toBe('old')
      expect(log.damage).toMatchObject([{ kind: 'keyframe' }])
    }
    const torn = rig(1, {
      files: new Map(
        [...files]
          .filter(([path]) => !path.endsWith('-old'))
          .map(([name, bytes]) => [name, name === path ? bytes.slice(0, 20) : bytes]),
      ),
    })
    expect(await (await torn.open()).newestKeyframe()).toBeUndefined()
  })

  test('I-15: records appended after the log lost its end are not taken for covered by a keyframe', async () => {
    const { disk, open } = rig(1)
    const log = await open()
    const positions = await fill(log, 10)
    await log.writeKeyframe('k', bytesOf('state of all ten'), positions[9]!)
    disk.restart()
    const files = disk.snapshot()
    const path = segmentsOf(files)[0]!
    for (const cut of [0, SEGMENT_HEADER, files.get(path)!.length - 100]) {
      for (const exclusive of [true, false]) {
        const later = rig(cut, { files: new Map(files).set(path, files.get(path)!.slice(0, cut)), exclusive })
        let log = await later.open()
        await fill(log, 2, 50)
        later.disk.restart()
        log = await later.open()
        const after: string[] = []
        await log.replay((payload) => after.push(textOf(payload)), (await log.newestKeyframe())!.covers)
        expect(after).toEqual(words(2, 50))
      }
    }
  })
})

/** What is known of a log that lives through faults. */
interface History {
  acknowledged: string[]
  attempted: string[]
  keyframe: { name: string; covers: Position } | undefined
}

/** Opens, appends in batches, writes keyframes, closes at times, until the machine stops or `rounds` are over. */
async function live(open: () => Promise<Log>, disk: FaultyDisk, history: History, rounds: number): Promise<void> {
  const orFault = <T>(made: Promise<T>): Promise<T | undefined> =>
    made.catch((error: { code?: string; cause?: unknown }) => {
      expect(error.cause instanceof DiskCrash || error.code === 'storage-full' || error.code === 'storage').toBe(true)
      return undefined
    })
  let log = await orFault(open())
  for (let round = 0; round < rounds && !disk.crashed; round++) {
    if (!log || round % 7 === 6) {
      await log?.close()
      log = await orFault(open())
      if (!log) continue
    }
    const batch = Array.from({ length: 1 + (round % 3) }, () => {
      const name = word(history.attempted.length)
      history.attempted.push(name)
      return log!.append(bytesOf(name)).then((position) => {
        history.acknowledged.push(name)
        return position
      })
    })
    const last = (await Promise.all(batch.map(orFault))).at(-1)
    if (round % 4 === 3 && last !== undefined) {
      const name = `at ${history.acknowledged.length}`
      if (await orFault(log.writeKeyframe(name, bytesOf(name), last).then(() => true))) {
        history.keyframe = { name, covers: last }
      }
    }
  }
}

async function check(log: Log, { acknowledged, attempted, keyframe }: History): Promise<void> {
  const found = await all(log)
  expect(new Set(found).size).toBe(found.length)
  expect(attempted.filter((name) => found.includes(name))).toEqual(found)
  expect(acknowledged.filter((name) => !found.includes(name))).toEqual([])
  const newest = await log.newestKeyframe()
  if (keyframe) expect(newest!.covers).toBeGreaterThanOrEqual(keyframe.covers)
  if (newest) expect(textOf(newest.bytes)).toBe(newest.name)
  await log.close()
}

/** Where each record of the first segment ends, in the file. */
async function recordEnds(files: Map<string, Uint8Array>): Promise<number[]> {
  const { open } = rig(1, { files })
  const log = await open()
  const ends: number[] = []
  await log.replay((payload, position) => {
    if (position < 2 ** 33) ends.push((position % 2 ** 32) + 20 + payload.length)
  })
  return ends
}
