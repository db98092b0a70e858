/**
 * The words of queries: what an app writes ({@link QueryInput}, typed by its schema) becomes a {@link Query}, plain data that
 * can be hashed, compared, sent and printed, and is answered by a {@link View}.
 *
 * A condition is either true or false of an item; there is no third, unknown answer. A field without a value (an optional
 * one that was not set) fails every comparison, save those that say *not*: `ne` is exactly the opposite of `eq`, `notIn` of
 * `in`, `not` of whatever it holds. Counters, sets and maps always have a value.
 */
import type { Field, TypeOf } from '../schema/field.js'
import type { AnySchema, Schema, Snapshot } from '../schema/schema.js'
import type { Unsubscribe } from '../signal.js'
import type { Value } from '../value/value.js'

/** A query: which items, in which order, how many. Everything may be left out. */
export interface QueryInput<S extends AnySchema = AnySchema> {
  /** Items for which all of this holds. */
  readonly where?: Where<S> | undefined
  /** A field, or several, each alone (ascending) or with its direction; see {@link OrderBy}. */
  readonly orderBy?: OrderBy<S> | undefined
  /** At most so many items, a whole number from 0. */
  readonly limit?: number | undefined
  /** So many items left out at the beginning. */
  readonly offset?: number | undefined
  /**
   * Any condition at all, besides `where`. It must depend on nothing but the snapshot. It is known by its reference: write
   * it outside the component, or keep it with `useCallback`. It runs for every item that `where` leaves.
   */
  readonly filter?: ((snapshot: Snapshot<S>) => boolean) | undefined
}

/**
 * A condition for each of some fields, all of which must hold: a value (meaning `eq`), or operators. `and`, `or`, `not`
 * combine conditions: `or: []` never holds, `and: []` and `{}` always do. A field that is itself called `and`, `or` or
 * `not` cannot be asked about.
 */
export type Where<S extends AnySchema = AnySchema> = {
  readonly [K in keyof FieldConditions<S>]?: FieldConditions<S>[K]
} & {
  readonly and?: readonly Where<S>[]
  readonly or?: readonly Where<S>[]
  readonly not?: Where<S>
}

/**
 * Fields whose values have an order, and what every snapshot has: `'title'`, `['title', ['votes', 'desc']]`. Numbers, dates
 * and counters by size, false before true, strings, enums and refs by UTF-16 code units. Missing values come last in both
 * directions, ties are broken by ascending `$id`.
 */
export type OrderBy<S extends AnySchema = AnySchema> = OrderedName<S> | readonly OrderKey<S>[]

export type OrderKey<S extends AnySchema> = OrderedName<S> | readonly [field: OrderedName<S>, direction: 'asc' | 'desc']

/** What every kind of field can be asked. */
export interface Equality<T> {
  /** Has this value. Dates by their time; sets whatever the order; maps and JSON with all that they hold. */
  readonly eq?: T
  /** Does not have this value; also: has none. */
  readonly ne?: T
  /** Has a value (`true`) or none (`false`). */
  readonly exists?: boolean
}

/** What fields of one value can be asked. */
export interface Membership<T> {
  /** Has one of these values; with `[]` never true. */
  readonly in?: readonly T[]
  /** Has none of these values; also: has no value at all. */
  readonly notIn?: readonly T[]
}

/** Numbers, counters and dates by size, strings by UTF-16 code units. A missing value is neither less nor greater. */
export interface Range<T> {
  readonly lt?: T
  readonly lte?: T
  readonly gt?: T
  readonly gte?: T
}

/** Upper and lower case count; the empty string is in every string, but not in a missing one. */
export interface Text {
  readonly startsWith?: string
  readonly contains?: string
}

/** What a set can be asked. */
export interface Elements<T> {
  /** Has this element. */
  readonly has?: T
  /** Has all of these elements; with `[]` always true. */
  readonly contains?: readonly T[]
}

/** What a map can be asked. */
export interface Entries<T> {
  /** Has this key. */
  readonly has?: string
  /** Has all of these keys, each with this value; with `{}` always true. */
  readonly contains?: { readonly [key: string]: T }
}

