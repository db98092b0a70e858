/**
 * The manifest: who owns the log. Two slots, a page apart, written by turns, so a torn write spoils at most one; raising
 * the generation writes both, so a damaged slot cannot bring an old owner back.
 *
 * Slot: a block with the letters "man" and the fields of {@link Manifest} in their order.
 */
import { blockSize, decodeBlock, encodeBlock } from './block.js'
import { writeAll, type DiskFile } from './disk.js'

export const MANIFEST = 'manifest'
const COUNT = 8
const APART = 4096

/** Eight unpredictable bytes, drawn once a log, as two numbers. */
export type Marker = readonly [number, number]

export interface Manifest {
  readonly marker: Marker
  /** Counts the writes of this file. */
  readonly serial: number
  /** Counts the owners of the log. */
  readonly generation: number
  /** The last segment when this was written, where it ended, and how many frames it had. */
  readonly number: number
  readonly size: number
  readonly frames: number
  /** The owner closed the log; nobody writes to that segment any more. */
  readonly clean: boolean
}

type Eight = [number, number, number, number, number, number, number, number]

/** The newest slot that verifies. */
export async function readManifest(file: DiskFile): Promise<Manifest | undefined> {
  const bytes = await file.read(0, APART + blockSize(COUNT))
  const [newest] = [0, APART]
    .flatMap((at) => {
      const found = decodeBlock(bytes, 'man', COUNT, at)
      return found ? [found] : []
    })
    .sort((a, b) => b[2]! - a[2]!)
  if (!newest) return undefined
  const [high, low, serial, generation, number, size, frames, clean] = newest as Eight
  return { marker: [high, low], serial, generation, number, size, frames, clean: clean === 1 }
}

/** Writes the slot whose turn it is, durably. */
export async function writeManifest(file: DiskFile, manifest: Manifest): Promise<void> {
  const { marker, serial, generation, number, size, frames, clean } = manifest
  const slot = encodeBlock('man', [...marker, serial, generation, number, size, frames, clean ? 1 : 0])
  await writeAll(file, (serial % 2) * APART, slot)
  await file.flush()
}
