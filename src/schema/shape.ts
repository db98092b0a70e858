/** What a schema says, as plain data: all that checking, reading and describing look at. */
import type { Value } from '../value/value.js'
import type { StandardSchema } from './standard.js'

export type FieldKind = 'string' | 'number' | 'boolean' | 'date' | 'enum' | 'json' | 'ref' | 'counter' | 'set' | 'map'

/** What the elements of a set and the values of a map can be. */
export type ElementKind = Exclude<FieldKind, 'counter' | 'set' | 'map'>

/** How concurrent changes of a field merge (architecture, section 5). */
export type MergeKind = 'register' | 'counter' | 'set' | 'map'

/** What holds where nothing was written: `required` no item without a value, `default` a default is read, `optional` undefined. */
export type Presence = 'required' | 'default' | 'optional'

/** One field. Counters, sets and maps have the presence `default`: they start at 0 and empty. */
export interface FieldShape {
  readonly kind: FieldKind
  readonly merge: MergeKind
  readonly presence: Presence
  /** The default, in stored form; undefined unless the presence is `default`. */
  readonly fallback: Value | undefined
  /** What an `enum` may be. */
  readonly members: readonly string[] | undefined
  /** The name of the schema that a `ref` points to. */
  readonly target: string | undefined
  /** The elements of a `set`, the values of a `map`. */
  readonly element: FieldShape | undefined
  readonly validators: readonly StandardSchema[]
}

/** One schema. */
export interface SchemaShape {
  readonly name: string
  readonly version: number
  /** The names of the fields, in the order in which they were written. */
  readonly names: readonly string[]
  /** Without a prototype: what is not a field is undefined. */
  readonly fields: { readonly [name: string]: FieldShape }
}