type FieldConditions<S extends AnySchema> =
  S extends Schema<string, infer F>
    ? { [K in keyof F]: ConditionOf<F[K]> } & {
        $id: StringCondition
        $path: StringCondition
        $createdAt: DateCondition
        $createdBy: StringCondition
        $updatedAt: DateCondition
        $updatedBy: StringCondition
      }
    : never

type StringCondition = string | (Equality<string> & Membership<string> & Range<string> & Text)
type NumberCondition = number | (Equality<number> & Membership<number> & Range<number>)
type Moment = Date | number
/** A date may be given in milliseconds. */
type DateCondition = Moment | (Equality<Moment> & Membership<Moment> & Range<Moment>)

type ConditionOf<F extends Field> = F['kind'] extends 'string'
  ? StringCondition
  : F['kind'] extends 'number' | 'counter'
    ? NumberCondition
    : F['kind'] extends 'date'
      ? DateCondition
      : F extends Field<readonly (infer T)[], 'set'>
        ? readonly T[] | (Equality<readonly T[]> & Elements<T>)
        : F extends Field<{ readonly [key: string]: infer T }, 'map'>
          ? Equality<{ readonly [key: string]: T }> & Entries<T>
          : // A plain object always means operators: JSON objects are asked for with `eq`.
            Exclude<TypeOf<F>, { readonly [key: string]: unknown }> | (Equality<TypeOf<F>> & Membership<TypeOf<F>>)

type OrderedName<S extends AnySchema> =
  S extends Schema<string, infer F>
    ?
        | { [K in keyof F & string]: F[K]['kind'] extends 'set' | 'map' | 'json' ? never : K }[keyof F & string]
        | '$id'
        | '$path'
        | '$createdAt'
        | '$createdBy'
        | '$updatedAt'
        | '$updatedBy'
    : never

/** What compares one field with a value, as {@link Equality} and its like say; negative ones are expressed by `not`. */
export type Operator = 'eq' | 'in' | 'lt' | 'lte' | 'gt' | 'gte' | 'startsWith' | 'contains' | 'has' | 'exists'

/** A canonical condition: dates are milliseconds; `and` of nothing is always true, `or` of nothing never. */
export type Condition = Comparison | Junction | Negation

/** One field against one value; with `exists` the value is true. */
export interface Comparison {
  readonly op: Operator
  readonly field: string
  readonly value: Value
}

/** All, or any, of some conditions: several, or none. */
export interface Junction {
  readonly op: 'and' | 'or'
  readonly of: readonly Condition[]
}

/** The opposite of a condition that is no negation itself. */
export interface Negation {
  readonly op: 'not'
  readonly of: readonly [Condition]
}

/** A predicate over snapshots that only this process understands. */
export type Filter = (snapshot: never) => boolean

/** Where a {@link Query} keeps its filter: a symbol, so that what is printed, sent or cloned of a query is its data. */
export const FILTER: unique symbol = Symbol('filter')

/** A query in canonical form: equal queries are equal data. Made by `canonicalQuery`. */
export interface Query {
  /** The schema's name. */
  readonly schema: string
  readonly where: Condition
  /** Each field once, ending at the first `$id`, if any; ties are broken by ascending `$id`. */
  readonly orderBy: readonly (readonly [field: string, direction: 'asc' | 'desc'])[]
  /** Null: all. */
  readonly limit: number | null
  readonly offset: number
  /** The query also has a filter, so its data does not say all: it is not shared, and means less elsewhere. */
  readonly opaque: boolean
  readonly [FILTER]?: Filter
}

/**
 * A live answer, shared by everybody who asks the same. Its methods are bound: they can be passed on alone, and keep
 * identity as long as the view does.
 */
export interface View<T> {
  readonly query: Query
  /** The rows of the window, in order; frozen; the same array until a row or the order changed. Throws what a filter throws. */
  readonly get: () => readonly T[]
  /** The rows' ids; frozen; the same array until membership or order changed. */
  readonly ids: () => readonly string[]
  /** How many rows match, whatever limit and offset. */
  readonly count: number
  /** Calls `listener` after each change of what {@link get} answers. */
  readonly subscribe: (listener: () => void) => Unsubscribe
  /** Calls `listener` after each change of what {@link ids} answers. */
  readonly subscribeIds: (listener: () => void) => Unsubscribe
}
