/** From what an app writes to canonical plain data, every mistake named; and the key under which equal queries meet. */
import { IbexError } from '../errors.js'
import { toStored } from '../schema/check.js'
import type { AnySchema } from '../schema/schema.js'
import type { FieldKind, FieldShape } from '../schema/shape.js'
import { isPlainObject, type Value } from '../value/value.js'
import { plainValue } from './match.js'
import { type Condition, FILTER, type Filter, type Operator, type Query, type QueryInput } from './query.js'

/** What is read of a field's definition here. */
type Shape = Pick<FieldShape, 'kind'> & Partial<FieldShape>

const BOOLEAN: Shape = { kind: 'boolean' }
const STRING: Shape = { kind: 'string' }
const DATE: Shape = { kind: 'date' }
const SYSTEM: { readonly [field: string]: Shape } = {
  // Nothing inherited: `constructor` is no field.
  __proto__: null as never,
  $id: STRING,
  $path: STRING,
  $createdAt: DATE,
  $createdBy: STRING,
  $updatedAt: DATE,
  $updatedBy: STRING,
}

const EQUALITY: readonly string[] = ['eq', 'ne', 'exists', 'in', 'notIn']
const RANGE: readonly string[] = [...EQUALITY, 'lt', 'lte', 'gt', 'gte']
const MEMBERS: readonly string[] = ['eq', 'ne', 'exists', 'has', 'contains']
/** Operators by kind of field; a kind that is not listed has {@link EQUALITY}. */
const OPERATORS: { readonly [kind in FieldKind]?: readonly string[] } = {
  string: [...RANGE, 'startsWith', 'contains'],
  number: RANGE,
  date: RANGE,
  set: MEMBERS,
  map: MEMBERS,
}

/**
 * The canonical form of a query: conditions flattened, sorted and free of duplicates, all that negates expressed by `not`,
 * dates in milliseconds, the order as a list.
 * @throws IbexError `invalid-query`, naming the place, what came and what is allowed there.
 */
export function canonicalQuery<S extends AnySchema>(schema: S, input: QueryInput<S> = {}): Query {
  const at = `Query of '${schema.name}'`
  for (const key of Object.keys(requireObject(at, input))) {
    requireOneOf(at, key, 'where', 'orderBy', 'limit', 'offset', 'filter')
  }
  const {
    where = {},
    orderBy = [],
    limit = Infinity,
    offset = 0,
    filter,
  } = input as { readonly [key: string]: unknown }
  if (filter !== undefined && typeof filter !== 'function') requireOneOf(`${at}, filter`, filter, 'a function')
  return Object.freeze({
    schema: schema.name,
    where: readWhere(schema, `${at}, where`, where),
    orderBy: readOrder(schema, `${at}, orderBy`, orderBy),
    limit: limit === Infinity ? null : requireCount(`${at}, limit`, limit),
    offset: requireCount(`${at}, offset`, offset),
    opaque: !!filter,
    ...(filter ? { [FILTER]: filter as Filter } : undefined),
  })
}

/**
 * A string that two queries share if and only if they ask the same. A filter counts by its reference, so the key of an
 * opaque query means nothing outside this process.
 */
export function queryKey(query: Query): string {
  const filter = query[FILTER]
  if (filter && !numbers.has(filter)) numbers.set(filter, ++lastNumber)
  return JSON.stringify(query) + (filter ? numbers.get(filter) : '')
}

const numbers = new WeakMap<Filter, number>()
let lastNumber = 0

function readWhere(schema: AnySchema, at: string, input: unknown): Condition {
  const parts = Object.entries(requireObject(at, input)).map(([key, value]) => {
    const here = `${at}.${key}`
    if (key === 'not') return negate(readWhere(schema, here, value))
    if (key === 'and' || key === 'or') {
      const list = requireArray(here, value)
      return join(
        key,
        list.map((each, index) => readWhere(schema, `${here}.${index}`, each)),
      )
    }
    const shape = requireField(schema, at, key)
    if (!isPlainObject(value)) return readComparison(here, shape, key, 'eq', value)
    const all = Object.entries(value).map(([op, operand]) => {
      requireOneOf(here, op, ...(OPERATORS[shape.kind] ?? EQUALITY))
      return readComparison(`${here}.${op}`, shape, key, op, operand)
    })
    return join('and', all)
  })
  return join('and', parts)
}

