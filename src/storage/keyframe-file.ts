/**
 * Keyframe files, named by what they cover, so that the newest is found by name alone; a torn one fails its checksum and the
 * next older one is used.
 *
 * File: a block with the letters "key": covers (2: segment, offset) | length of the bytes | their CRC-32C; then the bytes.
 */
import { crc32c } from '../value/crc32c.js'
import { blockSize, decodeBlock, encodeBlock } from './block.js'
import { attempt, writeAll, type Disk, type DiskFile } from './disk.js'
import { decodeFileName, encodeFileName } from './file-name.js'
import type { Damage, Keyframe, Position } from './port.js'
import { offsetOf, segmentOf } from './segment-file.js'

const COUNT = 4
const HEADER = blockSize(COUNT)
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
  const header = encodeBlock('key', describe(bytes, covers))
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
  const bytes = whole.subarray(HEADER)
  const found = decodeBlock(whole, 'key', COUNT)
  return found && describe(bytes, covers).every((number, i) => number === found[i]) ? bytes : undefined
}

function describe(bytes: Uint8Array, covers: Position): number[] {
  return [segmentOf(covers), offsetOf(covers), bytes.length, crc32c(bytes)]
}
