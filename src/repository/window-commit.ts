/** What a window becomes in a commit: its transactions as actions, and its changes in the order in which commits have them. */
import type { Action } from '../graph/body.js'
import { type Chunk, encodeChunk } from '../item/change.js'
import type { Random } from '../ports.js'
import { compareStrings } from '../value/order.js'
import type { FlushWindow, WindowAction } from './window.js'

/** Each chunk begins with this many random bytes. */
const NOISE = 16

/** The parts of a window's commit. */
export interface WindowContent {
  readonly actions: readonly Action[]
  readonly chunks: readonly Uint8Array[]
}

export function encodeWindow(window: FlushWindow, random: Random): WindowContent {
  const { actions, renumber } = flatten(window.actions)
  const chunks = window.chunks().sort(byItem)
  const noise = random.bytes(chunks.length * NOISE)
  return {
    actions: timed(actions),
    chunks: chunks.map((chunk, i) => encodeChunk(renumber(chunk), noise.subarray(i * NOISE, (i + 1) * NOISE))),
  }
}

function byItem(a: Chunk, b: Chunk): number {
  return compareStrings(a.item, b.item) || compareStrings(a.schema, b.schema) || a.version - b.version
}

/** Actions with their distance from the first; a clock that was set back meanwhile makes none earlier than that before. */
export function timed(actions: readonly WindowAction[]): Action[] {
  const start = actions[0]!.at
  let offset = 0
  return actions.map(({ label, at }) => {
    offset = Math.max(offset, at - start)
    return label ? { label, offset } : { offset }
  })
}

/** Transactions inside others become parts of the outermost, as which they were meant. */
export function flatten(actions: readonly WindowAction[]): {
  actions: readonly WindowAction[]
  renumber: (chunk: Chunk) => Chunk
} {
  if (actions.every(({ within }) => within === undefined)) return { actions, renumber: (chunk) => chunk }
  const outermost: WindowAction[] = []
  const numbers: number[] = []
  for (const action of actions) {
    numbers.push(action.within === undefined ? outermost.push(action) - 1 : numbers[action.within]!)
  }
  return {
    actions: outermost,
    renumber: (chunk) => ({
      ...chunk,
      changes: chunk.changes.map((change) => ({ ...change, action: numbers[change.action]! })),
    }),
  }
}