function readComparison(at: string, shape: Shape, field: string, op: string, given: unknown): Condition {
  const is = (as: string, value: Value): Condition => ({ op: as as Operator, field, value })
  switch (op) {
    case 'ne':
      return negate(readComparison(at, shape, field, 'eq', given))
    case 'notIn':
      return negate(readComparison(at, shape, field, 'in', given))
    case 'in': {
      const values = requireArray(at, given).map((each, index) => readValue(`${at}.${index}`, shape, each))
      const list = ordered(values)
      return list.length === 1 ? is('eq', list[0]!) : is(op, list)
    }
    case 'exists':
      return readValue(at, BOOLEAN, given) ? is(op, true) : negate(is(op, true))
    case 'has':
      return is(op, readValue(at, shape.kind === 'set' ? shape.element! : STRING, given))
    default: {
      const value = readValue(at, shape, given)
      return op === 'contains' && Array.isArray(value)
        ? join(
            'and',
            value.map((each) => is('has', each)),
          )
        : is(op, value)
    }
  }
}

/** Conditions joined: flat, each once, in a fixed order. A single one stands for itself. */
function join(op: 'and' | 'or', conditions: readonly Condition[]): Condition {
  const of = ordered(conditions.flatMap((each) => (each.op === op ? each.of : each)))
  return of.length === 1 ? of[0]! : { op, of }
}

function negate(condition: Condition): Condition {
  return condition.op === 'not' ? condition.of[0] : { op: 'not', of: [condition] }
}

/** Plain data in a fixed order, each once. */
function ordered<T>(list: readonly T[]): T[] {
  const texts = new Map(list.map((each) => [JSON.stringify(each), each]))
  return [...texts.keys()].sort().map((text) => texts.get(text)!)
}

function readOrder(schema: AnySchema, at: string, input: unknown): Query['orderBy'] {
  const order = new Map<unknown, unknown>()
  requireArray(at, typeof input === 'string' ? [input] : input).forEach((key, index) => {
    const here = `${at}.${index}`
    const [field, direction = 'asc'] = Array.isArray(key) ? (key as unknown[]) : [key]
    const { kind } = requireField(schema, here, field)
    if (kind === 'set' || kind === 'map' || kind === 'json')
      requireOneOf(here, field, `a field with an order (not a ${kind})`)
    requireOneOf(here, direction, 'asc', 'desc')
    // After `$id`, or a field's first appearance, nothing is left to decide.
    if (!order.has('$id') && !order.has(field)) order.set(field, direction)
  })
  // Ties are broken so anyway.
  if (order.get('$id') === 'asc') order.delete('$id')
  return [...order] as [string, 'asc' | 'desc'][]
}

function requireField(schema: AnySchema, at: string, name: unknown): Shape {
  const shape = SYSTEM[name as string] ?? schema.fields[name as string]
  if (!shape) requireOneOf(at, name, ...schema.names, ...Object.keys(SYSTEM))
  // A number may be compared with a counter even if no counter can equal it.
  return shape!.kind === 'counter' ? { kind: 'number' } : shape!
}

function requireCount(at: string, given: unknown): number {
  if (!Number.isSafeInteger(given) || (given as number) < 0) requireOneOf(at, given, 'a whole number from 0')
  return given as number
}

function requireObject(at: string, given: unknown): { readonly [key: string]: unknown } {
  if (!isPlainObject(given)) requireOneOf(at, given, 'a plain object')
  return given as { readonly [key: string]: unknown }
}

function requireArray(at: string, given: unknown): readonly unknown[] {
  if (!Array.isArray(given)) requireOneOf(at, given, 'an array')
  return given as readonly unknown[]
}

/** Also for what is no member of a list: then `allowed` says in words what is allowed, which `given` is not. */
function requireOneOf(at: string, given: unknown, ...allowed: readonly string[]): void {
  readValue(at, { kind: 'enum', members: allowed }, given)
}

function readValue(at: string, shape: Shape, given: unknown): Value {
  const date = shape.kind === 'date' && Number.isFinite(given)
  try {
    return plainValue(toStored(shape as FieldShape, date ? new Date(given as number) : given))
  } catch (error) {
    const { path, message } = (error as IbexError).issues[0]!
    const hint = given == null ? ' (ask for missing values by { exists: false })' : ''
    throw new IbexError('invalid-query', `${[at, ...path].join('.')}: ${message}${hint}.`)
  }
}
