/** What is inferred from a schema, and what must not compile. Checked by the compiler, never run. */
import { expectTypeOf } from 'vitest'
import type { Value } from '../value/value.js'
import { field } from './field.js'
import type {
  AnySchema,
  AnySnapshot,
  CreateInput,
  Draft,
  DraftCounter,
  DraftSet,
  FieldsOf,
  Patch,
  Schema,
  SchemaName,
  Snapshot,
  SystemFields,
} from './schema.js'
import { defineSchema } from './schema.js'
import type { SchemaShape } from './shape.js'
import type { StandardSchema } from './standard.js'

interface Place {
  x: number
  list: { y: number }[]
  note?: string
}

const Touchstone = defineSchema('task', {
  title: field.string(),
  done: field.boolean().default(false),
  tags: field.set(field.string()),
  votes: field.counter(),
})
type T = typeof Touchstone

const All = defineSchema('all', {
  due: field.date().optional(),
  level: field.enum(['low', 'high']).optional(),
  size: field.enum(['s', 'm']).default('s'),
  place: field.json<Place>(),
  any: field.json(),
  owner: field.ref(Touchstone),
  levels: field.set(field.enum(['low', 'high'])),
  dates: field.map(field.date()),
})
type A = typeof All

type Data<S extends AnySchema> = Omit<Snapshot<S>, keyof SystemFields>

// The touchstone: no annotation anywhere.
expectTypeOf<SchemaName<T>>().toEqualTypeOf<'task'>()
expectTypeOf<keyof FieldsOf<T>>().toEqualTypeOf<'title' | 'done' | 'tags' | 'votes'>()
expectTypeOf<Snapshot<T>>().toExtend<SystemFields>()
expectTypeOf<Data<T>>().toEqualTypeOf<{
  readonly title: string
  readonly done: boolean
  readonly tags: readonly string[]
  readonly votes: number
}>()
expectTypeOf<CreateInput<T>>().toEqualTypeOf<{
  title: string
  done?: boolean | undefined
  tags?: readonly string[] | ReadonlySet<string> | undefined
  votes?: number | undefined
}>()
expectTypeOf<Patch<T>>().toEqualTypeOf<{
  title?: string
  done?: boolean
  tags?: readonly string[] | ReadonlySet<string>
}>()
expectTypeOf<Draft<T>>().toEqualTypeOf<{
  readonly tags: DraftSet<string>
  readonly votes: DraftCounter
  title: string
  done: boolean
}>()

// Every kind and presence.
expectTypeOf<Data<A>>().toEqualTypeOf<{
  readonly due?: Date | undefined
  readonly level?: 'low' | 'high' | undefined
  readonly size: 's' | 'm'
  readonly place: { readonly x: number; readonly list: readonly { readonly y: number }[]; readonly note?: string }
  readonly any: Value
  readonly owner: string
  readonly levels: readonly ('low' | 'high')[]
  readonly dates: { readonly [key: string]: Date }
}>()
expectTypeOf<Patch<A>['due']>().toEqualTypeOf<Date | undefined>()
expectTypeOf<Draft<A>['dates']>().toEqualTypeOf<{ [key: string]: Date }>()
expectTypeOf<Draft<A>['levels']>().toEqualTypeOf<DraftSet<'low' | 'high'>>()

export function drafts(t: Draft<T>, a: Draft<A>): void {
  t.done = !t.done
  t.tags.add('urgent').delete('old')
  t.votes.increment()
  expectTypeOf([...t.tags]).toEqualTypeOf<string[]>()
  a.due = new Date(0)
  a.due = undefined
  delete a.level
  a.dates['start'] = new Date(0)
  delete a.dates['start']
  a.dates = {}
  a.place = { x: 1, list: [] }
  // @ts-expect-error a counter is counted, not assigned
  t.votes = 3
  // @ts-expect-error a set is called, not assigned
  t.tags = ['a']
  // @ts-expect-error a json value is written whole
  a.place.x = 2
  // @ts-expect-error not a member
  a.levels.add('medium')
  // @ts-expect-error required
  t.title = undefined
}

