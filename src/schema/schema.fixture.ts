/** Schemas and validators for the tests of this folder. */
import type { IbexError } from '../errors.js'
import { field } from './field.js'
import { defineSchema } from './schema.js'
import type { StandardResult, StandardSchema } from './standard.js'

/** A Standard Schema made of one function. */
export function standard<T>(
  validate: (value: unknown) => StandardResult<T> | Promise<StandardResult<T>>,
): StandardSchema<T> {
  return { '~standard': { version: 1, vendor: 'test', validate } }
}

/** Trims, and refuses what is then empty. */
export const trimmed: StandardSchema<string> = standard((value) => {
  const text = (value as string).trim()
  return text === '' ? { issues: [{ message: 'must not be empty' }] } : { value: text }
})

export const Person = defineSchema('person', { name: field.string() })

/** A field of each kind and presence. */
export const Task = defineSchema('task', {
  title: field.string(),
  done: field.boolean().default(false),
  due: field.date().optional(),
  priority: field.enum(['low', 'high']).default('low'),
  estimate: field.number().optional(),
  place: field.json<{ x: number; y: number; note?: string }>().optional(),
  owner: field.ref(Person).optional(),
  votes: field.counter(),
  tags: field.set(field.string()),
  reminders: field.set(field.date()),
  scores: field.map(field.number()),
})

/** What `fn` throws, which must be an IbexError. */
export function thrown(fn: () => unknown): IbexError {
  try {
    fn()
  } catch (error) {
    if ((error as IbexError).name === 'IbexError') return error as IbexError
    throw error
  }
  throw new Error('Nothing was thrown.')
}
