import { expect, test } from 'vitest'
import { defineSchema, field, type Past } from '../../../src/index.js'
import { createTestStore } from '../../../src/testing/test-store.js'
import { readExpression } from './expression.js'

const Task = defineSchema('task', {
  title: field.string(),
  done: field.boolean().default(false),
  votes: field.counter(),
  tags: field.set(field.string()),
  due: field.date().optional(),
})

const store = createTestStore({ schemas: [Task] })
const tasks = store.collection(Task)
tasks.create({ title: 'Fix login', tags: ['urgent'], due: new Date(1000) }, { id: 't-1' })
tasks.create({ title: 'Write notes', done: true }, { id: 't-2' })
tasks.update('t-2', (task) => task.votes.increment(3))
const past = { collection: (schema) => store.collection(schema) } as Past

const value = (text: string): unknown => readExpression(text, [Task])(past)

test('items, counts and sums', () => {
  expect(value('item(task, "t-1").title == "Fix login"')).toBe(true)
  expect(value('item("task", "t-9")')).toBeUndefined()
  expect(value('item(task, "t-9").title == null')).toBe(true)
  expect(value('count(task)')).toBe(2)
  expect(value('count(task, done == false && votes < 3)')).toBe(1)
  expect(value('sum(task, votes) + 1')).toBe(4)
  expect(value('every(task, votes >= 0) && !some(task, title == "")')).toBe(true)
  expect(value('some(task, $id == "t-2" ? done : false)')).toBe(true)
})

test('sets, texts and dates', () => {
  expect(value('some(task, tags.includes("urgent"))')).toBe(true)
  expect(value('count(task, tags.length > 0)')).toBe(1)
  expect(value('count(task, title.toLowerCase().startsWith("fix"))')).toBe(1)
  expect(value('item(task, "t-1").due < 2000')).toBe(true)
  expect(value('item(task, "t-1").tags == ["urgent"]')).toBe(true)
})

test('it reaches data only', () => {
  expect(value('item(task, "t-1").constructor')).toBeUndefined()
  expect(value('item(task, "t-1")["__proto__"]')).toBeUndefined()
  expect(() => value('item(task, "t-1").title.constructor("x")')).toThrow('There is no constructor()')
  expect(() => value('globalThis')).toThrow('means nothing here')
  expect(() => value('fetch("x")')).toThrow('There is no fetch()')
  expect(() => value('item(toString, "x")')).toThrow('There is no schema "toString": there are task.')
})

test('what cannot be read is said', () => {
  expect(() => value('count(task')).toThrow('Expected )')
  expect(() => value('a b')).toThrow('One expression, please')
  expect(() => value('title == "x"')).toThrow('fields have a meaning within')
  expect(() => value('1 << 2')).toThrow('<<')
})
