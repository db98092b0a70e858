/** What a canonical query means: which rows match, in which order, from scratch. All else must agree with this file. */
import type { AnySnapshot } from '../schema/schema.js'
import type { Value } from '../value/value.js'
import { type Condition, FILTER, type Operator, type Query } from './query.js'

export type Predicate = (row: AnySnapshot) => boolean
export type Comparator = (a: AnySnapshot, b: AnySnapshot) => number

/** Whether the query's condition, and its filter, hold for a snapshot. Limit and offset play no part. */
export function matches(query: Query, row: AnySnapshot): boolean {
  return predicateOf(query)(row)
}

/** The query answered from scratch: the law that live views keep. */
export function evaluate<T extends AnySnapshot>(query: Query, rows: Iterable<T>): T[] {
  const { offset, limit } = query
  const found = [...rows].filter(predicateOf(query)).sort(comparatorOf(query))
  return found.slice(offset, limit === null ? undefined : offset + limit)
}

/** {@link matches} for many rows. */
export function predicateOf(query: Query): Predicate {
  const where = compile(query.where)
  const filter = query[FILTER] as Predicate | undefined
  return filter ? (row) => where(row) && !!filter(row) : where
}

/** The query's order: total, because ties are broken by `$id`. Missing values come last in both directions. */
export function comparatorOf({ orderBy }: Query): Comparator {
  return (a, b) => {
    for (const [field, direction] of orderBy) {
      const left = a[field]
      const right = b[field]
      if (left === right) continue
      if (left === undefined) return 1
      if (right === undefined) return -1
      // Dates are compared as numbers; equal ones are different objects.
      if (left! < right!) return direction === 'asc' ? -1 : 1
      if (left! > right!) return direction === 'asc' ? 1 : -1
    }
    return a.$id < b.$id ? -1 : a.$id > b.$id ? 1 : 0
  }
}

/** A snapshot's value as conditions see it: a date is its milliseconds, also one of another realm. */
export function plain(value: unknown): unknown {
  return isObject(value) && typeof (value as Date).getTime === 'function' ? (value as Date).getTime() : value
}

/** Arrays and objects, not null. */
export function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

function compile(condition: Condition): Predicate {
  switch (condition.op) {
    case 'and':
    case 'or': {
      const all = condition.op === 'and'
      return condition.of.map(compile).reduce<Predicate>(
        (a, b) => (all ? (row) => a(row) && b(row) : (row) => a(row) || b(row)),
        () => all,
      )
    }
    case 'not': {
      const test = compile(condition.of[0])
      return (row) => !test(row)
    }
    default: {
      const { field, op, value } = condition
      const test = comparison(op, value)
      return (row) => test(plain(row[field]))
    }
  }
}

function comparison(op: Operator, value: Value): (found: unknown) => boolean {
  switch (op) {
    // A missing value is neither less nor greater than anything: every comparison with undefined is false.
    case 'lt':
      return (found) => (found as Value)! < value!
    case 'lte':
      return (found) => (found as Value)! <= value!
    case 'gt':
      return (found) => (found as Value)! > value!
    case 'gte':
      return (found) => (found as Value)! >= value!
    case 'startsWith':
      return (found) => typeof found === 'string' && found.startsWith(value as string)
    case 'contains':
      return typeof value === 'string'
        ? (found) => typeof found === 'string' && found.includes(value)
        : (found) => Object.keys(value as object).every((key) => sameAt(found, value, key))
    case 'has':
      return (found) =>
        Array.isArray(found)
          ? found.some((each) => same(each, value))
          : isObject(found) && Object.hasOwn(found, value as string)
    case 'exists':
      return (found) => (found !== undefined) === value
    default: {
      const values = op === 'in' || op === 'notIn' ? (value as readonly Value[]) : [value]
      const wanted = op === 'eq' || op === 'in'
      const [one] = values
      if (values.length === 1 && !isObject(one)) return (found) => (found === one) === wanted
      const scalars = new Set<unknown>(values)
      const objects = values.filter(isObject)
      return (found) => (scalars.has(found) || objects.some((each) => same(found, each))) === wanted
    }
  }
}

/** Whether a snapshot's value, in which dates may stand, is the canonical `value`, in which no bytes stand. */
function same(given: unknown, value: Value): boolean {
  const found = plain(given)
  if (!isObject(found) || !isObject(value)) return found === value
  if (ArrayBuffer.isView(found) || Array.isArray(found) !== Array.isArray(value)) return false
  const keys = Object.keys(value)
  return Object.keys(found).length === keys.length && keys.every((key) => sameAt(found, value, key))
}

function sameAt(found: unknown, value: Value, key: string): boolean {
  return isObject(found) && Object.hasOwn(found, key) && same((found as never)[key], (value as never)[key])
}
