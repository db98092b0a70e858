/** Values as text that one can edit, and back. */
import type { AnySchema } from '../../../src/index.js'
import { isDate } from '../value/value.js'

type Shape = AnySchema['fields'][string]

/** What the channel takes: dates as milliseconds, null for none. */
type Plain = null | boolean | number | string | readonly Plain[] | { readonly [key: string]: Plain }

export type Read = { readonly value: Plain } | { readonly problem: string }

export function writeValue(value: unknown, { kind }: Shape): string {
  if (value === undefined || value === null) return kind === 'json' && value === null ? 'null' : ''
  if (isDate(value)) return value.toISOString()
  if (typeof value === 'string' && kind !== 'json') return value
  return typeof value === 'object' ? JSON.stringify(value, null, 2) : JSON.stringify(value)
}

/** The value that a text means for a field of a kind, or why it means none. Whether the schema allows it, the page says. */
export function readValue(text: string, shape: Shape): Read {
  const { kind, presence } = shape
  if (text === '' && presence === 'optional') return { value: null }
  switch (kind) {
    case 'string':
    case 'enum':
    case 'ref':
      return { value: text }
    case 'boolean':
      return { value: text === 'true' }
    case 'number':
    case 'counter': {
      const number = Number(text)
      if (text.trim() === '' || !Number.isFinite(number)) return { problem: 'A number, please.' }
      if (kind === 'counter' && !Number.isSafeInteger(number)) return { problem: 'A whole number, please.' }
      return { value: number }
    }
    case 'date': {
      const time = new Date(text).getTime()
      return Number.isNaN(time) ? { problem: 'A date, please, such as 2026-11-22T14:03.' } : { value: time }
    }
    default:
      return readJson(text, kind)
  }
}

function readJson(text: string, kind: Shape['kind']): Read {
  let value: Plain
  try {
    value = JSON.parse(text) as Plain
  } catch (error) {
    return { problem: error instanceof Error ? error.message : 'This is no JSON.' }
  }
  if (kind === 'set' && !Array.isArray(value)) return { problem: 'A set is written as a list: ["a", "b"].' }
  if (kind === 'map' && (typeof value !== 'object' || value === null || Array.isArray(value))) {
    return { problem: 'A map is written as an object: {"a": 1}.' }
  }
  return { value }
}
