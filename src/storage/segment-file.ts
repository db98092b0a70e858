/**
 * Segments: files of frames, each opened by a header that says which segment it continues and where that one ends. So what
 * a crashed, failed or fenced writer left after that end counts for nothing, and needs not be cut off; and a file that is
 * missing or too short shows.
 *
 * Header: "ibexlog" version (8) | marker of the log (8) | number (4) | generation of the owner (4) | previous: number (4),
 * generation (4), size (4), frames (4) | frames before this segment (4) | CRC-32C (4).
 */
import { crc32c } from '../value/crc32c.js'
import type { DiskFile } from './disk.js'
import { newerVersion } from './failure.js'
import { FRAME_HEADER, scanFrames, type Scan } from './frame.js'
import { hasMagic, putMagic } from './manifest.js'
import type { Position } from './port.js'

export const SEGMENT_HEADER = 48

/** Names a segment. Generations are taken by one owner only, so two owners never write one file. */
export interface SegmentName {
  readonly number: number
  readonly generation: number
}

/** A segment as far as it counts. */
export interface Segment extends SegmentName {
  /** Where its last record ends. */
  size: number
  frames: number
  /** Frames in the segments before it. */
  readonly before: number
}

export interface SegmentHeader {
  readonly marker: Uint8Array
  /** The segment that this one continues; number 0: none. */
  readonly previous: SegmentName & { readonly size: number; readonly frames: number }
  readonly before: number
}

export function segmentFileName({ number, generation }: SegmentName): string {
  return `segment-${String(number).padStart(6, '0')}-${generation}.log`
}

export function parseSegmentFileName(name: string): SegmentName | undefined {
  const match = /^segment-(\d{6,})-(\d+)\.log$/.exec(name)
  return match ? { number: Number(match[1]), generation: Number(match[2]) } : undefined
}

/** Order of segments: a later owner's are later, whatever an owner that lost the log still wrote. */
export function compareSegments(a: SegmentName, b: SegmentName): number {
  return a.generation - b.generation || a.number - b.number
}

/** The marker of a segment's frames. */
export function segmentMarker(marker: Uint8Array, { number, generation }: SegmentName): number {
  const bytes = new Uint8Array(16)
  bytes.set(marker)
  new DataView(bytes.buffer).setUint32(8, number)
  new DataView(bytes.buffer).setUint32(12, generation)
  return crc32c(bytes)
}

export function writeSegmentHeader(bytes: Uint8Array, name: SegmentName, header: SegmentHeader): void {
  const view = new DataView(bytes.buffer)
  putMagic(bytes, 'ibexlog')
  bytes.set(header.marker, 8)
  const { previous, before } = header
  const { number, generation } = name
  ;[number, generation, previous.number, previous.generation, previous.size, previous.frames, before].forEach((n, i) =>
    view.setUint32(16 + i * 4, n),
  )
  view.setUint32(44, crc32c(bytes, 0, 44))
}

/** The header, if it verifies and belongs to the file of that name. */
export async function readSegmentHeader(file: DiskFile, name: SegmentName): Promise<SegmentHeader | undefined> {
  const bytes = await file.read(0, SEGMENT_HEADER)
  if (bytes.length < SEGMENT_HEADER) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset, SEGMENT_HEADER)
  if (!hasMagic(bytes, 0, 'ibexlog') || view.getUint32(44) !== crc32c(bytes, 0, 44)) return undefined
  if (bytes[7] !== 1) throw newerVersion('log', bytes[7]!)
  if (view.getUint32(16) !== name.number || view.getUint32(20) !== name.generation) return undefined
  return {
    marker: bytes.slice(8, 16),
    previous: {
      number: view.getUint32(24),
      generation: view.getUint32(28),
      size: view.getUint32(32),
      frames: view.getUint32(36),
    },
    before: view.getUint32(40),
  }
}

/** Frames of a segment, and the bytes that they lie in; `origin` + start of a payload = its position. */
export interface SegmentScan extends Scan {
  readonly bytes: Uint8Array
  readonly origin: Position
  /** Offset in the file of the first of `bytes`. */
  readonly base: number
}

/**
 * Reads a segment up to `end` and walks its frames: all, or those from the frame that starts at the offset `from`, if a valid
 * one does.
 */
export async function scanSegment(
  file: DiskFile,
  name: SegmentName,
  marker: Uint8Array,
  end: number,
  from: number = SEGMENT_HEADER,
): Promise<SegmentScan> {
  const frameMarker = segmentMarker(marker, name)
  const base = from
  const bytes = await file.read(base, end - base)
  const scan = scanFrames(bytes, frameMarker, 0, from === SEGMENT_HEADER ? 0 : -1)
  if (from !== SEGMENT_HEADER && scan.frames[0] !== FRAME_HEADER) return scanSegment(file, name, marker, end)
  return { ...scan, bytes, base, origin: positionOf(name.number, base) - FRAME_HEADER }
}

const SEGMENT_STEP = 2 ** 32

export function positionOf(segment: number, offset: number): Position {
  return segment * SEGMENT_STEP + offset
}

export function segmentOf(position: Position): number {
  return Math.floor(position / SEGMENT_STEP)
}

export function offsetOf(position: Position): number {
  return position % SEGMENT_STEP
}
