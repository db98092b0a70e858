/**
 * Frames: marker (4) | length (4) | sequence (4) | CRC-32C of these (4) | CRC-32C of the payload (4) | payload.
 *
 * The marker differs from file to file, so neither a stale sector of another file nor a payload that imitates a frame is
 * taken for one. The sequence counts the frames of its file from 0, so a frame in the wrong place shows, and so does how
 * many are lost.
 */
import { crc32c } from '../value/crc32c.js'

export const FRAME_HEADER = 20

/** Bytes of frames with the sequence numbers from `sequence` on, after `reserve` bytes left for the caller. */
export function encodeFrames(
  marker: number,
  sequence: number,
  payloads: readonly Uint8Array[],
  reserve: number,
): { bytes: Uint8Array; starts: number[] } {
  let length = reserve
  for (const payload of payloads) length += FRAME_HEADER + payload.length
  const bytes = new Uint8Array(length)
  const view = new DataView(bytes.buffer)
  const starts: number[] = []
  let at = reserve
  for (const payload of payloads) {
    starts.push(at)
    view.setUint32(at, marker)
    view.setUint32(at + 4, payload.length)
    view.setUint32(at + 8, sequence++)
    view.setUint32(at + 12, crc32c(bytes, at, at + 12))
    view.setUint32(at + 16, crc32c(payload))
    bytes.set(payload, at + FRAME_HEADER)
    at += FRAME_HEADER + payload.length
  }
  return { bytes, starts }
}

export interface Scan {
  /** Start and length of each payload that verifies: two numbers a frame. */
  readonly frames: number[]
  readonly gaps: { readonly offset: number; readonly bytes: number; readonly records: number }[]
  /** Where the last valid frame ends; what follows is torn. */
  readonly end: number
  /** Sequence number that the next frame would have. */
  readonly next: number
}

/**
 * Walks the frames in `bytes` from `start` on, the first of which has the sequence number `first` (-1: whatever it says).
 * At an invalid one it looks ahead for a valid frame with a higher number: found, and what lies between is a gap.
 */
export function scanFrames(bytes: Uint8Array, marker: number, start: number, first: number): Scan {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const frames: number[] = []
  const gaps: { offset: number; bytes: number; records: number }[] = []
  let at = start
  let next = first
  while (at < bytes.length) {
    if (frameLength(bytes, view, marker, at) < 0 || (view.getUint32(at + 8) !== next && next >= 0)) {
      let ahead = at
      do ahead = bytes.indexOf(marker >>> 24, ahead)
      while (
        ahead >= 0 &&
        !(frameLength(bytes, view, marker, ahead) >= 0 && view.getUint32(ahead + 8) > next) &&
        ++ahead
      )
      if (ahead < 0) break
      const sequence = view.getUint32(ahead + 8)
      gaps.push({ offset: at, bytes: ahead - at, records: sequence - Math.max(next, 0) })
      at = ahead
    }
    const length = view.getUint32(at + 4)
    next = view.getUint32(at + 8) + 1
    frames.push(at + FRAME_HEADER, length)
    at += FRAME_HEADER + length
  }
  return { frames, gaps, end: at, next: Math.max(next, 0) }
}

/** Length of the payload of the valid frame at `at`, -1 if there is none. */
export function frameLength(bytes: Uint8Array, view: DataView, marker: number, at: number): number {
  const payload = at + FRAME_HEADER
  if (payload > bytes.length || view.getUint32(at) !== marker) return -1
  const length = view.getUint32(at + 4)
  return payload + length <= bytes.length &&
    view.getUint32(at + 12) === crc32c(bytes, at, at + 12) &&
    view.getUint32(at + 16) === crc32c(bytes, payload, payload + length)
    ? length
    : -1
}
