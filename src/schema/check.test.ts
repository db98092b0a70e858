import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Issue } from '../errors.js'
import { compareValues } from '../value/order.js'
import type { Value } from '../value/value.js'
import { freezeDeep } from '../value/value.js'
import {
  checkCreate,
  checkElement,
  checkField,
  checkPatch,
  checkStored,
  fromStored,
  refuseEvent,
  toStored,
} from './check.js'
import type { ElementField, Field } from './field.js'
import { field } from './field.js'
import type { FieldKind } from './shape.js'
import { defineSchema } from './schema.js'
import { Task, standard, thrown, trimmed } from './schema.fixture.js'

const messages = (issues: readonly Issue[]): string[] =>
  issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)

describe('checkCreate', () => {
  test('gives what was written and the defaults of registers, in stored form', () => {
    expect(checkCreate(Task, { title: 'A' })).toEqual({ title: 'A', done: false, priority: 'low' })
    const due = new Date('2026-11-22T14:03:07.412Z')
    expect(
      checkCreate(Task, {
        title: 'A',
        done: true,
        due,
        priority: 'high',
        estimate: -0,
        place: { x: 1, y: 2 },
        owner: 'ada-1',
        votes: 3,
        tags: ['b', 'a', 'b'],
        reminders: new Set([due, new Date(0), new Date(due)]),
        scores: { b: 2, a: 1 },
      }),
    ).toEqual({
      title: 'A',
      done: true,
      due: due.getTime(),
      priority: 'high',
      estimate: 0,
      place: { x: 1, y: 2 },
      owner: 'ada-1',
      votes: 3,
      tags: ['a', 'b'],
      reminders: [0, due.getTime()],
      scores: { a: 1, b: 2 },
    })
  })

  test('leaves out undefined, counters at 0, empty sets and empty maps', () => {
    const stored = checkCreate(Task, { title: 'A', due: undefined, votes: 0, tags: [], scores: {} })
    expect(Object.keys(stored)).toEqual(['title', 'done', 'priority'])
  })

  test('copies what it is given', () => {
    const place = { x: 1, y: 2 }
    const stored = checkCreate(Task, { title: 'A', place })
    place.x = 9
    expect(stored['place']).toEqual({ x: 1, y: 2 })
    expect(Object.isFrozen(stored['place'])).toBe(true)
  })

  test('needs nothing where nothing is required', () => {
    expect(checkCreate(defineSchema('a', { votes: field.counter() }))).toEqual({})
  })

  test('finds every issue, with its path, and says what came and what was expected', () => {
    const error = thrown(() =>
      checkCreate(Task, {
        done: 'yes',
        due: new Date(Number.NaN),
        priority: 'urgent',
        estimate: Number.POSITIVE_INFINITY,
        place: { x: 1, y: [1, undefined] },
        owner: 'no spaces',
        votes: 1.5,
        tags: ['a', 5, 'b'],
        reminders: '2026-01-01',
        scores: { a: 'b' },
        titel: 'A',
        $id: 'a',
        constructor: 1,
      }),
    )
    expect(error.code).toBe('invalid')
    expect(messages(error.issues)).toEqual([
      'titel: no field of task',
      '$id: belongs to Ibex',
      'constructor: no field of task',
      'title: needs a value',
      'done: expected boolean, got "yes"',
      'due: expected valid Date, got Date',
      'priority: expected low | high, got "urgent"',
      'estimate: expected number, got Infinity',
      expect.stringMatching(/^place\.y\.1: .*got undefined/),
      'owner: expected item id, got "no spaces"',
      'votes: expected whole number, got 1.5',
      'tags.1: expected string, got 5',
      'reminders: expected array or Set, got "2026-01-01"',
      'scores.a: expected number, got "b"',
    ])
    expect(error.message).toMatch(/^Invalid task: titel: no field of task; .*; …$/)
  })

  test.each([null, 'a', 5, [], new Date(0), new Map(), () => {}])('refuses %s for data', (input) => {
    expect(thrown(() => checkCreate(Task, input))).toMatchObject({ code: 'invalid', issues: [{ path: [] }] })
  })

  test('refuses text with half a character, holes, and keys that would change a prototype', () => {
    const scores = JSON.parse('{"__proto__": 1}') as object
    const { issues } = thrown(() => checkCreate(Task, { title: 'a\ud83d', tags: Array(1), scores }))
    expect(issues.map(({ path }) => path)).toEqual([['title'], ['tags', 0], ['scores']])
  })

  test('an Event or a SyntheticEvent is not data', () => {
    class SyntheticBaseEvent {
      readonly nativeEvent: object = {}
      preventDefault(): void {}
    }
    for (const event of [new Event('click'), new SyntheticBaseEvent()]) {
      const error = thrown(() => checkCreate(Task, event))
      expect(error.code).toBe('event-as-data')
      expect(error.message).toContain('onClick={() => create()}')
      expect(thrown(() => checkPatch(Task, event)).message).toContain('onClick={() => set({ … })}, not onClick={set}')
    }
    expect(() => refuseEvent(undefined, 'create()')).not.toThrow()
  })
})

