/**
 * Between what an app writes and what is stored: checking, and the two ways of conversion. Dates are stored as
 * milliseconds, sets as arrays in canonical order; all else is stored as it is.
 *
 * Functions that take `issues` add to it what they find and go on, so that the app learns of everything at once.
 */
import type { Issue } from '../errors.js'
import { IbexError } from '../errors.js'
import { requireItemId } from '../ids.js'
import { compareValues, equalValues } from '../value/order.js'
import { isWellFormed } from '../value/utf8.js'
import type { Value } from '../value/value.js'
import { isPlainObject, requireValue } from '../value/value.js'
import { frozenDate } from './frozen-date.js'
import type { FieldShape, SchemaShape } from './shape.js'
import { runValidator } from './standard.js'

/** Where the value at hand is; one array for all, changed on the way down and up. */
type Path = (string | number)[]

const REQUIRED = 'needs a value'

/** Where the name of a kind does not say what to give. */
const EXPECTED: { readonly [kind: string]: string } = {
  date: 'valid Date',
  ref: 'item id',
  counter: 'whole number',
  set: 'array or Set',
  map: 'plain object',
}

/**
 * The fields of a new item in stored form: what was given, and the defaults of what was not. Counters at 0, empty sets
 * and maps, and optional fields without a value are left out: there is nothing to record of them.
 * @throws IbexError `invalid` with every issue, `event-as-data`
 */
export function checkCreate(schema: SchemaShape, input: unknown = {}): Record<string, Value> {
  const data = requireData(schema, input, 'create()')
  const issues: Issue[] = []
  const stored: Record<string, Value> = {}
  for (const name of Object.keys(data)) if (!schema.fields[name]) checkField(schema, name, 0, issues, undefined, true)
  for (const name of schema.names) {
    const value = checkField(schema, name, data[name], issues, undefined, true)
    if (value === undefined) continue
    const { merge, fallback } = schema.fields[name]!
    if (merge === 'register' || !equalValues(value, fallback!)) stored[name] = value
  }
  refuseIssues(schema, issues)
  return stored
}

/**
 * The fields of a patch in stored form; undefined where an optional field is cleared. Sets and maps are whole.
 * @throws IbexError `invalid` with every issue, `event-as-data`
 */
export function checkPatch(schema: SchemaShape, patch: unknown): Record<string, Value | undefined> {
  const data = requireData(schema, patch, 'set({ … })')
  const issues: Issue[] = []
  const stored: Record<string, Value | undefined> = {}
  for (const name of Object.keys(data)) stored[name] = checkField(schema, name, data[name], issues)
  refuseIssues(schema, issues)
  return stored
}

/**
 * A value that is assigned to a whole field, in stored form; undefined when it clears an optional field, and when there
 * were issues. Counters cannot be assigned. When `creating`, they can, and the default stands for undefined.
 */
export function checkField(
  schema: SchemaShape,
  name: string,
  value: unknown,
  issues: Issue[],
  path?: Issue['path'],
  creating = false,
): Value | undefined {
  const field = schema.fields[name]
  if (field && isSimple(field, value)) return value
  const at = path ? [...path] : [name]
  if (!field) return report(name[0] === '$' ? 'belongs to Ibex' : `no field of ${schema.name}`, issues, at)
  if (!creating && field.kind === 'counter') {
    return report(`a counter, not assignable: use draft.${name}.increment()`, issues, at)
  }
  const given = creating && value === undefined ? read(field, value, issues, at) : value
  if (given !== undefined) return convert(field, given, issues, at)
  return creating || field.presence === 'optional' ? undefined : report(REQUIRED, issues, at)
}

/** Whether a value is stored as it is, and nobody else wants to see it: most are, and are checked quickly. */
function isSimple({ kind, validators }: FieldShape, value: unknown): value is Value {
  if (typeof value !== kind || validators.length > 0) return false
  if (kind === 'string') return isWellFormed(value as string)
  return kind === 'boolean' || (Number.isFinite(value) && !Object.is(value, -0))
}

/**
 * One element of a set, one value of a map, or one step of a counter, in stored form; undefined when there were issues.
 * For validators of the whole field call {@link checkStored} with what comes of it.
 */
export function checkElement(
  schema: SchemaShape,
  name: string,
  value: unknown,
  issues: Issue[],
  path: Issue['path'] = [name],
): Value | undefined {
  const field = schema.fields[name]!
  return convert(field.element ?? field, value, issues, [...path], field.element?.validators ?? [])
}

