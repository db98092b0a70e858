import { describe, expect, test } from 'vitest'
import { checkCreate, fromStored } from './check.js'
import { field } from './field.js'
import { defineSchema } from './schema.js'
import { Person, Task, standard, thrown } from './schema.fixture.js'

describe('defineSchema', () => {
  test('gives frozen plain data', () => {
    const title = field.string()
    const A = defineSchema('a', { title, votes: field.counter() }, { version: 2 })
    expect(A).toMatchObject({ name: 'a', version: 2, names: ['title', 'votes'], fields: { title } })
    for (const part of [A, A.names, A.fields, title]) expect(Object.isFrozen(part)).toBe(true)
    expect(Person.version).toBe(1)
  })

  test('is pure: the same schema can be defined twice, fields can be shared', () => {
    const fields = { title: field.string() }
    expect(defineSchema('a', fields)).toEqual(defineSchema('a', fields))
  })

  test.each(['', '1a', 'a b', '$a', 'a'.repeat(65), 'ä'])('refuses the name %j', (name) => {
    expect(thrown(() => defineSchema(name, {})).code).toBe('invalid-schema')
  })

  test.each(['$id', '', 'constructor', '__proto__', 'a\n', '\ud800', 'a'.repeat(65)])(
    'refuses the field %j',
    (name) => {
      const error = thrown(() => defineSchema('a', { [name]: field.string() }))
      expect(error).toMatchObject({ code: 'invalid-schema' })
      expect(error.message).toContain("Schema 'a': ")
    },
  )

  test('takes field names of any script', () => {
    expect(
      checkCreate(defineSchema('a', { 'größe in cm': field.number(), 名前: field.string() }), {
        'größe in cm': 1,
        名前: 'x',
      }),
    ).toEqual({
      'größe in cm': 1,
      名前: 'x',
    })
  })

  test.each([0, 1.5, -1, Number.NaN, '1' as never])('refuses the version %s', (version) => {
    expect(thrown(() => defineSchema('a', {}, { version })).code).toBe('invalid-schema')
  })

  test.each([undefined, null, 'string', () => field.string(), {}])('refuses %s for a field', (value) => {
    expect(thrown(() => defineSchema('a', { title: value as never })).message).toContain('field.string()')
  })
})

describe('field', () => {
  test('has a kind, a merge and a presence', () => {
    const of = (name: keyof typeof Task.fields): string[] => {
      const { kind, merge, presence } = Task.fields[name]
      return [kind, merge, presence]
    }
    expect(Task.names.map((name) => of(name as 'title'))).toEqual([
      ['string', 'register', 'required'],
      ['boolean', 'register', 'default'],
      ['date', 'register', 'optional'],
      ['enum', 'register', 'default'],
      ['number', 'register', 'optional'],
      ['json', 'register', 'optional'],
      ['ref', 'register', 'optional'],
      ['counter', 'counter', 'default'],
      ['set', 'set', 'default'],
      ['set', 'set', 'default'],
      ['map', 'map', 'default'],
    ])
    expect(Task.fields.owner.target).toBe('person')
    expect(field.ref('task').target).toBe('task')
  })

  test('builders give new fields and leave the old ones', () => {
    const plain = field.string()
    const validated = plain.validate(standard((value) => ({ value: value as string })))
    expect(plain.validators).toEqual([])
    expect(validated.validators).toHaveLength(1)
    expect(validated.optional().validators).toHaveLength(1)
    expect(plain.presence).toBe('required')
  })

  test('a default is copied in, and shown frozen', () => {
    const origin = { x: 1, list: [1] }
    const place = field.json<typeof origin>().default(origin)
    origin.list.push(2)
    const shown = fromStored(place, undefined)
    expect(shown).toEqual({ x: 1, list: [1] })
    expect(fromStored(place, undefined)).toBe(shown)
    expect(Object.isFrozen(shown)).toBe(true)
    expect(fromStored(field.date().default(new Date(5)), undefined)).toEqual(new Date(5))
  })

  test('refuses a default of another type', () => {
    expect(thrown(() => field.number().default('5' as never)).message).toBe('Invalid number: expected number, got "5"')
    expect(thrown(() => field.enum(['a']).default('b' as never)).code).toBe('invalid')
    expect(thrown(() => field.json().default((() => {}) as never)).code).toBe('invalid')
  })

  test('refuses what cannot be a member, a target, an element, a validator', () => {
    const wrong = [
      () => field.enum([]),
      () => field.enum('a' as never),
      () => field.ref(undefined as never),
      () => field.ref(''),
      () => field.set(field.counter() as never),
      () => field.set(field.string().optional() as never),
      () => field.map(field.set(field.string()) as never),
      () => field.map(undefined as never),
      () => field.string().validate(undefined as never),
      () => field.string().validate(((value: string) => value !== '') as never),
    ]
    for (const call of wrong) expect(thrown(call).code).toBe('invalid-schema')
  })
})
