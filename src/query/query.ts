/**
 * The words of queries: what an app writes ({@link QueryInput}, in `input.ts`) becomes a {@link Query}, plain data that
 * can be hashed, compared, sent and printed, and is answered by a {@link View}.
 */
import type { Unsubscribe } from '../signal.js'
import type { Value } from '../value/value.js'

export type { OrderBy, QueryInput, Where } from './input.js'

/** What compares one field with a value; `input.ts` says what each means. */
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
