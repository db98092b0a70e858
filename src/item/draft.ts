/**
 * Drafts: an item that an app's function changes as if it were its own, while what it means is recorded:
 * `(t) => { t.done = !t.done; t.tags.add('urgent'); t.votes.increment() }`.
 */
import type { Issue } from '../errors.js'
import { IbexError } from '../errors.js'
import { checkElement, checkField, checkStored, fromStored, refuseEvent, refuseIssues } from '../schema/check.js'
import type { AnySchema, Draft, DraftCounter, DraftSet } from '../schema/schema.js'
import type { FieldShape, SchemaShape } from '../schema/shape.js'
import { compareValues, equalValues } from '../value/order.js'
import { isWellFormed } from '../value/utf8.js'
import type { Value } from '../value/value.js'
import { FORBIDDEN_KEY, isPlainObject } from '../value/value.js'
import type { Change } from './change.js'
import { record } from './record.js'
import type { Item } from './state.js'
import { readField } from './state.js'

/** What `update` takes instead of a patch. What it returns is a patch too, if it is a plain object. */
export type DraftFunction<S extends AnySchema> = (draft: Draft<S>) => unknown

/** One run of such a function. */
interface Work {
  readonly schema: SchemaShape
  readonly item: Item
  readonly issues: Issue[]
  /** What was written, in stored form: values of registers, sums, whole sets and maps. */
  readonly written: Map<string, Value | undefined>
  /** What stands in the draft for counters, sets and maps. */
  readonly parts: Map<string, object>
  /** What was assigned as it came: `(t) => (t.position = { x, y })` returns it, and it is no patch. */
  readonly assigned: unknown[]
  isOpen: boolean
}

/**
 * Runs `edit` on a draft of `item`, and answers the changes that it meant. Nothing is written when it throws.
 * @throws IbexError `invalid` with every issue; `draft-async` if it returns a promise; `draft-closed`, to whoever uses the
 *   draft later; what `edit` throws
 */
export function recordDraft<S extends AnySchema>(
  schema: S,
  item: Item,
  edit: DraftFunction<S>,
  action: number = 0,
): Change[] {
  const issues: Issue[] = []
  const written = new Map<string, Value | undefined>()
  const parts = new Map<string, object>()
  const assigned: unknown[] = []
  const work: Work = { schema, item, issues, written, parts, assigned, isOpen: true }
  const draft = new Proxy(work, DRAFT)
  try {
    const result = edit(draft as unknown as Draft<S>)
    if (typeof (result as PromiseLike<unknown> | undefined)?.then === 'function') {
      // Nobody waits for it; that it will fail on the closed draft must not become an unhandled rejection.
      ;(result as PromiseLike<unknown>).then(undefined, () => {})
      throw new IbexError('draft-async', 'The function that edits a draft cannot be async: await first, then edit.')
    }
    if (isPlainObject(result) && ![draft, ...assigned, ...parts.values()].includes(result)) {
      refuseEvent(result, 'set({ … })')
      for (const name of Object.keys(result)) assign(work, name, result[name])
    }
    // What was written piece by piece, the field's own validators have not seen whole.
    const pieced = [...parts.keys()].filter((name) => written.has(name) && schema.fields[name]!.validators.length > 0)
    if (pieced.length > 0) issues.push(...checkStored(schema, Object.fromEntries(written), pieced))
    refuseIssues(schema, issues)
  } finally {
    work.isOpen = false
  }
  const changes: Change[] = []
  for (const [name, value] of written) record(changes, schema, item, name, value, action)
  return changes
}

const DRAFT: ProxyHandler<Work> = {
  get: (work, name) => {
    requireOpen(work)
    const field = work.schema.fields[String(name)]
    return field && read(work, String(name), field)
  },
  set: (work, name, value) => assign(work, String(name), value),
  deleteProperty: (work, name) => assign(work, String(name), undefined),
  has: ({ schema }, name) => String(name) in schema.fields,
  ownKeys: ({ schema }) => schema.names,
  getOwnPropertyDescriptor: ({ schema }, name) =>
    String(name) in schema.fields ? { configurable: true, enumerable: true } : undefined,
}

