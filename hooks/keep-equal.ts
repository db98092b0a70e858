'use client'
/** Keeps the identity of plain data that is worked out anew and says the same. */

/** `read`, which answers the object before as long as the new one is equal to it. What functions do is not compared. */
export function keeping<T>(read: () => T): () => T {
  let last: T | undefined
  return () => {
    const now = read()
    if (last === undefined || !isEqual(last, now)) last = now
    return last
  }
}

function isEqual(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true
  if (typeof a === 'function') return typeof b === 'function'
  if (typeof a !== 'object' || typeof b !== 'object' || !a || !b) return false
  if (a instanceof Date || b instanceof Date) return JSON.stringify(a) === JSON.stringify(b)
  const [one, other] = [a, b] as [Record<string, unknown>, Record<string, unknown>]
  const names = Object.keys(one)
  return (
    names.length === Object.keys(other).length &&
    names.every((name) => Object.hasOwn(other, name) && isEqual(one[name], other[name]))
  )
}