describe('checkPatch', () => {
  test('takes any fields; undefined clears optional ones', () => {
    expect(checkPatch(Task, {})).toEqual({})
    const stored = checkPatch(Task, { done: true, due: undefined, tags: new Set(['b', 'a']) })
    expect(Object.entries(stored)).toEqual([
      ['done', true],
      ['due', undefined],
      ['tags', ['a', 'b']],
    ])
  })

  test('refuses counters, undefined for what is not optional, and unknown fields', () => {
    const error = thrown(() => checkPatch(Task, { votes: 1, title: undefined, done: undefined, name: undefined }))
    expect(messages(error.issues)).toEqual([
      'votes: a counter, not assignable: use draft.votes.increment()',
      'title: needs a value',
      'done: needs a value',
      'name: no field of task',
    ])
  })
})

test('checkField and checkElement go on after issues, below the path they are given', () => {
  const issues: Issue[] = []
  expect(checkField(Task, 'tags', ['b', 'a'], issues)).toEqual(['a', 'b'])
  expect(checkElement(Task, 'reminders', new Date(5), issues)).toBe(5)
  expect(checkElement(Task, 'votes', -2, issues)).toBe(-2)
  expect(issues).toEqual([])
  expect(checkField(Task, 'tags', ['b', 1], issues)).toBeUndefined()
  expect(checkElement(Task, 'scores', 'x', issues, ['scores', 'a'])).toBeUndefined()
  expect(checkElement(Task, 'votes', 0.1, issues)).toBeUndefined()
  expect(issues.map(({ path }) => path)).toEqual([['tags', 1], ['scores', 'a'], ['votes']])
})

