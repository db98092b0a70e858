import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { AUTHOR, Workbench } from '../../tests/history/workbench.js'
import { RepositoryState } from '../history/state.js'
import { field } from '../schema/field.js'
import { defineSchema } from '../schema/schema.js'
import type { Value } from '../value/value.js'
import type { Change } from './change.js'
import { readItem, writeItem } from './item-row.js'
import type { Origin } from './origin.js'
import type { Item } from './state.js'
import { createSnapshotBuilder, problemsOf, snapshotOf } from './snapshot.js'

const Task = defineSchema('task', {
  title: field.string(),
  done: field.boolean().default(false),
  due: field.date().optional(),
  place: field.json<{ x: number; tags?: string[] }>().optional(),
  votes: field.counter(),
  tags: field.set(field.string()),
  reminders: field.set(field.date()),
  scores: field.map(field.number()),
})

function bench(): Workbench<typeof Task> {
  return new Workbench(Task)
}

const DAY = new Date('2024-05-01T00:00:00Z')

function isDeeplyFrozen(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true
  return Object.isFrozen(value) && Object.values(value).every(isDeeplyFrozen)
}

/** All that an item holds, one value after the other, with its origins as they are. */
function valuesOf(item: Item): () => Value {
  const values: Value[] = []
  writeItem(
    item,
    (value) => values.push(value),
    (origin) => origin as unknown as Value,
  )
  return () => values.shift()!
}

