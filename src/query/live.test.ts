import { describe, expect, test, vi } from 'vitest'
import { canonicalQuery } from './canonical.js'
import { LINGER_MS, type LiveQueries } from './live.js'
import { type Bench, bench, row, Task } from './query.fixture.js'
import type { QueryInput } from './query.js'
import type { LiveView, ViewStats } from './view.js'

type Input = QueryInput<typeof Task>

const LETTERS = ['a', 'b', 'c', 'd', 'e'].map((id, votes) => row(id, { votes }))

const statsOf = (queries: LiveQueries): ViewStats[] => Array.from(queries.alive(), (view) => view.stats())

describe('identity', () => {
  test('equal queries share a view, whatever way they are written', () => {
    const { open } = bench(LETTERS)
    const view = open({ where: { done: false }, orderBy: 'votes' })
    expect(open({ orderBy: ['votes'], where: { and: [{ done: { eq: false } }] } })).toBe(view)
    const filter = (): boolean => true
    expect(open({ filter })).toBe(open({ filter }))
    expect(open({ filter: () => true })).not.toBe(open({ filter }))
  })

  test('results are frozen, and keep identity while no row of the window changed', () => {
    const { open, patch } = bench(LETTERS)
    const view = open({ where: { done: false }, orderBy: 'votes', limit: 2 })
    const [rows, ids] = [view.get(), view.ids()]
    expect(ids).toEqual(['a', 'b'])
    expect(Object.isFrozen(rows) && Object.isFrozen(ids)).toBe(true)
    patch('c', { title: 'beyond the window' })
    patch('c', { votes: 7 })
    patch('x', { votes: 3, done: true })
    expect(view.get()).toBe(rows)
    expect(view.ids()).toBe(ids)
  })

  test('ids are right, however seldom they are read', () => {
    const { open, patch } = bench(LETTERS)
    const view = open({ orderBy: 'votes' })
    view.ids()
    patch('a', { votes: 9 })
    view.get()
    patch('a', { title: 'x' })
    view.get()
    patch('a', { title: 'y' })
    expect(view.ids()).toEqual(['b', 'c', 'd', 'e', 'a'])
  })

  test('a new snapshot in its place changes the rows, not the ids', () => {
    const { open, patch, table } = bench(LETTERS)
    const view = open({ orderBy: 'votes' })
    const [rows, ids] = [view.get(), view.ids()]
    patch('b', { title: 'new' })
    patch('b', { votes: 1.5 })
    expect(view.get()).not.toBe(rows)
    expect(view.get()[1]).toBe(table.get('b'))
    expect(view.get()[0]).toBe(rows[0])
    expect(view.ids()).toBe(ids)
    patch('b', { votes: 9 })
    expect(view.ids()).toEqual(['a', 'c', 'd', 'e', 'b'])
  })

  test('what changes and changes back between two readings is no change', () => {
    const { open, patch, table, queries } = bench(LETTERS)
    const view = open({ orderBy: 'votes' })
    const [rows, ids, b] = [view.get(), view.ids(), table.get('b')]
    patch('b', { votes: 9 })
    queries.update([table.set('b', b)])
    expect(view.get()).toBe(rows)
    expect(view.ids()).toBe(ids)
  })
})

