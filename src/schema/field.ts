/** `field`: what a schema's fields are made of. A field is immutable; every method gives a new one. */
import { IbexError } from '../errors.js'
import type { Value } from '../value/value.js'
import { toStored } from './check.js'
import type { ElementKind, FieldKind, FieldShape, Presence } from './shape.js'
import type { StandardSchema } from './standard.js'
import { requireStandardSchema } from './standard.js'

declare const type: unique symbol

/** A field that an app sees as a `T`. */
export interface Field<
  T = unknown,
  Kind extends FieldKind = FieldKind,
  P extends Presence = Presence,
> extends FieldShape {
  readonly kind: Kind
  readonly presence: P
  /** For the compiler only; no field has it. */
  readonly [type]: T
  /**
   * Checks what is written by a Standard Schema too, which sees the value as a snapshot has it. What it answers is
   * written, so that it can trim or round. It must be synchronous. Several are run one after the other.
   */
  validate(validator: StandardSchema<T>): this
}

/** A field that every item needs a value for, unless {@link default} or {@link optional} say otherwise. */
export interface RequiredField<T, Kind extends FieldKind> extends Field<T, Kind, 'required'> {
  /** Items made without a value get this one; items older than the field show it. Throws `invalid` if it is no `T`. */
  default(value: T): Field<T, Kind, 'default'>
  /** Items may have no value: they show undefined. */
  optional(): Field<T, Kind, 'optional'>
}

/** What a set holds, and a map under its keys. */
export type ElementField<T> = Field<T, ElementKind, 'required'>

/** What a field shows. */
export type TypeOf<F extends Field> = F[typeof type]

/** `T` as a snapshot shows it: read-only all the way down. */
export type Frozen<T> = [Value] extends [T]
  ? T
  : T extends string | number | boolean | null | undefined | Uint8Array
    ? T
    : { readonly [K in keyof T]: Frozen<T[K]> }

/**
 * `T` where it is plain data; something to which `T` cannot be assigned where it is not. Undefined passes, because it
 * stands in the type of an optional property; as a value it is refused.
 */
export type Json<T> = [Value] extends [T]
  ? T
  : T extends string | number | boolean | null | undefined | Uint8Array
    ? T
    : T extends symbol | bigint | ((...args: never[]) => unknown)
      ? never
      : { [K in keyof T]: Json<T[K]> }

/** Stands in the way of `json<T>()` for a `T` that cannot be stored, so that the compiler's message says why. */
export type NotPlainData = 'json() takes plain data: no functions, no instances of classes'

/** The kinds of fields. */
export interface FieldBuilders {
  /** Text; the last write wins. */
  string(): RequiredField<string, 'string'>
  /** A finite number; the last write wins. For numbers that several people count up, see {@link counter}. */
  number(): RequiredField<number, 'number'>
  boolean(): RequiredField<boolean, 'boolean'>
  /** A point in time, in milliseconds. Snapshots show a `Date` that cannot be changed. */
  date(): RequiredField<Date, 'date'>
  /** One of some strings: `field.enum(['low', 'high'])`. */
  enum<const Member extends string>(members: readonly Member[]): RequiredField<Member, 'enum'>
  /** Plain data, written and merged as one value: `field.json<{ x: number; y: number }>()`. */
  json(): RequiredField<Value, 'json'>
  json<T>(): [T] extends [Json<T>] ? RequiredField<Frozen<T>, 'json'> : NotPlainData
  /** The id of another item: `field.ref(Person)`, or by the schema's name, `field.ref('person')`. */
  ref(schema: string | { readonly name: string; readonly version: number }): RequiredField<string, 'ref'>
  /** A whole number that starts at 0; increments of several writers add up. */
  counter(): Field<number, 'counter', 'default'>
  /** A set that starts empty, shown as an array in a fixed order; what several writers add is united. */
  set<T>(element: ElementField<T>): Field<readonly T[], 'set', 'default'>
  /** Values under string keys, at first none; merged key by key. */
  map<T>(value: ElementField<T>): Field<{ readonly [key: string]: T }, 'map', 'default'>
}

/** Makes the fields of a schema: `defineSchema('task', { title: field.string(), done: field.boolean().default(false) })`. */
export const field: FieldBuilders = {
  string: () => build('string'),
  number: () => build('number'),
  boolean: () => build('boolean'),
  date: () => build('date'),
  enum: (members) => {
    if (!Array.isArray(members) || members.length === 0) throw invalid('enum() takes an array of strings')
    return build('enum', { members: Object.freeze([...members]) })
  },
  json: () => build('json') as never,
  ref: (schema) => {
    const target = typeof schema === 'string' ? schema : schema?.name
    // Undefined is what modules that import each other see of one another.
    if (!target) throw invalid('ref() takes a schema or its name (if modules import each other, the name)')
    return build('ref', { target })
  },
  counter: () => build('counter', { merge: 'counter', presence: 'default', fallback: 0 }),
  set: (element) => build('set', containerOf('set', element, [])),
  map: (value) => build('map', containerOf('map', value, {})),
}

function containerOf(merge: 'set' | 'map', element: FieldShape, fallback: Value): Partial<FieldShape> {
  if (element?.merge !== 'register' || element.presence !== 'required') {
    throw invalid(`${merge}() takes a required field that is no counter, set or map`)
  }
  return { merge, presence: 'default', fallback: Object.freeze(fallback), element }
}

function build<F extends Field>(kind: FieldKind, more?: Partial<FieldShape>): F {
  const shape: FieldShape = {
    kind,
    merge: 'register',
    presence: 'required',
    fallback: undefined,
    members: undefined,
    target: undefined,
    element: undefined,
    validators: [],
    ...more,
  }
  const change = (changes: Partial<FieldShape>): Field => build(kind, { ...shape, ...changes })
  return Object.freeze({
    ...shape,
    validate: (validator: StandardSchema) =>
      change({ validators: [...shape.validators, requireStandardSchema(validator)] }),
    ...(shape.presence === 'required' && {
      default: (value: unknown) => change({ presence: 'default', fallback: toStored(shape, value) }),
      optional: () => change({ presence: 'optional' }),
    }),
  }) as unknown as F
}

function invalid(message: string): IbexError {
  return new IbexError('invalid-schema', message)
}
