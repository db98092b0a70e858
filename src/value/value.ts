/**
 * What a field can hold, how it comes in from the app, and its limits. A value is immutable: all that this folder makes
 * is deeply frozen (bytes excepted, which JavaScript cannot freeze).
 */
import { IbexError } from '../errors.js'
import { isWellFormed } from './utf8.js'

/** Plain data: finite numbers without −0, well-formed strings, no `undefined`, no cycles, at most {@link MAX_DEPTH} deep. */
export type Value = null | boolean | number | string | Uint8Array | readonly Value[] | { readonly [key: string]: Value }

/** How many arrays and objects may stand inside each other. */
export const MAX_DEPTH = 32

/**
 * A key that no object of a value may have: whoever copies such an object by assignment would change its prototype
 * instead.
 */
export const FORBIDDEN_KEY = '__proto__'

/** Whether `value` is a `Uint8Array`, also one of another realm (jsdom, iframes). */
export function isBytes(value: unknown): value is Uint8Array {
  return ArrayBuffer.isView(value) && (value as Uint8Array)[Symbol.toStringTag] === 'Uint8Array'
}

/** Whether `value` is an object literal or has no prototype: no array, no instance of a class. Realms do not matter. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

/** Freezes `value` and all below it in place. What is frozen already is taken to be so all the way down. */
export function freezeDeep<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !ArrayBuffer.isView(value) && !Object.isFrozen(value)) {
    Object.freeze(value)
    for (const key in value) freezeDeep(value[key])
  }
  return value
}

/**
 * A frozen copy of `value` as a {@link Value}; −0 becomes 0. `path` says where the value stands in what the app passed.
 * @throws IbexError `invalid-value`, with the place as its one issue.
 */
export function requireValue(value: unknown, path: readonly (string | number)[] = []): Value {
  return copyIn(value, [...path], 0)
}

function copyIn(value: unknown, path: (string | number)[], depth: number): Value {
  if (value === null || typeof value === 'boolean') return value
  if (typeof value === 'string') return isWellFormed(value) ? value : refuse(path, 'half a character')
  if (typeof value === 'number') return Number.isFinite(value) ? value + 0 : refuse(path, value)
  if (isBytes(value)) return new Uint8Array(value)
  const inner = (element: unknown, key: string | number): Value => {
    path.push(key)
    const copy = copyIn(element, path, depth + 1)
    path.pop()
    return copy
  }
  const isArray = Array.isArray(value)
  if (!isArray && !isPlainObject(value)) {
    return refuse(path, value?.constructor?.name ?? typeof value)
  }
  if (depth === MAX_DEPTH) refuse(path, `more than ${MAX_DEPTH} levels, or a cycle`)
  // `Array.from` visits holes too, which `map` would pass over.
  if (isArray) return Object.freeze(Array.from(value, inner))
  const copy: Record<string, Value> = {}
  for (const key of Object.keys(value)) {
    if (key === FORBIDDEN_KEY || !isWellFormed(key)) refuse(path, `the key ${key}`)
    copy[key] = inner(value[key], key)
  }
  return Object.freeze(copy)
}

function refuse(path: readonly (string | number)[], given: unknown): never {
  const message = `Expected plain data (null, boolean, finite number, string, Uint8Array, arrays and objects of these), got ${given}.`
  throw new IbexError('invalid-value', path.length > 0 ? `${path.join('.')}: ${message}` : message, {
    issues: [{ path: [...path], message }],
  })
}
