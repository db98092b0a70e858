/**
 * Drafts: an item that an app's function changes as if it were its own, while the operations it means are recorded:
 * `(t) => { t.done = !t.done; t.tags.add('urgent'); t.votes.increment() }`.
 */
import type { Issue } from '../errors.js'
import { IbexError } from '../errors.js'
import { checkElement, checkField, checkStored, fromStored, refuseEvent, refuseIssues } from '../schema/check.js'
import type { AnySchema, Draft, DraftCounter, DraftSet, Patch } from '../schema/schema.js'
import type { FieldShape, SchemaShape } from '../schema/shape.js'
import { compareValues } from '../value/order.js'
import type { Value } from '../value/value.js'
import { isWellFormed } from '../value/utf8.js'
import { FORBIDDEN_KEY, isPlainObject } from '../value/value.js'
import type { Change } from './change.js'
import { record } from './record.js'
import type { Item } from './state.js'
import { readField } from './state.js'

/** What `update` takes instead of a patch. What it returns is a patch too, if it is a plain object. */
export type DraftFunction<S extends AnySchema> = (draft: Draft<S>) => Patch<S> | void | unknown

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
  const work = new Work(schema, item)
  try {
    const result = edit(work.draft as Draft<S>)
    if (typeof (result as PromiseLike<unknown> | undefined)?.then === 'function') {
      // Nobody waits for it; that it will fail on the closed draft must not become an unhandled rejection.
      ;(result as PromiseLike<unknown>).then(undefined, () => {})
      throw new IbexError(
        'draft-async',
        'The function that edits a draft must be synchronous: await first, then edit with what came of it.',
      )
    }
    // `(t) => (t.position = { x, y })` returns what it assigned, `(t) => t.labels` a part of the draft: no patches.
    if (isPlainObject(result) && !work.known.has(result)) work.assignAll(result)
    return work.changes(action)
  } finally {
    work.isOpen = false
  }
}

/** One run. What is written is kept in stored form by field: registers' values, and whole sets and maps once touched. */
class Work {
  readonly schema: SchemaShape
  readonly item: Item
  readonly draft: object
  /** Objects that mean no patch when they are returned: parts of the draft, and what was assigned. */
  readonly known: Set<unknown> = new Set()
  isOpen: boolean = true
  private readonly written = new Map<string, Value | undefined>()
  private readonly steps = new Map<string, number>()
  // Fields written piece by piece, whose own validators have not seen the whole.
  private readonly pieced = new Set<string>()
  private readonly parts = new Map<string, unknown>()
  private readonly issues: Issue[] = []

  constructor(schema: SchemaShape, item: Item) {
    this.schema = schema
    this.item = item
    this.draft = new Proxy(
      {},
      {
        get: (_, name) => this.read(name),
        set: (_, name, value) => this.assign(String(name), value),
        deleteProperty: (_, name) => this.assign(String(name), undefined),
        has: (_, name) => String(name) in schema.fields,
        ownKeys: () => schema.names as string[],
        getOwnPropertyDescriptor: (_, name) =>
          schema.fields[String(name)] && {
            value: this.read(name),
            writable: true,
            enumerable: true,
            configurable: true,
          },
      },
    )
    this.known.add(this.draft)
  }

  assignAll(patch: Record<string, unknown>): void {
    refuseEvent(patch, `set({ ${this.schema.names[0]}: … })`)
    for (const name of Object.keys(patch)) this.assign(name, patch[name])
  }

  changes(action: number): Change[] {
    const changes: Change[] = []
    for (const [name, value] of this.written) record(changes, this.schema, this.item, name, value, action)
    for (const [name, by] of this.steps) if (by !== 0) changes.push({ action, field: name, tag: 'inc', value: by })
    const validated = [...this.pieced].filter((name) => this.schema.fields[name]!.validators.length > 0)
    if (validated.length > 0) {
      const stored: Record<string, Value | undefined> = {}
      for (const name of validated) stored[name] = this.stored(name)
      this.issues.push(...checkStored(this.schema, stored, validated))
    }
    refuseIssues(this.schema, this.issues)
    return changes
  }

  private require(): void {
    if (this.isOpen) return
    throw new IbexError('draft-closed', 'This draft was used after its function returned. Edit the item again instead.')
  }

