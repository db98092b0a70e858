import type { Position } from './port.js'

/** Some records of one segment: `origin` + start of a payload in `bytes` is its position. */
export interface LogPart {
  readonly bytes: Uint8Array
  readonly origin: Position
  /** Start and length of each payload: two numbers a record. */
  readonly frames: readonly number[]
}

/** Records at some of the positions that were asked for, from the first on; a length of −1 where none verifies. */
export type FoundRecords = Omit<LogPart, 'origin'>

/** So many positions are asked for at once. */
const ASKED = 4096

/** Calls `each` for the records of a part; the position of the last one. */
export async function eachRecord(
  part: LogPart,
  each: (payload: Uint8Array, position: Position) => unknown,
): Promise<Position> {
  let position = 0
  for (let i = 0; i < part.frames.length; i += 2) {
    const start = part.frames[i]!
    position = part.origin + start
    const done = each(part.bytes.subarray(start, start + part.frames[i + 1]!), position)
    if (done instanceof Promise) await done
  }
  return position
}

/** Calls `each` for the records at these positions, by a function that reads the first of them. */
export async function eachFound(
  positions: readonly Position[],
  read: (positions: readonly Position[]) => Promise<FoundRecords>,
  each: (payload: Uint8Array | undefined, position: Position) => unknown,
): Promise<void> {
  for (let from = 0; from < positions.length;) {
    const { bytes, frames } = await read(positions.slice(from, from + ASKED))
    for (let i = 0; i < frames.length; i += 2) {
      const start = frames[i]!
      const length = frames[i + 1]!
      const done = each(length < 0 ? undefined : bytes.subarray(start, start + length), positions[from++]!)
      if (done instanceof Promise) await done
    }
  }
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
