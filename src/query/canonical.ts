/** From what an app writes to canonical plain data, every mistake named; and the key under which equal queries meet. */
import { IbexError } from '../errors.js'
import { toStored } from '../schema/check.js'
import type { AnySchema } from '../schema/schema.js'
import type { FieldKind, FieldShape } from '../schema/shape.js'
import { compareValues } from '../value/order.js'
import { isBytes, isPlainObject, type Value } from '../value/value.js'
import type { QueryInput } from './input.js'
import { type Condition, FILTER, type Filter, type Operator, type Query } from './query.js'

/** What is read of a field's definition here. */
type Shape = Pick<FieldShape, 'kind'> & Partial<FieldShape>

const BOOLEAN: Shape = { kind: 'boolean' }
const STRING: Shape = { kind: 'string' }
const DATE: Shape = { kind: 'date' }
const SYSTEM: { readonly [field: string]: Shape } = {
  $id: STRING,
  $path: STRING,
  $createdAt: DATE,
  $createdBy: STRING,
  $updatedAt: DATE,
  $updatedBy: STRING,
}

const EQUALITY: readonly string[] = ['eq', 'ne', 'in', 'notIn', 'exists']
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

const OPPOSITE = { and: 'or', or: 'and', eq: 'ne', ne: 'eq', in: 'notIn', notIn: 'in' } as const

/**
 * The canonical form of a query: conditions flattened, sorted and free of duplicates, dates in milliseconds, `not` pushed
 * down to the comparisons, the order as a list.
 * @throws IbexError `invalid-query`, naming the place, what came and what is allowed there.
 */
export function canonicalQuery<S extends AnySchema>(schema: S, input: QueryInput<S> = {}): Query {
  const at = `Query of '${schema.name}'`
  for (const key of Object.keys(requireObject(at, input))) {
    requireOneOf(at, key, ['where', 'orderBy', 'limit', 'offset', 'filter'])
  }
  const { where = {}, orderBy = [], limit, offset = 0, filter } = input as { readonly [key: string]: unknown }
  if (filter !== undefined && typeof filter !== 'function') fail(`${at}, filter`, 'a function', filter)
  return Object.freeze({
    schema: schema.name,
    where: readWhere(schema, `${at}, where`, where),
    orderBy: readOrder(schema, `${at}, orderBy`, orderBy),
    limit: limit === undefined ? null : requireCount(`${at}, limit`, limit),
    offset: requireCount(`${at}, offset`, offset),
    opaque: !!filter,
    ...(filter && { [FILTER]: filter as Filter }),
  })
}

/**
 * A string that two queries share if and only if they ask the same. A filter counts by its reference, so the key of an
 * opaque query means nothing outside this process.
 */
export function queryKey(query: Query): string {
  const filter = query[FILTER]
  return JSON.stringify(query) + (filter ? numberOf(filter) : '')
}

const numbers = new WeakMap<Filter, number>()
let lastNumber = 0

function numberOf(filter: Filter): number {
  let number = numbers.get(filter)
  if (!number) numbers.set(filter, (number = ++lastNumber))
  return number
}

function readWhere(schema: AnySchema, at: string, input: unknown): Condition {
  const parts = Object.entries(requireObject(at, input)).map(([key, value]) => {
    const here = `${at}.${key}`
    if (key === 'not') return negate(readWhere(schema, here, value))
    if (key === 'and' || key === 'or') {
      return join(
        key,
        requireArray(here, value).map((each, index) => readWhere(schema, `${here}.${index}`, each)),
      )
    }
    const shape = requireField(schema, at, key, ['and', 'or', 'not'])
    if (!isPlainObject(value)) return readComparison(here, shape, key, 'eq', value)
    const all = Object.entries(value).map(([op, operand]) => {
      requireOneOf(here, op, OPERATORS[shape.kind] ?? EQUALITY)
      return readComparison(`${here}.${op}`, shape, key, op as Operator, operand)
    })
    return join('and', all)
  })
  return join('and', parts)
}

function readComparison(at: string, shape: Shape, field: string, op: Operator, given: unknown): Condition {
  const isSet = shape.kind === 'set'
  if (op === 'in' || op === 'notIn') {
    const each = requireArray(at, given).map((one, index) => readComparison(`${at}.${index}`, shape, field, 'eq', one))
    return op === 'in' ? join('or', each) : negate(join('or', each))
  }
  const asked = op === 'exists' ? BOOLEAN : op !== 'has' ? shape : isSet ? shape.element! : STRING
  const value = readValue(at, asked, given)
  return op === 'contains' && isSet
    ? join(
        'and',
        (value as readonly Value[]).map((each) => ({ op: 'has', field, value: each })),
      )
    : { op, field, value }
}

/**
 * Conditions joined: flat, each once, in a fixed order; several values allowed (`or`) or excluded (`and`) for one field
 * are one list. A single condition stands for itself.
 */