describe('validators', () => {
  const seen: unknown[] = []
  const watch = standard((value) => {
    seen.push(value)
    return { value }
  })
  const Note = defineSchema('note', {
    text: field.string().validate(trimmed),
    at: field
      .date()
      .validate(watch as never)
      .optional(),
    tags: field.set(field.string().validate(trimmed)).validate(
      standard((value) => {
        const tags = value as readonly string[]
        if (tags.length <= 2) return { value: tags }
        return { issues: [{ message: 'at most 2' }, { message: 'too many', path: [{ key: 2 }] }] }
      }),
    ),
  })

  test('see what a snapshot would show, and what they answer is written', () => {
    const at = new Date(5)
    expect(checkCreate(Note, { text: ' a ', at, tags: ['b ', ' b', 'a'] })).toEqual({
      text: 'a',
      at: 5,
      tags: ['a', 'b'],
    })
    expect(seen).toEqual([at])
    expect(() => (seen[0] as Date).setTime(0)).toThrow('cannot be changed')
  })

  test('their issues come with paths', () => {
    const { issues } = thrown(() => checkCreate(Note, { text: ' ', tags: ['a', 'b', 'c'] }))
    expect(messages(issues)).toEqual(['text: must not be empty', 'tags: at most 2', 'tags.2: too many'])
    expect(messages(thrown(() => checkPatch(Note, { tags: ['a', ' '] })).issues)).toEqual(['tags.1: must not be empty'])
  })

  test('run in turn, each on what the one before it made', () => {
    const once = field
      .string()
      .validate(trimmed)
      .validate(standard((value) => ({ value: `${value as string}!` })))
    expect(checkCreate(defineSchema('a', { once }), { once: ' x ' })).toEqual({ once: 'x!' })
  })

  test('are asked about defaults too', () => {
    const A = defineSchema('a', { text: field.string().validate(trimmed).default('') })
    expect(messages(thrown(() => checkCreate(A, {})).issues)).toEqual(['text: must not be empty'])
  })

  test('must answer at once, with a value of the type, and not throw', async () => {
    const unhandled: unknown[] = []
    const listener = (reason: unknown): number => unhandled.push(reason)
    process.on('unhandledRejection', listener)
    const A = defineSchema('a', {
      late: field.string().validate(standard(() => Promise.reject(new Error('late')))),
      thrower: field.string().validate(
        standard(() => {
          throw new Error('oh')
        }),
      ),
      wrong: field.string().validate(standard(() => ({ value: 5 as never }))),
    })
    expect(messages(thrown(() => checkCreate(A, { late: '', thrower: '', wrong: '' })).issues)).toEqual([
      'late: the validator failed: asynchronous validators are not supported: writes never wait',
      'thrower: the validator failed: oh',
      'wrong: expected string, got 5',
    ])
    await new Promise((resolve) => setImmediate(resolve))
    process.off('unhandledRejection', listener)
    expect(unhandled).toEqual([])
  })
})

describe('checkStored', () => {
  test('nothing is wrong with what was checked', () => {
    expect(checkStored(Task, checkCreate(Task, { title: 'A', tags: ['a'], votes: 2 }), Task.names)).toEqual([])
  })

  test('names missing required values and values of another type, and passes over unknown fields', () => {
    const issues = checkStored(Task, { priority: 'urgent', tags: ['a', 5], scores: [1], newer: 1, due: undefined })
    expect(messages(issues)).toEqual([
      'title: needs a value',
      'priority: expected low | high, got "urgent"',
      'tags.1: expected string, got 5',
      'scores: expected plain object, got Array',
    ])
  })

  test('asks validators only about what was written', () => {
    const A = defineSchema('a', { text: field.string().validate(trimmed), other: field.string().validate(trimmed) })
    const fields = { text: '', other: '' }
    expect(checkStored(A, fields)).toEqual([])
    expect(messages(checkStored(A, fields, ['other']))).toEqual(['other: must not be empty'])
    expect(messages(checkStored(A, {}, ['other', 'newer']))).toEqual(['other: needs a value'])
  })

  test('whoever writes by hand cannot make a counter of fractions', () => {
    expect(messages(checkStored(Task, { votes: 0.5 }, ['votes']))).toEqual(['votes: expected whole number, got 0.5'])
  })
})

