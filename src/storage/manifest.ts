/**
 * The manifest: who owns the log. Two slots, a page apart, written by turns, so a torn write spoils at most one; raising
 * the generation writes both, so a damaged slot cannot bring an old owner back.
 *
 * Slot: "ibexman" version (8) | marker (8) | serial (4) | generation (4) | last segment (4) | its size (4) | its frames (4)
 * | closed in order (4) | CRC-32C (4).
 */
import { crc32c } from '../value/crc32c.js'
import { writeAll, type DiskFile } from './disk.js'
import { newerVersion } from './failure.js'

export const MANIFEST = 'manifest'
const SLOT = 44
const APART = 4096

export interface Manifest {
  /** 8 random bytes, drawn once a log. */
  readonly marker: Uint8Array
  /** Counts the writes of this file. */
  readonly serial: number
  /** Counts the owners of the log. */
  readonly generation: number
  readonly segment: number
  readonly size: number
  readonly frames: number
  /** The owner closed the log; nobody writes to `segment` any more. */
  readonly clean: boolean
}

/** The newest slot that verifies. */
export async function readManifest(file: DiskFile): Promise<Manifest | undefined> {
  const bytes = await file.read(0, APART + SLOT)
  let newest: Manifest | undefined
  for (let at = 0; at + SLOT <= bytes.length; at += APART) {
    const view = new DataView(bytes.buffer, bytes.byteOffset + at, SLOT)
    if (!hasMagic(bytes, at, 'ibexman') || view.getUint32(40) !== crc32c(bytes, at, at + 40)) continue
    if (bytes[at + 7] !== 1) throw newerVersion('log', bytes[at + 7]!)
    if (newest && newest.serial > view.getUint32(16)) continue
    newest = {
      marker: bytes.slice(at + 8, at + 16),
      serial: view.getUint32(16),
      generation: view.getUint32(20),
      segment: view.getUint32(24),
      size: view.getUint32(28),
      frames: view.getUint32(32),
      clean: view.getUint32(36) === 1,
    }
  }
  return newest
}

/** Writes the slot whose turn it is, durably. */
export async function writeManifest(file: DiskFile, manifest: Manifest): Promise<void> {
  const bytes = new Uint8Array(SLOT)
  const view = new DataView(bytes.buffer)
  putMagic(bytes, 'ibexman')
  bytes.set(manifest.marker, 8)
  const { serial, generation, segment, size, frames, clean } = manifest
  ;[serial, generation, segment, size, frames, clean ? 1 : 0].forEach((n, i) => view.setUint32(16 + i * 4, n))
  view.setUint32(40, crc32c(bytes, 0, 40))
  await writeAll(file, (serial % 2) * APART, bytes)
  await file.flush()
}

/** Writes seven letters and the format version, 1. */
export function putMagic(bytes: Uint8Array, letters: string): void {
  for (let i = 0; i < 7; i++) bytes[i] = letters.charCodeAt(i)
  bytes[7] = 1
}

export function hasMagic(bytes: Uint8Array, at: number, letters: string): boolean {
  for (let i = 0; i < 7; i++) if (bytes[at + i] !== letters.charCodeAt(i)) return false
  return true
}