describe('notification', () => {
  test('once when changed, never when not; ids apart from rows', () => {
    const { open, patch } = bench(LETTERS)
    const view = open({ where: { done: false }, orderBy: 'votes', limit: 2 })
    const [rows, ids] = [vi.fn(), vi.fn()]
    view.subscribe(rows)
    view.subscribeIds(ids)
    patch('a', { title: 'x' })
    expect([rows, ids].map((fn) => fn.mock.calls.length)).toEqual([1, 0])
    patch('a', { done: true })
    expect([rows, ids].map((fn) => fn.mock.calls.length)).toEqual([2, 1])
    patch('e', { title: 'beyond' })
    patch('a', { title: 'gone' })
    patch('z', { votes: 99 })
    expect([rows, ids].map((fn) => fn.mock.calls.length)).toEqual([2, 1])
    expect(view.count).toBe(5)
  })

  test('I-1: whoever is told finds all views up to date, and update tells nobody', () => {
    const { open, table, queries } = bench(LETTERS)
    const views = [open({ where: { done: false } }), open({ where: { done: true } })] as const
    const seen: string[] = []
    for (const view of views) view.subscribe(() => seen.push(views.map((each) => each.ids().join('')).join('|')))
    queries.update([table.patch('a', { done: true })])
    queries.update([table.patch('b', { done: true })])
    expect(seen).toEqual([])
    queries.notify()
    queries.notify()
    expect(seen).toEqual(['cde|ab', 'cde|ab'])
  })

  test('reading between update and notify does not swallow the notification', () => {
    const { open, table, queries } = bench(LETTERS)
    const view = open({})
    const listener = vi.fn()
    view.subscribe(listener)
    queries.update([table.patch('a', { done: true })])
    view.get()
    queries.notify()
    expect(listener).toHaveBeenCalledTimes(1)
  })

  test('a listener that writes: everybody hears of both changes, nobody twice of one', () => {
    const { open, patch } = bench(LETTERS)
    const [first, second] = [open({ orderBy: 'votes' }), open({ orderBy: [['votes', 'desc']] })]
    const heard: string[] = []
    first.subscribe(() => {
      heard.push(`first ${first.get()[0]!.title}`)
      if (first.get()[0]!.title === 'x') patch('a', { title: 'y' })
    })
    second.subscribe(() => heard.push(`second ${second.get().at(-1)!.title}`))
    patch('a', { title: 'x' })
    expect(heard).toEqual(['first x', 'first y', 'second y'])
  })

  test('a listener that throws keeps nobody from being told', () => {
    const { open, patch } = bench(LETTERS)
    const listener = vi.fn()
    open({ orderBy: 'votes' }).subscribe(() => {
      throw new Error('mine')
    })
    open({ orderBy: 'title' }).subscribe(listener)
    expect(() => patch('a', { title: 'x' })).toThrow('mine')
    expect(listener).toHaveBeenCalledTimes(1)
  })

  test('a listener leaves once, however often it says so', () => {
    const { open, patch } = bench(LETTERS)
    const view = open({})
    const [stays, leaves] = [vi.fn(), vi.fn()]
    view.subscribe(stays)
    const leave = view.subscribe(leaves)
    leave()
    leave()
    patch('a', { title: 'x' })
    expect(leaves).not.toHaveBeenCalled()
    expect(stays).toHaveBeenCalledTimes(1)
  })
})

describe('lifetime', () => {
  test('a view lives 5 s after its last listener, or unread; then nothing of it is left', () => {
    const { open, scheduler, queries } = bench(LETTERS)
    expect(queries.active).toBe(false)
    const view = open({ where: { votes: 1 } })
    const stop = view.subscribe(() => {})
    scheduler.pass(2 * LINGER_MS)
    expect(queries.active).toBe(true)
    stop()
    scheduler.pass(LINGER_MS - 1)
    expect(open({ where: { votes: 1 } })).toBe(view)
    scheduler.pass(1)
    expect(queries.active).toBe(false)
    expect(statsOf(queries)).toEqual([])
    expect(open({ where: { votes: 1 } })).not.toBe(view)
    scheduler.pass(LINGER_MS)
    expect(queries.active).toBe(false)
    expect(scheduler.waiting).toBe(0)
  })

  test('a view that was let go lives again when it is read, with its identity if nothing changed', () => {
    const { open, scheduler, queries, table, patch } = bench(LETTERS)
    const view = open({ orderBy: 'votes' })
    const rows = view.get()
    scheduler.pass(LINGER_MS)
    queries.update([])
    expect(view.get()).toBe(rows)
    expect(open({ orderBy: 'votes' })).toBe(view)
    scheduler.pass(LINGER_MS)
    table.patch('e', { votes: -1 })
    const listener = vi.fn()
    view.subscribe(listener)
    expect(view.ids()).toEqual(['e', 'a', 'b', 'c', 'd'])
    patch('a', { title: 'x' })
    expect(listener).toHaveBeenCalledTimes(1)
  })

  test('a view that was let go is not bothered with changes', () => {
    const { open, scheduler, patch } = bench(LETTERS)
    const view = open({}) as LiveView
    view.get()
    const change = vi.spyOn(view, 'change')
    patch('a', { title: 'x' })
    scheduler.pass(LINGER_MS)
    patch('a', { title: 'y' })
    expect(change).toHaveBeenCalledTimes(1)
  })

  test('close leaves no timer', () => {
    const { open, scheduler, queries } = bench(LETTERS)
    const stop = open({}).subscribe(() => {})
    open({ limit: 1 }).get()
    queries.close()
    stop()
    expect([queries.active, scheduler.waiting]).toEqual([false, 0])
  })

  test('opening reads nothing; reading twice reads the rows once', () => {
    const { table, queries } = bench(LETTERS)
    const all = vi.spyOn(table, 'all')
    const view = queries.open(canonicalQuery(Task, { where: { done: false } }))
    expect(all).not.toHaveBeenCalled()
    expect(statsOf(queries)).toMatchObject([{ count: undefined, held: 0, listeners: 0 }])
    expect(view.get()).toBe(view.get())
    expect([view.count, view.ids().length]).toEqual([5, 5])
    expect(all).toHaveBeenCalledTimes(1)
    expect(statsOf(queries)).toMatchObject([{ count: 5, held: 5, listeners: 0 }])
  })
})