describe('a snapshot', () => {
  test('shows fields, defaults, and who wrote when; optional fields without a value are not there', () => {
    const tasks = bench()
    tasks.create('t1', { title: 'Tea', tags: ['b', 'a', 'b'], votes: 2, scores: { y: 2, x: 1 } })
    const snapshot = tasks.snapshot('t1')!
    expect(snapshot).toStrictEqual({
      $id: 't1',
      $path: '/data/main/t1',
      $createdAt: 1000,
      $createdBy: `user of ${AUTHOR}`,
      $updatedAt: 1000,
      $updatedBy: `user of ${AUTHOR}`,
      title: 'Tea',
      done: false,
      votes: 2,
      tags: ['a', 'b'],
      reminders: [],
      scores: { x: 1, y: 2 },
    })
    expect(Object.keys(snapshot.scores)).toEqual(['x', 'y'])
    expect('due' in snapshot).toBe(false)
  })

  test('I-8: is deeply frozen, and survives structuredClone and JSON.stringify', () => {
    const tasks = bench()
    tasks.create('t1', { title: 'Tea', due: DAY, place: { x: 1, tags: ['q'] }, reminders: [DAY], tags: ['a'] })
    const snapshot = tasks.snapshot('t1')!
    expect(isDeeplyFrozen(snapshot)).toBe(true)
    expect(() => snapshot.due!.setFullYear(2000)).toThrow(expect.objectContaining({ code: 'snapshot-frozen' }))
    expect(structuredClone(snapshot)).toEqual(snapshot)
    expect(JSON.parse(JSON.stringify(snapshot))).toEqual({
      ...snapshot,
      due: DAY.toISOString(),
      reminders: [DAY.toISOString()],
    })
  })

  test('I-8: keeps identity until its item changes, through commit and acceptance too', () => {
    const tasks = bench()
    tasks.create('t1', { title: 'Tea' })
    tasks.create('t2', { title: 'Milk' })
    const before = tasks.snapshot('t1')
    tasks.update('t2', { title: 'Oat milk' })
    expect(tasks.snapshot('t1')).toBe(before)
    tasks.commit()
    expect(tasks.snapshot('t1')).toBe(before)
    expect(tasks.update('t1', { title: 'Tea' })).toEqual([])
    expect(tasks.snapshot('t1')).toBe(before)
    tasks.update('t1', { title: 'Green tea' })
    expect(tasks.snapshot('t1')).not.toBe(before)
  })

  test('shows the time of its commit, should it be another than that of the edit', () => {
    const tasks = bench()
    tasks.create('t1', { title: 'Tea' })
    const before = tasks.snapshot('t1')!
    tasks.commit(50)
    expect(tasks.snapshot('t1')).toEqual({ ...before, $createdAt: 1050, $updatedAt: 1050 })
  })

  test('I-8: shares what did not change with the one before', () => {
    const tasks = bench()
    tasks.create('t1', {
      title: 'Tea',
      due: DAY,
      place: { x: 1 },
      reminders: [DAY],
      tags: ['a'],
      scores: { x: 1 },
    })
    const before = tasks.snapshot('t1')!
    tasks.commit()
    tasks.update('t1', { title: 'Green tea' })
    const after = tasks.snapshot('t1')!
    for (const name of ['due', 'place', 'reminders', 'tags', 'scores'] as const) expect(after[name]).toBe(before[name])
    tasks.edit('t1', (t) => void t.tags.add('b'))
    const third = tasks.snapshot('t1')!
    expect(third.tags).toEqual(['a', 'b'])
    expect(before.tags).toEqual(['a'])
    expect(third.scores).toBe(before.scores)
  })

  test('I-8: is the former one again when a change was taken back', () => {
    const tasks = bench()
    tasks.create('t1', { title: 'Tea', tags: ['a'], reminders: [DAY] })
    tasks.commit()
    const before = tasks.snapshot('t1')!
    // Another origin writes the same elements once more: a new array is folded, and what is shown stays.
    tasks.edit('t1', (t) => void t.tags.add('b'))
    tasks.edit('t1', (t) => void t.tags.delete('b'))
    expect(tasks.snapshot('t1')!.tags).toBe(before.tags)
  })

  test('is undefined for an item that is deleted or was never created; restoring brings everything back', () => {
    const tasks = bench()
    tasks.write('t1', [{ action: 0, field: 'title', tag: 'put', value: 'early' }])
    expect(tasks.snapshot('t1')).toBeUndefined()
    tasks.create('t1', { title: 'Tea', tags: ['a'] })
    tasks.commit()
    const before = tasks.snapshot('t1')!
    tasks.exist('t1', 'delete')
    tasks.commit()
    expect(tasks.snapshot('t1')).toBeUndefined()
    tasks.update('t1', { done: true })
    tasks.commit()
    expect(tasks.snapshot('t1')).toBeUndefined()
    tasks.exist('t1', 'restore')
    expect(tasks.snapshot('t1')).toMatchObject({ title: 'Tea', done: true })
    expect(tasks.snapshot('t1')!.tags).toBe(before.tags)
  })

  test('always satisfies its type: what cannot is undefined, and its problems are told', () => {
    const tasks = bench()
    const put = (name: string, value: Change['value']): Change => ({ action: 0, field: name, tag: 'put', value })
    tasks.write('t1', [{ action: 0, field: '', tag: 'create', value: null }])
    expect(tasks.snapshot('t1')).toBeUndefined()
    expect(problemsOf(tasks.item('t1'), Task)).toMatchObject([{ path: ['title'] }])
    tasks.write('t1', [put('title', 7)])
    expect(tasks.snapshot('t1')).toBeUndefined()
    tasks.write('t1', [put('title', 'Tea'), put('done', 'perhaps')])
    tasks.write('t1', [{ action: 0, field: 'tags', tag: 'add', value: 7 }])
    expect(tasks.snapshot('t1')).toMatchObject({ title: 'Tea', done: false, tags: [] })
    expect(problemsOf(tasks.item('t1'), Task)).toMatchObject([{ path: ['done'] }, { path: ['tags', 0] }])
  })

  test('shows fields of its own version only', () => {
    const tasks = bench()
    tasks.create('t1', { title: 'Tea' })
    tasks.commit()
    const Later = defineSchema('task', { title: field.string() }, { version: 2 })
    const builder = createSnapshotBuilder(Later, tasks.builder.path, () => 'me')
    tasks.item('t1').stale = true
    expect(snapshotOf(tasks.item('t1'), builder)).toBeUndefined()
  })

  test('equals what a builder without a past makes of the same state, after any edits', () => {
    const name = fc.constantFrom('a', 'b', 'c')
    const edit = fc.oneof(
      fc.record({ title: name }),
      fc.record({ due: fc.constantFrom(undefined, DAY) }),
      fc.record({ tags: fc.array(name, { maxLength: 3 }) }),
      fc.record({ reminders: fc.constantFrom([], [DAY], [DAY, new Date(0)]) }),
      fc.record({ scores: fc.dictionary(name, fc.nat(3), { maxKeys: 3 }) }),
      fc.record({ place: fc.constantFrom(undefined, { x: 1 }, { x: 2, tags: ['q'] }) }),
    )
    const move = fc.oneof({ weight: 4, arbitrary: edit }, fc.constantFrom('commit', 'look'))
    fc.assert(
      fc.property(fc.array(move, { maxLength: 15 }), (moves) => {
        const tasks = bench()
        tasks.create('t1', { title: 'Tea' })
        for (const each of moves) {
          if (each === 'commit') tasks.commit()
          else if (each === 'look') tasks.snapshot('t1')
          else tasks.update('t1', each)
        }
        const shown = tasks.snapshot('t1')
        const item = tasks.item('t1')
        const copy = new RepositoryState().open('task', item.id)
        readItem(
          valuesOf(item),
          (origin) => origin as unknown as Origin | undefined,
          () => copy,
        )
        expect(shown).toStrictEqual(snapshotOf(copy, tasks.builder))
      }),
      { numRuns: 150 },
    )
  })
})
