'use client'
/** What a selector took out of a snapshot, and whether it is still the same. */

/** The selector where the app gives none. */
export function whole<T>(value: T): T {
  return value
}

/** `Object.is`, then, for two arrays or two plain objects, of each of their elements. */
export function shallowEqual(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true
  if (!isShallow(a) || !isShallow(b) || Array.isArray(a) !== Array.isArray(b)) return false
  const keys = Object.keys(a)
  return (
    keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && Object.is(a[key], b[key]))
  )
}

function isShallow(value: unknown): value is { readonly [key: string]: unknown } {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === Array.prototype || prototype === null
}
