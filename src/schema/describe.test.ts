import { describe, expect, test } from 'vitest'
import { compareSchemas } from './compare.js'
import { describeSchema } from './describe.js'
import { field } from './field.js'
import type { Fields } from './schema.js'
import { defineSchema } from './schema.js'
import { Task } from './schema.fixture.js'

test('a description is JSON data', () => {
  const description = describeSchema(Task)
  expect(JSON.parse(JSON.stringify(description))).toStrictEqual(description)
  expect(description).toStrictEqual({
    name: 'task',
    version: 1,
    fields: {
      title: { kind: 'string', presence: 'required' },
      done: { kind: 'boolean', presence: 'default' },
      due: { kind: 'date', presence: 'optional' },
      priority: { kind: 'enum', presence: 'default', members: ['low', 'high'] },
      estimate: { kind: 'number', presence: 'optional' },
      place: { kind: 'json', presence: 'optional' },
      owner: { kind: 'ref', presence: 'optional', target: 'person' },
      votes: { kind: 'counter', presence: 'default' },
      tags: { kind: 'set', presence: 'default', element: { kind: 'string', presence: 'required' } },
      reminders: { kind: 'set', presence: 'default', element: { kind: 'date', presence: 'required' } },
      scores: { kind: 'map', presence: 'default', element: { kind: 'number', presence: 'required' } },
    },
  })
})

describe('compareSchemas', () => {
  const compare = (before: Fields, now: Fields, version = 1): string[] =>
    compareSchemas(describeSchema(defineSchema('a', before)), describeSchema(defineSchema('a', now, { version }))).map(
      ({ path, message }) => `${path.join('.')}: ${message}`,
    )
  const title = field.string()
  const low = field.enum(['low'])
  const both = field.enum(['low', 'high'])
  const ways = 'raise the version of the schema, or in development call store.reset()'

  test.each<[string, Fields, Fields]>([
    ['nothing changes', { title }, { title: field.string() }],
    ['an optional field is added', { title }, { title, a: field.number().optional() }],
    ['a defaulted field is added', { title }, { title, a: field.number().default(1) }],
    ['a counter, set or map is added', {}, { a: field.counter(), b: field.set(title), c: field.map(title) }],
    ['a field is removed', { title, a: field.number() }, { title }],
    ['a required field gets a default', { title }, { title: title.default('') }],
    ['a required field becomes optional', { title }, { title: title.optional() }],
    ['an optional field gets a default', { title: title.optional() }, { title: title.default('') }],
    ['a default is changed', { title: title.default('a') }, { title: title.default('b') }],
    ['an enum gets a member', { low }, { low: both }],
    ['an enum in a set gets a member', { a: field.set(low) }, { a: field.set(both) }],
  ])('data stays readable when %s', (_, before, now) => {
    expect(compare(before, now)).toEqual([])
  })

  test.each<[string, Fields, Fields, string]>([
    [
      'a required field is added',
      {},
      { title },
      'title: required, but stored items may lack it: give it a default, make it optional',
    ],
    [
      'an optional field becomes required',
      { title: title.optional() },
      { title },
      'title: required, but stored items may lack it: give it a default, make it optional',
    ],
    [
      'a field loses its default',
      { title: title.default('') },
      { title },
      'title: required, but stored items may lack it: give it a default, make it optional',
    ],
    [
      'a kind changes',
      { a: field.string().default('') },
      { a: field.number().optional() },
      'a: was string, is number: keep the kind, use another name',
    ],
    [
      'a kind of elements changes',
      { a: field.set(title) },
      { a: field.set(field.date()) },
      'a: was set of string, is set of date: keep the kind, use another name',
    ],
    [
      'a field becomes a set',
      { a: title },
      { a: field.set(title) },
      'a: was string, is set of string: keep the kind, use another name',
    ],
    ['an enum loses a member', { a: both }, { a: low }, 'a: may be high in stored items: keep it'],
    [
      'an enum in a map loses a member',
      { a: field.map(both) },
      { a: field.map(low) },
      'a: may be high in stored items: keep it',
    ],
  ])('an issue names the field and the ways out when %s', (_, before, now, issue) => {
    expect(compare(before, now)).toEqual([`${issue}, ${ways}`])
  })

  test('every field is told of, and no field is mistaken for what all objects have', () => {
    expect(compare({ a: title }, { a: field.number(), b: title })).toHaveLength(2)
  })

  test('another version may be anything', () => {
    expect(compare({ a: title }, { a: field.number() }, 2)).toEqual([])
  })
})