describe('routing', () => {
  /** The ids of the rows that the views' filters are asked about, by one change. */
  function asked(inputs: readonly Input['where'][], change: (b: Bench) => void): number {
    const b = bench(LETTERS)
    let count = 0
    for (const where of inputs) b.open({ where, filter: () => count++ >= 0 }).get()
    count = 0
    change(b)
    return count
  }

  test('an update is shown only to views whose demanded value it has or had', () => {
    const owners = Array.from({ length: 100 }, (_, i) => ({ owner: `p${i}`, done: false }))
    const move = ({ patch }: Bench): void => {
      patch('a', { owner: 'p1' })
      patch('a', { owner: 'p2' })
      patch('a', { title: 'x' })
    }
    // In, out of one and into another, and a change inside (before and after).
    expect(asked(owners, move)).toBe(1 + 2 + 2)
    expect(
      asked(
        Array.from({ length: 9 }, (_, i) => ({ tags: { has: `t${i}` } })),
        move,
      ),
    ).toBe(0)
    expect(asked([{ owner: { in: ['p7', 'p8'] } }, { or: [{ owner: 'p9' }, { tags: { has: 'x' } }] }], move)).toBe(0)
    expect(asked([{ owner: { in: ['p1', 'p2'] } }], move)).toBe(1 + 2 + 2)
  })

  test('from the second view of a field on, rows are found by its index', () => {
    const { table, open, patch } = bench(LETTERS.map((each, i) => row(each.$id, { owner: `p${i % 2}` })))
    const all = vi.spyOn(table, 'all')
    open({ where: { owner: 'p0' } }).get()
    expect(open({ where: { owner: 'p1' } }).ids()).toEqual(['b', 'd'])
    patch('a', { owner: 'p3' })
    patch('b', undefined)
    patch('f', { owner: 'p3' })
    all.mockClear()
    expect(open({ where: { owner: 'p3' } }).ids()).toEqual(['a', 'f'])
    expect(open({ where: { owner: { in: ['p1', 'p3', 'p4'] } } }).ids()).toEqual(['a', 'd', 'f'])
    expect(open({ where: { owner: 'p4' } }).ids()).toEqual([])
    expect(all).not.toHaveBeenCalled()
  })
})

describe('windows', () => {
  const many = Array.from({ length: 2000 }, (_, i) => row(`i${i}`, { votes: (i * 7919) % 2000 }))

  test('of many rows a view holds few, and is filled anew when too many have left', () => {
    const { open, patch, queries, table } = bench(many)
    const view = open({ orderBy: 'votes', limit: 10 })
    expect(view.get().map((each) => each.votes)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    expect(statsOf(queries)[0]!.held).toBeLessThan(500)
    for (const { $id } of many) patch($id, { title: 'seen' })
    const all = vi.spyOn(table, 'all')
    for (let i = 0; i < 1500; i++) {
      patch(view.ids()[0]!, i % 2 ? undefined : { votes: 5000 + i })
      expect(view.get()[9]).toMatchObject({ votes: i + 10, title: 'seen' })
    }
    expect(all.mock.calls.length).toBeLessThan(20)
    expect(view.count).toBe(1250)
    for (let i = 0; i < 1000; i++) patch(`n${i}`, { votes: -i })
    expect(view.get()[0]!.votes).toBe(-999)
    expect(statsOf(queries)[0]!.held).toBeLessThan(500)
  })

  test('a great batch is taken as a whole', () => {
    const { open, queries, table } = bench(many)
    const view = open({ where: { done: false }, orderBy: 'votes', limit: 3 })
    const [listener, before] = [vi.fn(), view.get()]
    view.subscribe(listener)
    queries.update(many.map(({ $id }) => table.patch($id, { title: 'x' })))
    queries.notify()
    expect(listener).toHaveBeenCalledTimes(1)
    expect(view.get().map((each) => each.$id)).toEqual(before.map((each) => each.$id))
    queries.update(many.slice(3).map(({ $id }) => table.patch($id, { done: true })))
    queries.notify()
    expect(view.count).toBe(3)
  })
})

describe('a filter that throws', () => {
  test('throws at whoever reads, not at whoever writes; and is asked again', () => {
    const { open, patch } = bench(LETTERS)
    const view = open({ filter: (task) => task.title.length >= 0 })
    const listener = vi.fn()
    view.subscribe(listener)
    patch('a', { title: null })
    expect(listener).toHaveBeenCalledTimes(1)
    expect(() => view.get()).toThrow(TypeError)
    patch('b', { votes: 4 })
    patch('a', { title: 'x' })
    expect(listener).toHaveBeenCalledTimes(2)
    expect(view.count).toBe(5)
  })
})
