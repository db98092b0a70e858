/** Names for new items: unique without asking anybody, safe in URLs, in the order of their making. */
import type { ItemId } from '../ids.js'
import type { Clock, Random } from '../ports.js'

/** Crockford's base 32: no letters that look like digits, ascending in every collation. */
const DIGITS = '0123456789abcdefghjkmnpqrstvwxyz'

/**
 * A maker of ids of 23 characters, in the manner of ULID: 10 of time (milliseconds), 2 that count within a millisecond,
 * 11 of chance (55 bits).
 */
export function createItemIds(clock: Clock, random: Random): () => ItemId {
  let last = 0
  let count = 0
  let pool: Uint8Array = new Uint8Array(0)
  let used = 0
  const codes: number[] = new Array<number>(23).fill(0)
  return () => {
    // Never backwards, so that a clock that was set back does not put new items before old ones.
    const now = Math.max(last, clock.now())
    count = now === last ? count + 1 : 0
    if (count === 1024) {
      last = now + 1
      count = 0
    } else last = now
    if (used + 11 > pool.length) {
      pool = random.bytes(11 * 64)
      used = 0
    }
    write(last, 0, 10)
    write(count, 10, 2)
    for (let i = 12; i < codes.length; i++) codes[i] = DIGITS.charCodeAt(pool[used++]! & 31)
    // At once, because a string that grows by pieces keeps them.
    return String.fromCharCode(...codes) as ItemId
  }

  function write(value: number, from: number, length: number): void {
    for (let i = from + length, left = value; i-- > from; left = Math.floor(left / 32)) {
      codes[i] = DIGITS.charCodeAt(left % 32)
    }
  }
}
