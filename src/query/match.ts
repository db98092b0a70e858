/** What a canonical query means: which rows match, in which order, from scratch. All else must agree with this file. */
import type { AnySnapshot } from '../schema/schema.js'
import { equalValues } from '../value/order.js'
import { isBytes, isPlainObject, type Value } from '../value/value.js'
import { type Comparison, type Condition, FILTER, type Query } from './query.js'

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
  return filter ? (row) => where(row) && filter(row) : where
}

/** The query's order: total, because ties are broken by `$id`. Missing values come last in both directions. */
export function comparatorOf({ orderBy }: Query): Comparator {
  return (a, b) => {
    for (let i = 0; i < orderBy.length; i++) {
      const field = orderBy[i]![0]
      const left = a[field]
      const right = b[field]
      if (left === right) continue
      if (left === undefined) return 1
      if (right === undefined) return -1
      const ascending = orderBy[i]![1] === 'asc'
      // Dates are compared as numbers; equal ones are different objects.
      if (left! < right!) return ascending ? -1 : 1
      if (left! > right!) return ascending ? 1 : -1
    }
    return a.$id < b.$id ? -1 : a.$id > b.$id ? 1 : 0
  }
}

/**
 * An app's value as queries have it, so that equal values are equal JSON: dates are milliseconds, the keys of objects ascend,
 * bytes are text that nobody writes.
 */
export function plainValue(value: unknown): Value {
  if (Array.isArray(value)) return value.map(plainValue)
  if (isBytes(value)) return `\0${value}`
  if (!isPlainObject(value)) return scalar(value) as Value
  const keys = Object.keys(value).sort()
  return Object.fromEntries(keys.map((key) => [key, plainValue(value[key])]))
}

/** The milliseconds of a date, also one of another realm; any other value itself. */
export function scalar(value: unknown): unknown {
  const date = value as Date | null | undefined
  return typeof date?.getTime === 'function' ? date.getTime() : value
}

function compile(condition: Condition): Predicate {
  switch (condition.op) {
    case 'and':
    case 'or': {
      const all = condition.op === 'and'
      const tests = condition.of.map(compile)
      return tests.reduce(
        (a, b) => (all ? (row) => a(row) && b(row) : (row) => a(row) || b(row)),
        () => all,
      )
    }
    case 'not': {
      const test = compile(condition.of[0])
      return (row) => !test(row)
    }
    default: {
      const { field } = condition
      const test = comparison(condition)
      return (row) => test(scalar(row[field]))
    }
  }
}

// Missing values: every comparison with undefined is false.
function comparison({ op, value }: Comparison): (found: unknown) => boolean {
  switch (op) {
    case 'eq':
      return (found) => same(found, value)
    case 'in':
      return (found) => (value as readonly Value[]).some((each) => same(found, each))
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
        : (found) =>
            Object.entries(value as object).every(([key, each]) => hasKey(found, key) && same(found[key], each))
    case 'has':
      return (found) =>
        Array.isArray(found) ? found.some((each) => same(each, value)) : hasKey(found, value as string)
    case 'exists':
      return (found) => found !== undefined
  }
}

function same(found: unknown, value: Value): boolean {
  return found === value || (typeof found === 'object' && equalValues(plainValue(found), value))
}

function hasKey(found: unknown, key: string): found is Readonly<Record<string, unknown>> {
  return isPlainObject(found) && Object.hasOwn(found, key)
}
