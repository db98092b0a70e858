/**
 * Segments: files of frames, each opened by a header that says which segment it continues and where that one ends. So what
 * a crashed, failed or fenced writer left after that end counts for nothing, and needs not be cut off; and a file that is
 * missing or too short shows.
 *
 * Header: a block with the letters "log": marker of the log (2) | number | generation of the owner | previous: number,
 * generation, size, frames | frames before this segment.
 */
import { crc32c } from '../value/crc32c.js'
import { blockSize, decodeBlock, encodeBlock } from './block.js'
import type { DiskFile } from './disk.js'
import { FRAME_HEADER, scanFrames, type Scan } from './frame.js'
import type { Marker } from './manifest.js'
import type { Position } from './port.js'

const COUNT = 9
export const SEGMENT_HEADER: number = blockSize(COUNT)

/** Names a segment. Generations are taken by one owner only, so two owners never write one file. */
export interface SegmentName {
  readonly number: number
  readonly generation: number
}

/** A segment as far as it counts. */
export interface Segment extends SegmentName {
  /** See {@link segmentMarker}. */
  readonly marker: number
  /** Where its last record ends. */
  size: number
  frames: number
  /** Frames in the segments before it. */
  readonly before: number
}

export interface SegmentHeader {
  readonly marker: Marker
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
export function segmentMarker(marker: Marker, { number, generation }: SegmentName): number {
  return crc32c(encodeBlock('seg', [...marker, number, generation]))
}

export function encodeSegmentHeader({ number, generation }: SegmentName, header: SegmentHeader): Uint8Array {
  const { marker, previous, before } = header
  const ends = [previous.number, previous.generation, previous.size, previous.frames]
  return encodeBlock('log', [...marker, number, generation, ...ends, before])
}

/** The header, if it verifies and belongs to the file of that name. */
export async function readSegmentHeader(file: DiskFile, name: SegmentName): Promise<SegmentHeader | undefined> {
  const found = decodeBlock(await file.read(0, SEGMENT_HEADER), 'log', COUNT)
  if (!found || found[2] !== name.number || found[3] !== name.generation) return undefined
  const [number, generation, size, frames, before] = found.slice(4) as [number, number, number, number, number]
  return { marker: [found[0]!, found[1]!], previous: { number, generation, size, frames }, before }
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
  segment: Pick<Segment, 'number' | 'marker'>,
  end: number,
  from: number = SEGMENT_HEADER,
): Promise<SegmentScan> {
  const base = from
  const bytes = await file.read(base, end - base)
  const scan = scanFrames(bytes, segment.marker, 0, from === SEGMENT_HEADER ? 0 : -1)
  if (from !== SEGMENT_HEADER && scan.frames[0] !== FRAME_HEADER) return scanSegment(file, segment, end)
  return { ...scan, bytes, base, origin: positionOf(segment.number, base) - FRAME_HEADER }
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