function requireOpen({ isOpen }: Work): void {
  if (!isOpen) throw new IbexError('draft-closed', 'A draft was used after its function returned: edit again instead.')
}

function read(work: Work, name: string, field: FieldShape): unknown {
  if (field.merge === 'register') return fromStored(field, current(work, name))
  let part = work.parts.get(name)
  if (!part) work.parts.set(name, (part = PARTS[field.merge](work, name, field)))
  return part
}

/** What a field holds by now, in stored form. */
function current({ written, schema, item }: Work, name: string): Value | undefined {
  if (written.has(name)) return written.get(name)
  const { merge, fallback } = schema.fields[name]!
  return readField(item, merge, name, schema.version) ?? fallback
}

function write(work: Work, name: string, value: Value | undefined): true {
  requireOpen(work)
  work.written.set(name, value)
  return true
}

function assign(work: Work, name: string, value: unknown): true {
  requireOpen(work)
  const { schema, issues, parts, assigned } = work
  const from = issues.length
  // `t.tags = t.tags` is no change.
  if (value !== undefined && value === parts.get(name)) return true
  const stored = checkField(schema, name, value, issues)
  if (issues.length === from) {
    write(work, name, stored)
    parts.delete(name)
    assigned.push(value)
  }
  return true
}

const PARTS: { [kind in 'counter' | 'set' | 'map']: (work: Work, name: string, field: FieldShape) => object } = {
  counter: (work, name): DraftCounter => {
    const step = (by: unknown, sign: number): void => {
      const checked = checkElement(work.schema, name, by, work.issues)
      if (checked !== undefined) write(work, name, (current(work, name) as number) + sign * (checked as number))
    }
    return {
      get value() {
        return current(work, name) as number
      },
      increment: (by = 1) => step(by, 1),
      decrement: (by = 1) => step(by, -1),
    }
  },

  set: (work, name, { element }): DraftSet<unknown> => {
    const held = (): Value[] => current(work, name) as Value[]
    const find = (value: unknown, issues: Issue[]): [stored: Value | undefined, at: number] => {
      const stored = checkElement(work.schema, name, value, issues)
      return [stored, stored === undefined ? -1 : held().findIndex((each) => equalValues(each, stored))]
    }
    const set: DraftSet<unknown> = {
      get size() {
        return held().length
      },
      has: (value) => find(value, [])[1] >= 0,
      add: (value) => {
        const [stored, at] = find(value, work.issues)
        if (stored !== undefined && at < 0) write(work, name, [...held(), stored].sort(compareValues))
        return set
      },
      delete: (value) => {
        const [, at] = find(value, [])
        return at >= 0 && write(work, name, held().toSpliced(at, 1))
      },
      clear: () => void write(work, name, []),
      [Symbol.iterator]: () =>
        held()
          .map((stored) => fromStored(element!, stored))
          .values(),
    }
    return set
  },

  map: (work, name, field) => {
    const shown = { ...(fromStored(field, current(work, name)) as Record<string, unknown>) }
    return new Proxy(shown, {
      set: (_, given, value) => {
        const key = String(given)
        const path = [name, key]
        const stored = checkElement(work.schema, name, value, work.issues, path)
        if (key === FORBIDDEN_KEY || !isWellFormed(key)) work.issues.push({ path, message: 'cannot be a key' })
        else if (stored !== undefined) {
          write(work, name, { ...(current(work, name) as object), [key]: stored })
          shown[key] = fromStored(field.element!, stored)
        }
        return true
      },
      deleteProperty: (_, given) => {
        const key = String(given)
        const { [key]: _gone, ...rest } = current(work, name) as Record<string, Value>
        write(work, name, rest)
        return delete shown[key]
      },
    })
  },
}