function join(op: 'and' | 'or', conditions: readonly Condition[]): Condition {
  const one = op === 'or' ? 'eq' : 'ne'
  const many = op === 'or' ? 'in' : 'notIn'
  const parts = new Map<string, Condition>()
  const values = new Map<string, Value[]>()
  const keep = (part: Condition): unknown => parts.set(JSON.stringify(part), part)
  for (const condition of conditions) {
    for (const part of condition.op === op ? condition.of : [condition]) {
      // One that is never true decides an `and`; one that always is, an `or`.
      if (part.op === OPPOSITE[op] && !part.of.length) return part
      if (part.op === one || part.op === many) {
        const list = part.op === many ? (part.value as readonly Value[]) : [part.value]
        values.set(part.field, [...(values.get(part.field) ?? []), ...list])
      } else keep(part)
    }
  }
  for (const [field, all] of values) {
    const value = all.sort(compareValues).filter((each, index) => !index || compareValues(all[index - 1]!, each))
    keep(value.length > 1 ? { op: many, field, value } : { op: one, field, value: value[0]! })
  }
  const of = [...parts.keys()].sort().map((key) => parts.get(key)!)
  return of.length === 1 ? of[0]! : { op, of }
}

function negate(condition: Condition): Condition {
  switch (condition.op) {
    case 'and':
    case 'or':
      return join(OPPOSITE[condition.op], condition.of.map(negate))
    case 'not':
      return condition.of[0]
    case 'eq':
    case 'ne':
    case 'in':
    case 'notIn':
      return { ...condition, op: OPPOSITE[condition.op] }
    case 'exists':
      return { ...condition, value: !condition.value }
    default:
      return { op: 'not', of: [condition] }
  }
}

function readOrder(schema: AnySchema, at: string, input: unknown): Query['orderBy'] {
  const order = new Map<string, 'asc' | 'desc'>()
  requireArray(at, typeof input === 'string' ? [input] : input).forEach((key, index) => {
    const here = `${at}.${index}`
    const [field, direction = 'asc'] = Array.isArray(key) ? (key as unknown[]) : [key]
    const { kind } = requireField(schema, here, field)
    if (kind === 'set' || kind === 'map' || kind === 'json') fail(here, `a field with an order, not a ${kind}`, field)
    requireOneOf(here, direction, ['asc', 'desc'])
    // After `$id`, or a field's first appearance, nothing is left to decide.
    if (!order.has('$id') && !order.has(field as string)) order.set(field as string, direction as 'asc')
  })
  // Ties are broken so anyway.
  if (order.get('$id') === 'asc') order.delete('$id')
  return [...order]
}

function requireField(schema: AnySchema, at: string, name: unknown, more: readonly string[] = []): Shape {
  const shapes: { readonly [field: string]: Shape } = { ...schema.fields, ...SYSTEM }
  requireOneOf(at, name, [...Object.keys(shapes), ...more])
  const shape = shapes[name as string]!
  // A number may be compared with a counter even if no counter can equal it.
  return shape.kind === 'counter' ? { kind: 'number' } : shape
}

function readValue(at: string, shape: Shape, given: unknown): Value {
  const { element } = shape
  // Without validators: one may ask for more than may be written.
  const asked = { ...shape, element: element && { ...element, validators: [] } } as FieldShape
  let value: Value
  try {
    value = toStored(asked, shape.kind === 'date' && Number.isFinite(given) ? new Date(given as number) : given)
  } catch (error) {
    const { path, message } = (error as IbexError).issues[0]!
    return refuse([at, ...path].join('.'), message, given)
  }
  return sortKeys(at, value)
}

/** The same with the keys of objects in ascending order, so that equal values are equal text. */
function sortKeys(at: string, value: Value): Value {
  if (isBytes(value)) return fail(at, 'data without bytes', value)
  if (Array.isArray(value)) return (value as readonly Value[]).map((each) => sortKeys(at, each))
  if (!isPlainObject(value)) return value
  const sorted: Record<string, Value> = {}
  for (const key of Object.keys(value).sort()) sorted[key] = sortKeys(at, value[key] as Value)
  return sorted
}

function requireCount(at: string, given: unknown): number {
  return Number.isSafeInteger(given) && (given as number) >= 0
    ? (given as number)
    : fail(at, 'a whole number from 0', given)
}

function requireObject(at: string, given: unknown): { readonly [key: string]: unknown } {
  return isPlainObject(given) ? given : fail(at, 'a plain object', given)
}

function requireArray(at: string, given: unknown): readonly unknown[] {
  return Array.isArray(given) ? given : fail(at, 'an array', given)
}

function requireOneOf(at: string, given: unknown, allowed: readonly string[]): void {
  if (!allowed.includes(given as string)) fail(at, `one of ${allowed.join(', ')}`, given)
}

function fail(at: string, expected: string, given: unknown): never {
  const kind = Object.prototype.toString.call(given).slice(8, -1)
  const got =
    typeof given === 'string' ? JSON.stringify(given.slice(0, 40)) : Object(given) === given ? kind : String(given)
  return refuse(at, `expected ${expected}, got ${got}`, given)
}

function refuse(at: string, message: string, given: unknown): never {
  const hint = given == null ? ' (ask for missing values by { exists: false })' : ''
  throw new IbexError('invalid-query', `${at}: ${message}${hint}.`)
}
