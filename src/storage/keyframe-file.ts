/**
 * Keyframe files, named by what they cover, so that the newest is found by name alone; a torn one fails its checksum and the
 * next older one is used.
 *
 * File: "ibexkey" version (8) | covers (8) | length (4) | CRC-32C of the bytes (4) | CRC-32C of these (4) | bytes.
 */
import { crc32c } from '../value/crc32c.js'
import { attempt, writeAll, type Disk, type DiskFile } from './disk.js'
import { newerVersion } from './failure.js'
import { decodeFileName, encodeFileName } from './file-name.js'
import { hasMagic, putMagic } from './manifest.js'
import type { Damage, Keyframe, Position } from './port.js'

const HEADER = 28
const KEPT = 2

interface KeyframeFile {
  readonly file: string
  readonly name: string
  readonly covers: Position
}

/** Keyframes among the files of a log, the newest first; whether they verify is not known yet. */
export function keyframeFiles(files: readonly string[]): KeyframeFile[] {
  return files
    .flatMap((file) => {
      const match = /^keyframe-([0-9a-f]{14})-(.*)$/.exec(file)
      const name = match && decodeFileName(match[2]!)
      return name == null ? [] : [{ file, name, covers: Number.parseInt(match![1]!, 16) }]
    })
    .sort((a, b) => b.covers - a.covers)
}

export async function writeKeyframeFile(disk: Disk, { name, bytes, covers }: Keyframe): Promise<void> {
  const file = `keyframe-${covers.toString(16).padStart(14, '0')}-${encodeFileName(name)}`
  const header = new Uint8Array(HEADER)
  const view = new DataView(header.buffer)
  putMagic(header, 'ibexkey')
  view.setFloat64(8, covers)
  view.setUint32(16, bytes.length)
  view.setUint32(20, crc32c(bytes))
  view.setUint32(24, crc32c(header, 0, 24))
  const before = await disk.list()
  if (before.includes(file)) await disk.remove(file)
  const out = await disk.create(file)
  try {
    await writeAll(out, HEADER, bytes)
    await writeAll(out, 0, header)
    await out.flush()
  } catch (error) {
    await attempt(() => out.close())
    await attempt(() => disk.remove(file))
    throw error
  }
  await attempt(() => out.close())
  for (const old of keyframeFiles([file, ...before.filter((other) => other !== file)]).slice(KEPT)) {
    await attempt(() => disk.remove(old.file))
  }
}

/** The newest keyframe that verifies; the others are reported. */
export async function readNewestKeyframe(disk: Disk, report: (damage: Damage) => void): Promise<Keyframe | undefined> {
  for (const { file, name, covers } of keyframeFiles(await disk.list())) {
    const open = await disk.open(file)
    try {
      const bytes = await readKeyframe(open, covers)
      if (bytes) return { name, bytes, covers }
      report({ kind: 'keyframe', segment: 0, offset: covers, bytes: await open.size(), records: 0 })
    } finally {
      await attempt(() => open.close())
    }
  }
  return undefined
}

async function readKeyframe(file: DiskFile, covers: Position): Promise<Uint8Array | undefined> {
  const whole = await file.read(0, await file.size())
  if (whole.length < HEADER || !hasMagic(whole, 0, 'ibexkey')) return undefined
  const view = new DataView(whole.buffer, whole.byteOffset, whole.length)
  if (view.getUint32(24) !== crc32c(whole, 0, 24)) return undefined
  if (whole[7] !== 1) throw newerVersion('keyframe', whole[7]!)
  const bytes = whole.subarray(HEADER)
  const intact =
    view.getFloat64(8) === covers && view.getUint32(16) === bytes.length && view.getUint32(20) === crc32c(bytes)
  return intact ? bytes : undefined
}
