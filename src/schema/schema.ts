/** `defineSchema`, and the types that follow from a schema. */
import { IbexError } from '../errors.js'
import type { Field, TypeOf } from './field.js'
import type { FieldKind, SchemaShape } from './shape.js'

/** The fields of a schema by their names. */
export type Fields = { readonly [name: string]: Field }

/** A named, versioned description of a kind of item. Plain immutable data, matched by name and version. */
export interface Schema<Name extends string = string, F extends Fields = Fields> extends SchemaShape {
  readonly name: Name
  readonly fields: F
}

/** Any schema. */
export type AnySchema = Schema

/** What every snapshot has besides its fields. Times are milliseconds since 1970-01-01 UTC. */
export type SystemFields = {
  readonly $id: string
  /** `/space/repository/item`. */
  readonly $path: string
  readonly $createdAt: number
  readonly $createdBy: string
  readonly $updatedAt: number
  readonly $updatedBy: string
}

/** A snapshot of any schema. */
export type AnySnapshot = SystemFields & { readonly [field: string]: unknown }

/** An item as the app sees it: deeply frozen. */
export type Snapshot<S extends AnySchema> = S extends Schema<string, infer F> ? SystemFields & SnapshotData<F> : never

/** What `create` takes: required fields must be there; the others, counters, sets and maps among them, may be. */
export type CreateInput<S extends AnySchema> = S extends Schema<string, infer F> ? CreateData<F> : never

/** What `update` takes: any fields but counters. Undefined clears an optional field. Sets and maps are given whole. */
export type Patch<S extends AnySchema> = S extends Schema<string, infer F> ? PatchData<F> : never

/** What a function that edits an item is given: fields to assign, counters and sets to call. */
export type Draft<S extends AnySchema> = S extends Schema<string, infer F> ? DraftData<F> : never

export type SchemaName<S extends AnySchema> = S['name']
export type FieldsOf<S extends AnySchema> = S['fields']

/** A counter in a draft. Steps are whole numbers. */
export interface DraftCounter {
  readonly value: number
  /** Adds `by`, which is 1 unless given. */
  increment(by?: number): void
  /** Subtracts `by`, which is 1 unless given. */
  decrement(by?: number): void
}

/** A set in a draft: a `Set`, except that equal values are the same element. Iterates in the order of the snapshot. */
export interface DraftSet<T> extends Iterable<T> {
  readonly size: number
  has(value: T): boolean
  add(value: T): this
  /** Whether the element was there. */
  delete(value: T): boolean
  clear(): void
}

/** Options of {@link defineSchema}. */
export interface SchemaOptions {
  /** A whole number from 1, which is the default. */
  readonly version?: number
}

type Optional = Field<unknown, FieldKind, 'optional'>
type NeedsValue = Field<unknown, FieldKind, 'required'>
type Counter = Field<unknown, 'counter'>

// The last step of each type below: one object type in place of an intersection, which is what an editor then shows.
type Flat<T> = { [K in keyof T]: T[K] } & {}

type SnapshotData<F extends Fields> = Flat<
  { readonly [K in keyof F as F[K] extends Optional ? never : K]: TypeOf<F[K]> } & {
    readonly [K in keyof F as F[K] extends Optional ? K : never]?: TypeOf<F[K]> | undefined
  }
>

type CreateData<F extends Fields> = Flat<
  { -readonly [K in keyof F as F[K] extends NeedsValue ? K : never]: InputOf<F[K]> } & {
    -readonly [K in keyof F as F[K] extends NeedsValue ? never : K]?: InputOf<F[K]> | undefined
  }
>

type PatchData<F extends Fields> = Flat<
  { -readonly [K in keyof F as F[K] extends Optional | Counter ? never : K]?: InputOf<F[K]> } & {
    -readonly [K in keyof F as F[K] extends Optional ? K : never]?: InputOf<F[K]> | undefined
  }
>

type DraftData<F extends Fields> = Flat<
  { readonly [K in keyof F as F[K] extends Field<unknown, 'counter' | 'set'> ? K : never]: DraftOf<F[K]> } & {
    -readonly [K in keyof F as F[K] extends Optional | Field<unknown, 'counter' | 'set'> ? never : K]: DraftOf<F[K]>
  } & { -readonly [K in keyof F as F[K] extends Optional ? K : never]?: TypeOf<F[K]> | undefined }
>

type InputOf<F extends Field> = F extends Field<readonly (infer T)[], 'set'> ? readonly T[] | ReadonlySet<T> : TypeOf<F>

type DraftOf<F extends Field> =
  F extends Field<readonly (infer T)[], 'set'>
    ? DraftSet<T>
    : F extends Counter
      ? DraftCounter
      : F extends Field<{ readonly [key: string]: infer T }, 'map'>
        ? { [key: string]: T }
        : TypeOf<F>

const SCHEMA_NAME = /^[a-z][\w.-]{0,63}$/i
// No control characters, no halves of a surrogate pair; `$` is for what every snapshot has.
const FIELD_NAME = /^[^$\p{Cc}\p{Cs}][^\p{Cc}\p{Cs}]{0,63}$/u

/**
 * Describes a kind of item. Pure: nothing is registered, so the same schema may be defined any number of times.
 * @throws IbexError `invalid-schema`
 */
export function defineSchema<const Name extends string, F extends Fields>(
  name: Name,
  fields: F,
  options: SchemaOptions = {},
): Schema<Name, F> {
  const refuse = (message: string): never => {
    throw new IbexError('invalid-schema', `Schema '${name}': ${message}`)
  }
  const { version = 1 } = options
  if (!SCHEMA_NAME.test(name)) refuse('the name must be a letter, then up to 63 of letters, digits, _ . -')
  if (!Number.isSafeInteger(version) || version < 1) refuse('the version must be a whole number from 1')
  const names = Object.keys(fields)
  for (const key of names) {
    if (!FIELD_NAME.test(key) || key in Object.prototype) refuse(`a field cannot be called '${key}'`)
    if (!fields[key]?.validators) refuse(`'${key}' is not a field: write field.string() or the like`)
  }
  return Object.freeze({
    name,
    version,
    names: Object.freeze(names),
    fields: Object.freeze(Object.assign(Object.create(null) as object, fields)),
  })
}
