import type { Position } from './port.js'

/** Some records of one segment: `origin` + start of a payload in `bytes` is its position. */
export interface LogPart {
  readonly bytes: Uint8Array
  readonly origin: Position
  /** Start and length of each payload: two numbers a record. */
  readonly frames: readonly number[]
}

/** Calls `each` for the records of a part; the position of the last one. */
export function eachRecord(part: LogPart, each: (payload: Uint8Array, position: Position) => void): Position {
  let position = 0
  for (let i = 0; i < part.frames.length; i += 2) {
    const start = part.frames[i]!
    position = part.origin + start
    each(part.bytes.subarray(start, start + part.frames[i + 1]!), position)
  }
  return position
}

/** Records one after the other, and how long each is. */
export function joinRecords(payloads: readonly Uint8Array[]): { bytes: Uint8Array<ArrayBuffer>; lengths: number[] } {
  const lengths = payloads.map((payload) => payload.length)
  const bytes = new Uint8Array(lengths.reduce((sum, length) => sum + length, 0))
  let at = 0
  for (const payload of payloads) {
    bytes.set(payload, at)
    at += payload.length
  }
  return { bytes, lengths }
}