/**
 * What is wrong with stored fields. Fields that the schema does not have are not looked at.
 *
 * Without `written`: where a stored value is not of its field's type, or a required one is missing. Such a value is read
 * as {@link fromStored} says.
 *
 * With `written`, the names of the fields that a change wrote (of a new item, all): only these, and by their validators
 * too. So an item whose other fields no longer satisfy a stricter schema can still be edited.
 */
export function checkStored(
  schema: SchemaShape,
  fields: Readonly<Record<string, Value | undefined>>,
  written?: Iterable<string>,
): Issue[] {
  const issues: Issue[] = []
  for (const name of written ?? schema.names) {
    const field = schema.fields[name]
    const from = issues.length
    const value = field && read(field, fields[name], issues, [name])
    if (written && value !== undefined && issues.length === from) convert(field!, value, issues, [name])
  }
  return issues
}

/** What an app gave, in stored form; the field's own validators are not run. Throws `invalid`. */
export function toStored(field: FieldShape, value: unknown): Value {
  const issues: Issue[] = []
  const stored = convert(field, value, issues, [], [])
  refuseIssues({ name: field.kind }, issues)
  return stored!
}

/**
 * What an app sees of a stored value, deeply frozen. Total: where nothing is stored, or something that is not of the
 * field's type, it is the default; undefined where there is none, which a *required* field must not show: an item with
 * such a field is not shown. Unfit elements of sets and entries of maps are left out.
 */
export function fromStored(field: FieldShape, stored: Value | undefined): unknown {
  return read(field, stored, [], [])
}

/** Throws `invalid` unless `issues` is empty. */
export function refuseIssues({ name }: { readonly name: string }, issues: readonly Issue[]): void {
  if (issues.length === 0) return
  const lines = issues.slice(0, 5).map(({ path, message }) => (path.length > 0 ? `${path.join('.')}: ` : '') + message)
  throw new IbexError('invalid', `Invalid ${name}: ${lines.join('; ')}${issues.length > 5 ? '; …' : ''}`, { issues })
}

/** Throws `event-as-data` when `data` is an event of the DOM or of React. `call` is what the app should have written. */
export function refuseEvent(data: unknown, call: string): void {
  if (typeof (data as { preventDefault?: unknown } | null | undefined)?.preventDefault === 'function') {
    const message = `An event was passed as data. Write onClick={() => ${call}}, not onClick={${call.split('(')[0]}}.`
    throw new IbexError('event-as-data', message)
  }
}

function requireData(schema: SchemaShape, data: unknown, call: string): Record<string, unknown> {
  refuseEvent(data, call)
  if (isPlainObject(data)) return data
  const issues: Issue[] = []
  refuse('plain object', data, issues, [])
  refuseIssues(schema, issues)
  return {}
}

/** The stored form of `value`; undefined when there were issues. Each validator sees what the one before it made. */
function convert(
  field: FieldShape,
  value: unknown,
  issues: Issue[],
  path: Path,
  validators: FieldShape['validators'] = field.validators,
): Value | undefined {
  const { kind, element } = field
  const from = issues.length
  let stored: Value | undefined
  const given = kind === 'date' ? timeOf(value) : kind === 'set' ? listOf(value) : value
  if (!holds(field, given) || (kind === 'counter' && !Number.isSafeInteger(given))) {
    refuseKind(field, value, issues, path)
  } else if (element) {
    const inside = (each: unknown, key: string | number): Value => {
      path.push(key)
      const converted = convert(element, each, issues, path)
      path.pop()
      // Null where there was an issue: nothing comes of the whole then.
      return converted ?? null
    }
    if (kind === 'set') {
      const values: Value[] = []
      for (const each of given as unknown[]) values.push(inside(each, values.length))
      stored = Object.freeze(canonical(values))
    } else {
      const entries = Object.entries(given as object).map(([key, each]) => [key, inside(each, key)])
      stored = plain(Object.fromEntries(entries), issues, path)
    }
  } else if (typeof given === 'number') {
    stored = given + 0
  } else if (typeof given === 'boolean' || (typeof given === 'string' && isWellFormed(given))) {
    stored = given
  } else {
    stored = plain(given, issues, path)
  }
  for (const validator of validators) {
    if (issues.length > from) break
    const seen = read(field, stored, issues, path)
    const answer = runValidator(validator, seen, issues, path)
    if (answer && answer.value !== seen) stored = convert(field, answer.value, issues, path, [])
  }
  return issues.length > from ? undefined : stored
}

