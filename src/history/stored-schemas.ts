/**
 * Schemas of what is stored, for whoever looks at data without the app that wrote it: every field that an item has, shown
 * as it is stored.
 */
import { COUNTER, REGISTER, SET } from '../item/layout.js'
import { field, type Field } from '../schema/field.js'
import type { AnySchema } from '../schema/schema.js'
import type { RepositoryState } from './state.js'

/** A schema for each kind of item, of the latest version that something was written in; none of those in `known`. */
export function storedSchemas(state: RepositoryState, known: readonly AnySchema[] = []): AnySchema[] {
  const names = [...state.schemas()].filter((name) => !known.some((schema) => schema.name === name))
  return names.map((name) => {
    const written = fieldsOf(state, name)
    const version = Math.max(1, ...written.map((each) => each.version))
    const fields = new Map<string, Field>()
    for (const each of written) {
      if (each.version === version && !fields.has(each.name)) fields.set(each.name, each.field)
    }
    return Object.freeze({
      name,
      version,
      names: Object.freeze([...fields.keys()]),
      fields: Object.freeze(Object.assign(Object.create(null) as object, Object.fromEntries(fields))),
    })
  })
}

/** Every field of every version, in the order in which items first got them. */
function fieldsOf(state: RepositoryState, schema: string): { name: string; version: number; field: Field }[] {
  // Most items share a few layouts.
  const layouts = new Set([...state.items(schema)].map(({ layout }) => layout.last))
  return [...layouts].flatMap((last) => {
    const found: { name: string; version: number; field: Field }[] = []
    for (let part = last; part.before; part = part.before) {
      found.push({ name: part.name, version: Math.floor(part.kind / 4), field: fieldOf(part.kind % 4) })
    }
    return found.reverse()
  })
}

function fieldOf(merge: number): Field {
  if (merge === REGISTER) return field.json().optional()
  if (merge === COUNTER) return field.counter()
  return merge === SET ? field.set(field.json()) : field.map(field.json())
}
