/**
 * Logs that released versions wrote open for ever. `IBEX_WRITE_GOLDEN=1` writes the one of the present version anew: only
 * for a format that was never released.
 */
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openFileStorage } from '../../src/server/file-disk.js'
import { encodeBlock } from '../../src/storage/block.js'
import { crc32c } from '../../src/value/crc32c.js'
import { appendAll, bytesOf, texts, textOf } from './conformance.js'

const golden = (version: string): string => join(import.meta.dirname, '../golden', `log-${version}`)
const words = Array.from({ length: 12 }, (_, i) => `record ${i}, ${'•'.repeat(i)}`)

test.runIf(process.env['IBEX_WRITE_GOLDEN'])('write', async () => {
  await rm(golden('v1'), { recursive: true, force: true })
  const storage = await openFileStorage(golden('v1'), { rotateAt: 200 })
  const log = await storage.openLog('/data/Main', { marker: bytesOf('12345678') })
  const positions: number[] = []
  for (const word of words) positions.push(...(await appendAll(log, [word])))
  await log.writeKeyframe('at 3', bytesOf('state at 3'), positions[3]!)
  await log.writeKeyframe('at 7', bytesOf('state at 7'), positions[7]!)
  await storage.put('key', { bytes: new Uint8Array([1, 2, 3]), text: 'value' })
  await storage.close()
})

test.each(['v1'])('a log of format %s opens, is read, and is written on', async (version) => {
  const folder = await mkdtemp(join(tmpdir(), 'storage-golden-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  await cp(golden(version), folder, { recursive: true })
  for (const more of [[], ['new']]) {
    const storage = await openFileStorage(folder)
    expect(await storage.list()).toEqual(['/data/Main'])
    expect(await storage.get('key')).toEqual({ bytes: new Uint8Array([1, 2, 3]), text: 'value' })
    const log = await storage.openLog('/data/Main')
    expect(await texts(log)).toEqual([...words, ...more])
    const keyframe = (await log.newestKeyframe())!
    expect([keyframe.name, textOf(keyframe.bytes)]).toEqual(['at 7', 'state at 7'])
    expect(await texts(log, keyframe.covers)).toEqual([...words.slice(8), ...more])
    expect(log.damage).toEqual([])
    if (more.length === 0) await log.append(bytesOf('new'))
    await storage.close()
  }
})

test('a format of the future is refused, not taken for damage', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'storage-golden-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const storage = await openFileStorage(folder)
  await (await storage.openLog('log')).close()
  const slot = encodeBlock('man', [1, 2, 1000, 3, 0, 0, 0, 0])
  slot[7] = 2
  new DataView(slot.buffer).setUint32(slot.length - 4, crc32c(slot, 0, slot.length - 4))
  const manifest = await readFile(join(folder, 'loglog/manifest'))
  manifest.set(slot)
  await writeFile(join(folder, 'loglog/manifest'), manifest)
  await expect(storage.openLog('log')).rejects.toMatchObject({ code: 'newer-version' })
})