describe('fromStored', () => {
  test('what is missing or of another type is read as the default, or undefined', () => {
    for (const stored of [undefined, 'urgent', 5]) expect(fromStored(Task.fields.priority, stored)).toBe('low')
    for (const stored of [undefined, 'soon', 1e17, 0.5]) expect(fromStored(Task.fields.due, stored)).toBeUndefined()
    for (const stored of [undefined, 5]) expect(fromStored(Task.fields.title, stored)).toBeUndefined()
    for (const stored of [undefined, 'a']) expect(fromStored(Task.fields.votes, stored)).toBe(0)
  })

  test('sets are sorted and distinct, and unfit elements and entries are left out', () => {
    expect(fromStored(Task.fields.tags, ['b', 5, 'a', 'b'])).toEqual(['a', 'b'])
    expect(fromStored(Task.fields.reminders, [9, 'x', 5])).toEqual([new Date(5), new Date(9)])
    expect(JSON.stringify(fromStored(Task.fields.scores, { b: 1, c: null, a: 2 }))).toBe('{"a":2,"b":1}')
  })

  test('empty sets and maps are always the same object', () => {
    expect(fromStored(Task.fields.tags, undefined)).toBe(fromStored(Task.fields.tags, []))
    expect(fromStored(Task.fields.scores, undefined)).toBe(fromStored(Task.fields.scores, { a: 'x' }))
  })
})

const values = fc
  .letrec<{ value: Value }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      fc.constantFrom<Value[]>(null, true, 0, 8.64e15, 1e300, 0.5, 'low', 'a b', ''),
      fc.string({ unit: 'grapheme' }),
      fc.integer(),
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(fc.string(), tie('value'), { maxKeys: 4 }),
    ),
  }))
  .value.map(freezeDeep)

const isType: Record<FieldKind, (shown: unknown) => boolean> = {
  string: (shown) => typeof shown === 'string',
  number: (shown) => typeof shown === 'number',
  boolean: (shown) => typeof shown === 'boolean',
  date: (shown) => shown instanceof Date && !Number.isNaN(shown.getTime()),
  enum: (shown) => shown === 'low' || shown === 'high',
  json: (shown) => shown !== undefined,
  ref: (shown) => typeof shown === 'string' && /^[\w-]{1,128}$/.test(shown),
  counter: (shown) => typeof shown === 'number',
  set: (shown) => Array.isArray(shown),
  map: (shown) => typeof shown === 'object' && shown !== null && !Array.isArray(shown),
}
const elements: ElementField<unknown>[] = [
  field.string(),
  field.date(),
  field.enum(['low', 'high']),
  field.json(),
  field.ref('person'),
]
const fields: Field[] = [
  ...elements,
  field.boolean(),
  field.number(),
  field.counter(),
  ...elements.flatMap((element) => [field.set(element), field.map(element)]),
]

test('I-8: whatever is stored, what is shown is of its type and frozen, and an issue tells of every difference', () => {
  fc.assert(
    fc.property(fc.constantFrom(...fields), values, (of, stored) => {
      const shown = fromStored(of, stored)
      const issues = checkStored(defineSchema('a', { of }), { of: stored })
      if (shown === undefined) return of.presence === 'required' && issues.length > 0
      expect(isType[of.kind](shown)).toBe(true)
      expect(Object.isFrozen(shown)).toBe(true)
      if (of.element) {
        for (const each of Object.values(shown as object)) expect(isType[of.element.kind](each)).toBe(true)
      }
      // Written back it is what was stored, but for order and doubles, unless an issue said otherwise.
      if (issues.length === 0 && of.kind !== 'counter') {
        const again = toStored(of, shown)
        const sorted = of.kind === 'set' ? [...new Set(stored as Value[])].sort(compareValues) : stored
        if (of.element?.kind !== 'json') expect(again).toEqual(sorted)
        expect(compareValues(toStored(of, fromStored(of, again)), again)).toBe(0)
      }
      return true
    }),
    { numRuns: 400 },
  )
})

test('what is checked is never refused when it is read', () => {
  fc.assert(
    fc.property(fc.constantFrom(...fields), values, (of, value) => {
      const issues: Issue[] = []
      const A = defineSchema('a', { of })
      const stored = checkField(A, 'of', value, issues)
      if (stored !== undefined) expect(checkStored(A, { of: stored }, ['of'])).toEqual([])
      else expect(issues).not.toEqual([])
    }),
    { numRuns: 400 },
  )
})