  /** What a field holds by now, in stored form. */
  private stored(name: string): Value | undefined {
    if (this.written.has(name)) return this.written.get(name)
    const { merge, fallback } = this.schema.fields[name]!
    const stored = readField(this.item, merge, name, this.schema.version) ?? fallback
    return merge === 'counter' ? (stored as number) + (this.steps.get(name) ?? 0) : stored
  }

  private read(name: string | symbol): unknown {
    this.require()
    const field = typeof name === 'string' ? this.schema.fields[name] : undefined
    if (!field) return undefined
    if (field.merge === 'register') return fromStored(field, this.stored(name as string))
    return this.part(name as string, field)
  }

  private assign(name: string, value: unknown): true {
    this.require()
    // `t.tags = t.tags` is no change.
    if (value !== undefined && value === this.parts.get(name)) return true
    const from = this.issues.length
    const stored = checkField(this.schema, name, value, this.issues)
    if (this.issues.length > from) return true
    this.known.add(value)
    this.written.set(name, stored)
    this.parts.delete(name)
    return true
  }

  /** What stands in the draft for a counter, a set or a map; the same object until something is assigned in its place. */
  private part(name: string, field: FieldShape): unknown {
    let part = this.parts.get(name)
    if (!part) {
      part = field.merge === 'counter' ? this.counter(name) : field.merge === 'set' ? this.set(name) : this.map(name)
      this.parts.set(name, part)
      this.known.add(part)
    }
    return part
  }

  private counter(name: string): DraftCounter {
    const read = (): number => this.stored(name) as number
    const add = (by: unknown, sign: 1 | -1): void => {
      this.require()
      const step = checkElement(this.schema, name, by, this.issues)
      if (step === undefined) return
      this.steps.set(name, (this.steps.get(name) ?? 0) + sign * (step as number))
      this.pieced.add(name)
    }
    return {
      get value() {
        return read()
      },
      increment: (by = 1) => add(by, 1),
      decrement: (by = 1) => add(by, -1),
    }
  }

  private set(name: string): DraftSet<unknown> {
    const { element } = this.schema.fields[name]!
    const elements = [...(this.stored(name) as readonly Value[])]
    // Where the element is, or would be; undefined for what cannot be one.
    const locate = (value: unknown, issues: Issue[]): { stored: Value; at: number; found: boolean } | undefined => {
      this.require()
      const stored = checkElement(this.schema, name, value, issues)
      if (stored === undefined) return undefined
      let at = 0
      while (at < elements.length && compareValues(elements[at]!, stored) < 0) at++
      return { stored, at, found: at < elements.length && compareValues(elements[at]!, stored) === 0 }
    }
    const touch = (): void => {
      this.written.set(name, elements)
      this.pieced.add(name)
    }
    const set: DraftSet<unknown> = {
      get size() {
        return elements.length
      },
      has: (value) => locate(value, [])?.found ?? false,
      add: (value) => {
        const place = locate(value, this.issues)
        if (place && !place.found) {
          elements.splice(place.at, 0, place.stored)
          touch()
        }
        return set
      },
      delete: (value) => {
        const place = locate(value, [])
        if (!place?.found) return false
        elements.splice(place.at, 1)
        touch()
        return true
      },
      clear: () => {
        this.require()
        elements.length = 0
        touch()
      },
      [Symbol.iterator]: () => elements.map((stored) => fromStored(element!, stored)).values(),
    }
    return set
  }

  private map(name: string): object {
    const { element } = this.schema.fields[name]!
    const entries = { ...(this.stored(name) as Readonly<Record<string, Value>>) }
    const shown: Record<string, unknown> = {}
    for (const key of Object.keys(entries)) shown[key] = fromStored(element!, entries[key])
    const touch = (): true => {
      this.written.set(name, entries)
      this.pieced.add(name)
      return true
    }
    return new Proxy(shown, {
      set: (_, key, value) => {
        this.require()
        const isKey = typeof key === 'string' && key !== FORBIDDEN_KEY && isWellFormed(key)
        const stored = checkElement(this.schema, name, value, this.issues, [name, String(key)])
        if (!isKey) this.issues.push({ path: [name], message: `${String(key)} cannot be a key` })
        else if (stored !== undefined) {
          entries[key] = stored
          shown[key] = fromStored(element!, stored)
          touch()
        }
        return true
      },
      deleteProperty: (_, key) => {
        this.require()
        if (typeof key !== 'string' || !Object.hasOwn(entries, key)) return true
        delete entries[key]
        delete shown[key]
        return touch()
      },
    })
  }
}
