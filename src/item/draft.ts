/**
 * Drafts: an item that an app's function changes as if it were its own, while what it means is recorded:
 * `(t) => { t.done = !t.done; t.tags.add('urgent'); t.votes.increment() }`.
 */
import type { Issue } from '../errors.js'
import { IbexError } from '../errors.js'
import { checkElement, checkField, checkStored, fromStored, refuseEvent, refuseIssues } from '../schema/check.js'
import type { AnySchema, Draft, DraftCounter, DraftSet } from '../schema/schema.js'
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
  const { fields, version } = schema
  const issues: Issue[] = []
  // What was written, in stored form: values of registers, sums, and whole sets and maps, not yet in order.
  const written = new Map<string, Value | undefined>()
  // What stands in the draft for counters, sets and maps.
  const parts = new Map<string, unknown>()
  // Objects that are no patch when they are returned: `(t) => (t.position = { x, y })`, `(t) => t.labels`.
  const known = new Set<unknown>()
  let isOpen = true

  const requireOpen = (): void => {
    if (!isOpen)
      throw new IbexError('draft-closed', 'A draft was used after its function returned: edit again instead.')
  }
  const current = (name: string): Value | undefined =>
    written.has(name)
      ? written.get(name)
      : (readField(item, fields[name]!.merge, name, version) ?? fields[name]!.fallback)
  const write = (name: string, value: Value | undefined): true => {
    requireOpen()
    written.set(name, value)
    return true
  }
  const assign = (name: string, value: unknown): true => {
    requireOpen()
    const from = issues.length
    // `t.tags = t.tags` is no change.
    if (value === undefined || value !== parts.get(name)) {
      const stored = checkField(schema, name, value, issues)
      known.add(value)
      if (issues.length === from) {
        write(name, stored)
        parts.delete(name)
      }
    }
    return true
  }

  const counter = (name: string): DraftCounter => {
    const step = (by: unknown, sign: number): void => {
      const checked = checkElement(schema, name, by, issues)
      if (checked !== undefined) write(name, (current(name) as number) + sign * (checked as number))
    }
    return {
      get value() {
        return current(name) as number
      },
      increment: (by = 1) => step(by, 1),
      decrement: (by = 1) => step(by, -1),
    }
  }
  const set = (name: string): DraftSet<unknown> => {
    const held = (): Value[] => current(name) as Value[]
    const shown = (): unknown[] => held().map((stored) => fromStored(fields[name]!.element!, stored))
    const find = (value: unknown, found: Issue[]): [stored: Value | undefined, at: number] => {
      const stored = checkElement(schema, name, value, found)
      return [stored, stored === undefined ? -1 : held().findIndex((each) => equalValues(each, stored))]
    }
    const draft: DraftSet<unknown> = {
      get size() {
        return held().length
      },
      has: (value) => find(value, [])[1] >= 0,
      add: (value) => {
        const [stored, at] = find(value, issues)
        if (stored !== undefined && at < 0) write(name, [...held(), stored].sort(compareValues))
        return draft
      },
      delete: (value) => {
        const [, at] = find(value, [])
        return at >= 0 && write(name, held().toSpliced(at, 1))
      },
      clear: () => void write(name, []),
      [Symbol.iterator]: () => shown().values(),
    }
    return draft
  }
  const map = (name: string): object => {
    const { element } = fields[name]!
    const shown = { ...(fromStored(fields[name]!, current(name)) as Record<string, unknown>) }
    return new Proxy(shown, {
      set: (_, key, value) => {
        const path = [name, String(key)]
        const stored = checkElement(schema, name, value, issues, path)
        if (key === FORBIDDEN_KEY || !isWellFormed(path[1]!)) issues.push({ path, message: 'cannot be a key' })
        else if (stored !== undefined) {
          write(name, { ...(current(name) as object), [key]: stored })
          shown[path[1]!] = fromStored(element!, stored)
        }
        return true
      },
      deleteProperty: (_, key) => {
        const { [String(key)]: _gone, ...rest } = current(name) as Record<string, Value>
        delete shown[String(key)]
        return write(name, rest)
      },
    })
  }

  // With the names of the fields in it, which it is asked for; their values it never shows.
  const draft = new Proxy({ ...fields } as object, {
    get: (_, key) => {
      requireOpen()
      const name = String(key)
      const field = fields[name]
      if (!field || field.merge === 'register') return field && fromStored(field, current(name))
      let part = parts.get(name)
      if (!part) {
        part = { counter, set, map }[field.merge](name)
        parts.set(name, part)
        known.add(part)
      }
      return part
    },
    set: (_, name, value) => assign(String(name), value),
    deleteProperty: (_, name) => assign(String(name), undefined),
  })
  known.add(draft)

  try {
    const result = edit(draft as Draft<S>)
    if (typeof (result as PromiseLike<unknown> | undefined)?.then === 'function') {
      // Nobody waits for it; that it will fail on the closed draft must not become an unhandled rejection.
      ;(result as PromiseLike<unknown>).then(undefined, () => {})
      throw new IbexError('draft-async', 'The function that edits a draft cannot be async: await first, then edit.')
    }
    if (isPlainObject(result) && !known.has(result)) {
      refuseEvent(result, 'set({ … })')
      for (const name of Object.keys(result)) assign(name, result[name])
    }
    // What was written piece by piece, the field's own validators have not seen whole.
    const pieced = [...parts.keys()].filter((name) => written.has(name) && fields[name]!.validators.length > 0)
    if (pieced.length > 0) issues.push(...checkStored(schema, Object.fromEntries(written), pieced))
    refuseIssues(schema, issues)
  } finally {
    isOpen = false
  }
  const changes: Change[] = []
  for (const [name, value] of written) record(changes, schema, item, name, value, action)
  return changes
}
