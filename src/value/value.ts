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
  if (typeof value === 'string') return isWellFormed(value) ? value : refuse(path, 'a string with half a character')
  if (typeof value === 'number') return Number.isFinite(value) ? value + 0 : refuse(path, String(value))
  if (isBytes(value)) return new Uint8Array(value)
  const isArray = Array.isArray(value)
  if (!isArray && !isPlainObject(value)) return refuse(path, describe(value))
  if (depth === MAX_DEPTH) return refuse(path, `something more than ${MAX_DEPTH} levels deep, or inside itself`)
  // By index, because `map` would pass over holes.
  if (isArray) return Object.freeze(Array.from(value, (element, index) => inner(element, index, path, depth)))
  const copy: Record<string, Value> = {}
  for (const key of Object.keys(value)) {
    if (key === FORBIDDEN_KEY || !isWellFormed(key)) refuse(path, `the key ${JSON.stringify(key)}`)
    copy[key] = inner(value[key], key, path, depth)
  }
  return Object.freeze(copy)
}

function inner(value: unknown, key: string | number, path: (string | number)[], depth: number): Value {
  path.push(key)
  const copy = copyIn(value, path, depth + 1)
  path.pop()
  return copy
}

function describe(value: unknown): string {
  if (typeof value !== 'object' || value === null) return typeof value
  const { constructor } = value
  return `an instance of ${typeof constructor === 'function' ? constructor.name : 'a class'}`
}

function refuse(path: readonly (string | number)[], given: string): never {
  const message = `Expected null, a boolean, a finite number, a string, a Uint8Array, or an array or plain object of these; got ${given}.`
  throw new IbexError('invalid-value', path.length > 0 ? `At ${path.join('.')}: ${message}` : message, {
    issues: [{ path: [...path], message }],
  })
}
