import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { AUTHOR, Workbench } from '../../tests/history/workbench.js'
import type { IbexError } from '../errors.js'
import { field } from '../schema/field.js'
import { defineSchema } from '../schema/schema.js'

const notEmpty = {
  '~standard': {
    version: 1 as const,
    vendor: 'test',
    validate: (value: unknown) =>
      (value as readonly unknown[]).length <= 2
        ? { value: value as readonly string[] }
        : { issues: [{ message: 'at most 2' }] },
  },
}

const Task = defineSchema('task', {
  title: field.string(),
  done: field.boolean().default(false),
  due: field.date().optional(),
  place: field.json<{ x: number }>().optional(),
  votes: field.counter(),
  tags: field.set(field.string()),
  days: field.set(field.date()),
  scores: field.map(field.number()),
  pair: field.set(field.string()).validate(notEmpty),
})

function bench(): Workbench<typeof Task> {
  const tasks = new Workbench(Task)
  tasks.create('t1', { title: 'Tea', tags: ['a', 'b'], scores: { x: 1, y: 2 }, votes: 1 })
  tasks.commit()
  return tasks
}

function thrown(fn: () => unknown): IbexError {
  try {
    fn()
  } catch (error) {
    return error as IbexError
  }
  throw new Error('Nothing was thrown.')
}

const short = (changes: readonly { tag: unknown; field: string }[]): unknown[] =>
  changes.map((change) => [change.tag, change.field])

describe('creating', () => {
  test('writes what was given, and neither defaults nor what is empty', () => {
    const changes = new Workbench(Task).create('t1', {
      title: 'Tea',
      done: false,
      tags: ['a'],
      scores: { x: 1 },
      votes: 0,
    })
    expect(changes.map(({ tag, field: name, value }) => [tag, name, value])).toEqual([
      ['create', '', null],
      ['put', 'title', 'Tea'],
      ['add', 'tags', 'a'],
      ['mapPut', 'scores', ['x', 1]],
    ])
  })
})

describe('a patch', () => {
  test('records what differs: an equal value is no change, however deep', () => {
    const tasks = bench()
    tasks.update('t1', { place: { x: 1 }, due: new Date(5) })
    expect(
      tasks.update('t1', { title: 'Tea', done: false, place: { x: 1 }, due: new Date(5), tags: new Set(['b', 'a']) }),
    ).toEqual([])
    expect(short(tasks.update('t1', { tags: ['b', 'c'], scores: { y: 3, z: 1 } }))).toEqual([
      ['remove', 'tags'],
      ['add', 'tags'],
      ['mapClear', 'scores'],
      ['mapPut', 'scores'],
      ['mapPut', 'scores'],
    ])
    expect(tasks.snapshot('t1')).toMatchObject({ tags: ['b', 'c'], scores: { y: 3, z: 1 } })
  })

  test('clears an optional field with undefined, once', () => {
    const tasks = bench()
    tasks.update('t1', { due: new Date(5) })
    expect(short(tasks.update('t1', { due: undefined }))).toEqual([['clear', 'due']])
    expect(tasks.update('t1', { due: undefined })).toEqual([])
    expect(tasks.snapshot('t1')!.due).toBeUndefined()
  })

  test('that is invalid changes nothing, and says all that is wrong', () => {
    const tasks = bench()
    const error = thrown(() => tasks.update('t1', { title: 7, done: 'no', votes: 3 } as never))
    expect(error.code).toBe('invalid')
    expect(error.issues.map(({ path }) => path[0])).toEqual(['title', 'done', 'votes'])
    expect(tasks.snapshot('t1')!.title).toBe('Tea')
  })

  test('takes back every add of an element that it has seen, its own of the same commit among them', () => {
    const tasks = bench()
    tasks.edit('t1', (t) => void t.tags.add('c'))
    const [remove] = tasks.update('t1', { tags: ['a', 'b'] })
    expect(remove).toMatchObject({ tag: 'remove', value: ['c', [[null, 0]]] })
    expect(tasks.snapshot('t1')!.tags).toEqual(['a', 'b'])
    tasks.commit()
    expect(tasks.snapshot('t1')!.tags).toEqual(['a', 'b'])
  })
})

