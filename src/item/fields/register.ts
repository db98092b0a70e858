/** Registers: the greatest stamp wins. Cells: the value, undefined where it was cleared; the origin that wrote it. */
import type { Value } from '../../value/value.js'
import type { Origin } from '../origin.js'
import { compareOrigins } from '../origin.js'

/** Writes a value, or clears it with undefined. Whether that may have showed. */
export function putRegister(cells: unknown[], at: number, value: Value | undefined, origin: Origin): boolean {
  const winner = cells[at + 1] as Origin | undefined
  const wins = !winner || compareOrigins(origin, winner) >= 0
  if (wins) {
    cells[at] = value
    cells[at + 1] = origin
  }
  return wins
}
