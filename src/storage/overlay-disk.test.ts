import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createFaultyDisk, type FaultyDisk } from '../testing/faulty-disk.js'
import { writeAll, type Disk } from './disk.js'
import { createDiskStorage, type DiskStorage } from './disk-storage.js'
import { createMemoryValues } from './memory.js'
import { overlayDisk, overlayTree, overlayValues, type ReadableTree } from './overlay-disk.js'

const NAMES = ['a', 'b', 'c'] as const

const step = fc.oneof(
  fc.record({ do: fc.constant('write' as const), name: fc.constantFrom(...NAMES), at: fc.nat(900), size: fc.nat(700) }),
  fc.record({ do: fc.constant('cut' as const), name: fc.constantFrom(...NAMES), at: fc.nat(900) }),
  fc.record({ do: fc.constant('create' as const), name: fc.constantFrom(...NAMES) }),
  fc.record({ do: fc.constant('remove' as const), name: fc.constantFrom(...NAMES) }),
)

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

/** Answers whether it could be done. */
async function carryOut(disk: Disk, what: Step, fill: number): Promise<boolean> {
  const there = (await disk.list()).includes(what.name)
  if (what.do === 'create') {
    return disk.create(what.name).then(
      () => true,
      () => false,
    )
  }
  if (!there) return false
  if (what.do === 'remove') {
    await disk.remove(what.name)
    return true
  }
  const file = await disk.open(what.name)
  const size = await file.size()
  if (what.do === 'cut') await file.truncate(Math.min(what.at, size))
  // Disks need not have holes.
  else await writeAll(file, Math.min(what.at, size), new Uint8Array(what.size + 1).fill(fill))
  await file.close()
  return true
}

async function contents(disk: Disk): Promise<Record<string, string>> {
  const found: Record<string, string> = {}
  for (const name of (await disk.list()).sort()) {
    const file = await disk.open(name)
    const size = await file.size()
    // In two parts, the second beyond the end.
    const first = await file.read(0, Math.floor(size / 2))
    const second = await file.read(Math.floor(size / 2), size + 10)
    found[name] = Buffer.concat([first, second]).toString('hex')
    await file.close()
  }
  return found
}

const disks = (): FaultyDisk => createFaultyDisk({ random: () => 0.5 })

test('an overlay is to its user what a disk is, and the disk below stays as it was', async () => {
  const written = (names: readonly string[]): Step[] =>
    names.flatMap((name) => [
      { do: 'create', name: name as 'a' },
      { do: 'write', name: name as 'a', at: 0, size: 500 },
    ])
  await fc.assert(
    fc.asyncProperty(fc.subarray([...NAMES]), fc.array(step, { maxLength: 30 }), async (names, steps) => {
      const [below, model] = [await disks().folder('log'), await disks().folder('log')]
      for (const [i, what] of written(names).entries()) {
        await carryOut(below, what, i)
        await carryOut(model, what, i)
      }
      const before = await contents(below)
      const overlay = overlayDisk(below)
      for (const [i, what] of steps.entries()) {
        expect(await carryOut(overlay, what, 100 + i)).toBe(await carryOut(model, what, 100 + i))
        expect(await contents(overlay)).toEqual(await contents(model))
      }
      expect(await contents(below)).toEqual(before)
    }),
  )
})

test('a log is read, and written to in memory, while its owner goes on as if nobody were there', async () => {
  const disk = disks()
  const open = (tree: Parameters<typeof createDiskStorage>[0]['tree']): DiskStorage =>
    createDiskStorage({
      mode: 'file',
      tree,
      values: createMemoryValues(),
      marker: () => new Uint8Array(8),
      rotateAt: 200,
    })
  const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
  const textsOf = async (log: Awaited<ReturnType<DiskStorage['openLog']>>): Promise<string[]> => {
    const found: string[] = []
    await log.replay((payload) => void found.push(new TextDecoder().decode(payload)))
    return found
  }
  const owner = await open(disk).openLog('/data/main')
  const words = Array.from({ length: 40 }, (_, i) => `record ${i}`)
  for (const word of words) await owner.append(bytes(word))
  const folders = await disk.folders()
  const below = new Map(await Promise.all(folders.map(async (name) => [name, await disk.folder(name)] as const)))
  const readable: ReadableTree = { folders: () => disk.folders(), folder: (name) => below.get(name)! }

  const before = disk.snapshot()
  const reader = open(overlayTree(readable))
  expect(await reader.list()).toEqual(['/data/main'])
  const log = await reader.openLog('/data/main')
  expect(await textsOf(log)).toEqual(words)
  await log.append(bytes('mine'))
  await owner.append(bytes('the owner’s'))
  expect(await textsOf(log)).toEqual([...words, 'mine'])
  await log.writeKeyframe('k', bytes('keyframe'), log.end())
  expect((await log.newestKeyframe())?.bytes).toEqual(bytes('keyframe'))
  await reader.close()
  for (const [path, content] of before) {
    // What the owner appended since came after what was there.
    expect(disk.snapshot().get(path)!.subarray(0, content.length)).toEqual(content)
  }
  expect([...disk.snapshot().keys()].sort()).toEqual([...before.keys()].sort())
  expect(await textsOf(owner)).toEqual([...words, 'the owner’s'])
  expect(await owner.newestKeyframe()).toBe(undefined)
  // Only now is somebody else the owner.
  await open(disk).openLog('/data/main')
  await expect(owner.append(bytes('late'))).rejects.toMatchObject({ code: 'storage-fenced' })
})

test('values that are put are seen, and nowhere else', async () => {
  const below = createMemoryValues()
  await below.put('a', 1)
  const values = overlayValues(below)
  expect(await values.get('a')).toBe(1)
  await values.put('a', 2)
  await values.put('b', 3)
  expect([await values.get('a'), await values.get('b')]).toEqual([2, 3])
  await values.delete('a')
  expect(await values.get('a')).toBe(undefined)
  expect([await below.get('a'), await below.get('b')]).toEqual([1, undefined])
})