describe('a draft', () => {
  test('records the operations that were meant', () => {
    const tasks = bench()
    const changes = tasks.edit('t1', (t) => {
      t.done = !t.done
      t.tags.add('urgent')
      t.votes.increment()
      t.votes.increment(3)
      t.votes.decrement(2)
      t.scores.x = 5
      delete t.scores.y
    })
    expect(short(changes)).toEqual([
      ['put', 'done'],
      ['add', 'tags'],
      ['inc', 'votes'],
      ['mapClear', 'scores'],
      ['mapPut', 'scores'],
    ])
    expect(tasks.snapshot('t1')).toMatchObject({ done: true, tags: ['a', 'b', 'urgent'], votes: 3, scores: { x: 5 } })
  })

  test('shows what was written in it', () => {
    bench().edit('t1', (t) => {
      t.title += '!'
      expect(t.title).toBe('Tea!')
      t.due = new Date(7)
      expect(t.due).toEqual(new Date(7))
      t.tags.add('c').delete('a')
      expect([[...t.tags], t.tags.size, t.tags.has('a'), t.tags.has(7 as never)]).toEqual([['b', 'c'], 2, false, false])
      t.votes.increment()
      expect(t.votes.value).toBe(2)
      t.scores.z = 3
      expect({ ...t.scores }).toEqual({ x: 1, y: 2, z: 3 })
      expect('due' in t).toBe(true)
      delete t.due
      expect(t.due).toBeUndefined()
      expect(Object.keys(t)).toEqual(Task.names)
      expect({ ...t }.title).toBe('Tea!')
    })
  })

  test('records nothing where in the end nothing differs', () => {
    const tasks = bench()
    const changes = tasks.edit('t1', (t) => {
      t.done = true
      t.done = false
      t.tags.add('c').delete('c')
      t.tags.clear()
      t.tags.add('a').add('b')
      t.votes.increment()
      t.votes.decrement()
      t.scores = { ...t.scores }
      t.tags.delete('never there')
    })
    expect(changes).toEqual([])
  })

  test('takes whole sets and maps by assignment', () => {
    const tasks = bench()
    tasks.edit('t1', (t) => {
      ;(t as { tags: unknown }).tags = new Set(['z'])
      t.tags.add('y')
      t.scores = { q: 1 }
      t.scores.r = 2
      ;(t as { days: unknown }).days = t.days
    })
    expect(tasks.snapshot('t1')).toMatchObject({ tags: ['y', 'z'], scores: { q: 1, r: 2 }, days: [] })
  })

  test('a returned plain object is a patch, unless it is what was assigned or a part of the draft', () => {
    const tasks = bench()
    tasks.edit('t1', (t) => {
      t.done = true
      return { title: 'Coffee' }
    })
    expect(tasks.snapshot('t1')).toMatchObject({ title: 'Coffee', done: true })
    tasks.edit('t1', (t) => (t.place = { x: 1 }))
    tasks.edit('t1', (t) => t.scores)
    tasks.edit('t1', (t) => t.tags.add('c'))
    tasks.edit('t1', (t) => t.votes)
    tasks.edit('t1', (t) => t)
    expect(tasks.snapshot('t1')).toMatchObject({ place: { x: 1 }, tags: ['a', 'b', 'c'] })
  })

  test('of a promise throws draft-async, and what the function does later throws draft-closed to itself', async () => {
    const tasks = bench()
    let late: unknown
    const unhandled = vi.fn()
    process.on('unhandledRejection', unhandled)
    const error = thrown(() =>
      tasks.edit('t1', async (t) => {
        t.done = true
        await Promise.resolve()
        try {
          t.title = 'late'
        } catch (caught) {
          late = caught
          throw caught
        }
      }),
    )
    expect(error.code).toBe('draft-async')
    await new Promise((resolve) => setImmediate(resolve))
    process.off('unhandledRejection', unhandled)
    expect((late as IbexError).code).toBe('draft-closed')
    expect(unhandled).not.toHaveBeenCalled()
    expect(tasks.snapshot('t1')).toMatchObject({ title: 'Tea', done: false })
  })

  test('and all its parts are closed when the function has returned or thrown', () => {
    const tasks = bench()
    let kept: Parameters<Parameters<typeof tasks.edit>[1]>[0]
    let parts: (() => unknown)[] = []
    const keep = (t: typeof kept): void => {
      const { tags, votes, scores } = t
      kept = t
      parts = [
        () => tags.add('x'),
        () => tags.clear(),
        () => votes.increment(),
        () => (scores.x = 3),
        () => delete scores.x,
      ]
    }
    tasks.edit('t1', keep)
    for (const part of [...parts, () => kept.title, () => (kept.done = true)])
      expect(thrown(part).code).toBe('draft-closed')
    expect(() =>
      tasks.edit('t1', (t) => {
        keep(t)
        throw new RangeError('mine')
      }),
    ).toThrow(RangeError)
    for (const part of parts) expect(thrown(part).code).toBe('draft-closed')
    expect(tasks.snapshot('t1')!.tags).toEqual(['a', 'b'])
  })

  test('that is invalid throws with every issue and path, and nothing is written', () => {
    const tasks = bench()
    const error = thrown(() =>
      tasks.edit('t1', (t) => {
        t.title = 7 as never
        ;(t as unknown as { nonsense: number }).nonsense = 1
        ;(t as { votes: unknown }).votes = 3
        t.votes.increment(0.5)
        t.tags.add(null as never)
        t.scores.x = 'high' as never
        ;(t.scores as Record<string, number>)['\ud800'] = 1
        delete (t as Partial<typeof t>).done
        t.pair.add('1').add('2').add('3')
      }),
    )
    expect(error.code).toBe('invalid')
    expect(error.issues.map(({ path }) => path.join('.'))).toEqual([
      'title',
      'nonsense',
      'votes',
      'votes',
      'tags',
      'scores.x',
      'scores.\ud800',
      'done',
      'pair',
    ])
    expect(tasks.snapshot('t1')).toMatchObject({ title: 'Tea', votes: 1 })
  })

  test('an event that a draft function returns is told from data', () => {
    const error = thrown(() => bench().edit('t1', () => ({ preventDefault: () => {} })))
    expect(error.code).toBe('event-as-data')
  })

  test('of a map does not let the prototype be changed', () => {
    const tasks = bench()
    const error = thrown(() =>
      tasks.edit('t1', (t) => {
        ;(t.scores as Record<string, unknown>)['__proto__'] = 1
      }),
    )
    expect(error.code).toBe('invalid')
    tasks.write('t1', [{ action: 0, field: 'scores', tag: 'mapPut', value: ['__proto__', 5] }])
    expect(tasks.snapshot('t1')!.scores).toEqual({ x: 1, y: 2 })
  })

  test('after any edits an item holds what a plain object would', () => {
    const word = fc.constantFrom('a', 'b', 'c', 'd')
    const step = fc.oneof(
      fc.tuple(fc.constantFrom('add' as const, 'delete' as const, 'put' as const, 'drop' as const), word),
      fc.tuple(fc.constantFrom('inc' as const), fc.integer({ min: -3, max: 3 })),
      fc.tuple(fc.constantFrom('clear' as const, 'commit' as const), word),
    )
    fc.assert(
      fc.property(fc.array(fc.array(step, { maxLength: 6 }), { maxLength: 6 }), (edits) => {
        const tasks = bench()
        const tags = new Set(['a', 'b'])
        const scores: Record<string, number> = { x: 1, y: 2 }
        let votes = 1
        for (const edit of edits) {
          tasks.edit('t1', (t) => {
            for (const [kind, what] of edit) {
              const name = String(what)
              if (kind === 'add') {
                t.tags.add(name)
                tags.add(name)
              } else if (kind === 'delete') expect(t.tags.delete(name)).toBe(tags.delete(name))
              else if (kind === 'put') scores[name] = t.scores[name] = (scores[name] ?? 0) + 1
              else if (kind === 'drop') {
                delete t.scores[name]
                delete scores[name]
              } else if (kind === 'inc') {
                t.votes.increment(what)
                votes += what
              } else if (kind === 'clear') {
                t.tags.clear()
                tags.clear()
              }
            }
          })
          if (edit.some(([kind]) => kind === 'commit')) tasks.commit()
          expect(tasks.snapshot('t1')).toMatchObject({ tags: [...tags].sort(), votes })
          expect(tasks.snapshot('t1')!.scores).toEqual(scores)
        }
      }),
      { numRuns: 100 },
    )
  })
})

test('whoever edits is whom the snapshot names', () => {
  expect(bench().snapshot('t1')!.$createdBy).toContain(AUTHOR)
})