/** What the app sees of `stored`; see {@link fromStored}. */
function read(field: FieldShape, stored: Value | undefined, issues: Issue[], path: Path): unknown {
  const { kind, element, fallback } = field
  if (stored === undefined) {
    if (field.presence === 'required') report(REQUIRED, issues, path)
  } else if (!holds(field, stored)) {
    refuseKind(field, stored, issues, path)
  } else if (!element) {
    return kind === 'date' ? frozenDate(stored as number) : stored
  } else if (kind === 'set') {
    const values: Value[] = []
    ;(stored as readonly Value[]).forEach((each, index) => {
      if (fits(element, each, issues, path, index)) values.push(each)
    })
    const shown = canonical(values).map((each) => read(element, each, issues, path))
    if (shown.length > 0) return Object.freeze(shown)
  } else {
    const map = stored as Readonly<Record<string, Value>>
    const entries: [string, unknown][] = []
    for (const key of Object.keys(map).sort()) {
      if (fits(element, map[key]!, issues, path, key)) entries.push([key, read(element, map[key], issues, path)])
    }
    if (entries.length > 0) return Object.freeze(Object.fromEntries(entries))
  }
  // The empty set or map itself, for which there is one frozen object.
  return element || fallback === undefined ? fallback : read(field, fallback, issues, path)
}

function fits(element: FieldShape, each: Value, issues: Issue[], path: Path, key: string | number): boolean {
  return holds(element, each) || !!refuseKind(element, each, issues, [...path, key])
}

/** Whether `stored` is of the type of `field`, not looking into sets and maps. */
function holds(field: FieldShape, stored: unknown): boolean {
  switch (field.kind) {
    case 'string':
    case 'boolean':
      return typeof stored === field.kind
    case 'number':
    case 'counter':
      return Number.isFinite(stored)
    case 'date':
      // As far as a Date reaches.
      return Number.isInteger(stored) && Math.abs(stored as number) <= 8.64e15
    case 'enum':
      return field.members!.includes(stored as string)
    case 'ref':
      return isItemId(stored)
    case 'set':
      return Array.isArray(stored)
    case 'map':
      return isPlainObject(stored)
    case 'json':
      return true
  }
}

function isItemId(value: unknown): boolean {
  try {
    return requireItemId(value as string) === value
  } catch {
    return false
  }
}

/** A frozen copy of plain data. */
function plain(value: unknown, issues: Issue[], path: Path): Value | undefined {
  try {
    // Inside an array, because the bytes of a change put it into one, and depth is limited.
    return (requireValue([value]) as readonly Value[])[0]
  } catch (error) {
    if (!(error instanceof IbexError)) throw error
    for (const issue of error.issues) report(issue.message, issues, [...path, ...issue.path.slice(1)])
    return undefined
  }
}

/** Sorted, and without what is there twice. Changes `values`. */
function canonical(values: Value[]): Value[] {
  if (values.every((value, index) => index === 0 || compareValues(values[index - 1]!, value) < 0)) return values
  return values.sort(compareValues).filter((value, index) => index === 0 || !equalValues(values[index - 1]!, value))
}

function report(message: string, issues: Issue[], path: Issue['path']): undefined {
  issues.push({ path: [...path], message })
}

function refuseKind(field: FieldShape, value: unknown, issues: Issue[], path: Path): undefined {
  refuse(field.members?.join(' | ') ?? EXPECTED[field.kind] ?? field.kind, value, issues, path)
}

function refuse(expected: string, value: unknown, issues: Issue[], path: Path): undefined {
  const tag = tagOf(value)
  const given =
    typeof value === 'string' ? JSON.stringify(value.slice(0, 40)) : Object(value) === value ? tag : String(value)
  report(`expected ${expected}, got ${given}`, issues, path)
}

function timeOf(date: unknown): number | undefined {
  return tagOf(date) === 'Date' ? (date as Date).getTime() : undefined
}

function listOf(list: unknown): unknown {
  return !Array.isArray(list) && tagOf(list) === 'Set' ? [...(list as Set<unknown>)] : list
}

/** What an object is, of whatever realm: test environments and frames have a `Date` of their own. */
function tagOf(value: unknown): string {
  return Object.prototype.toString.call(value).slice(8, -1)
}