export function snapshots(task: Snapshot<T>, all: Snapshot<A>): void {
  // @ts-expect-error read-only
  task.title = ''
  // @ts-expect-error read-only
  task.tags.push('a')
  // @ts-expect-error read-only all the way down
  all.place.list[0]!.y = 1
  // @ts-expect-error no such field
  void task.name
}

export function inputs(create: (data: CreateInput<T>) => void, set: (patch: Patch<A>) => void): void {
  create({ title: 'New task' })
  create({ title: 'New task', tags: new Set(['a']), votes: 2 })
  // @ts-expect-error title is required
  create({ done: true })
  // @ts-expect-error a set of strings is not a string
  create({ title: '', tags: 'abc' })
  // @ts-expect-error no such field
  create({ title: '', name: '' })
  set({ due: undefined })
  // @ts-expect-error the id is not a field
  set({ $id: 'a' })
  // @ts-expect-error not a member
  set({ level: 'medium' })
  // @ts-expect-error a default is not cleared
  set({ size: undefined })
}

// What generic code can do.
export function generic<S extends AnySchema>(schema: S, snapshot: Snapshot<S>): AnySnapshot {
  expectTypeOf(snapshot.$id).toEqualTypeOf<string>()
  const shape: SchemaShape = schema
  void shape
  return snapshot
}
expectTypeOf(Touchstone).toExtend<AnySchema>()
expectTypeOf<Snapshot<T>>().toExtend<AnySnapshot>()
expectTypeOf<Snapshot<AnySchema>['$id']>().toEqualTypeOf<string>()
expectTypeOf<Snapshot<AnySchema>['title']>().toEqualTypeOf<unknown>()
expectTypeOf<CreateInput<AnySchema>>().toEqualTypeOf<{ [name: string]: unknown }>()
expectTypeOf<Draft<AnySchema>>().toEqualTypeOf<{ [name: string]: unknown }>()
expectTypeOf<Snapshot<T | A>['$id']>().toEqualTypeOf<string>()
expectTypeOf<T>().toExtend<Schema<'task'>>()

declare const string: StandardSchema<string>
declare const number: StandardSchema<number>
declare const place: StandardSchema<Place>
declare const strings: StandardSchema<string[]>

export const Validated = defineSchema('validated', {
  before: field.string().validate(string).default(''),
  after: field.string().default('').validate(string).validate(string),
  place: field.json<Place>().validate(place),
  tags: field.set(field.string().validate(string)).validate(strings),
  // @ts-expect-error the validator's output is of another type
  wrong: field.string().validate(number),
})
expectTypeOf<Snapshot<typeof Validated>['before']>().toEqualTypeOf<string>()

export function refused(): void {
  // @ts-expect-error of another type
  field.number().default('1')
  // @ts-expect-error not a member
  field.enum(['a', 'b']).default('c')
  // @ts-expect-error either a default or optional
  field.string().default('').optional()
  // @ts-expect-error a set starts empty
  field.set(field.string()).default([])
  // @ts-expect-error a counter starts at 0
  field.counter().optional()
  // @ts-expect-error no counters in sets
  field.set(field.counter())
  // @ts-expect-error no sets in maps
  field.map(field.set(field.string()))
  // @ts-expect-error elements are always there
  field.set(field.string().optional())
  // @ts-expect-error a date is not plain data
  field.json<{ at: Date }>().optional()
  // @ts-expect-error a function is not plain data
  defineSchema('a', { fn: field.json<{ call(): void }>() })
  // @ts-expect-error not fields
  defineSchema('a', { title: 'string' })
}
field.json<{ id: string & { readonly brand: 1 }; bytes: Uint8Array; pair: [number, string] | null }>().optional()
field.json<unknown>().optional()
