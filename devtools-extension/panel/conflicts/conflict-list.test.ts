import { expect, test, vi } from 'vitest'
import type { Conflict } from '../../../src/index.js'
import type { Open } from '../state/repository-session.js'
import { searchConflicts } from './conflict-list.js'

/** A history of actions, each on an item of its own, some of which are disputed. */
function createOpen() {
  const keys = Array.from({ length: 300 }, (_, n) => `a${n}`)
  const disputed = new Set<string>()
  let tell = (): void => {}
  const at = (id: string) => ({ key: id, items: [{ schema: 'task', id }] })
  const open = {
    schemas: [{ name: 'task' }],
    data: { collection: () => ({ query: () => ({ ids: () => keys }) }) },
    history: {
      conflicts: (_: unknown, id: string) =>
        disputed.has(id) ? [{ field: 'title', key: undefined, by: { at: 1 } } as unknown as Conflict] : [],
      subscribe: (fn: () => void) => {
        tell = fn
        return () => {}
      },
    },
    actions: {
      get count() {
        return keys.length
      },
      slice: (from: number, to: number) => keys.slice(from, to).map(at),
    },
  }
  return { open: open as unknown as Open, keys, disputed, tell: () => tell() }
}

test('what somebody wrote long ago, and sends only now, is seen', async () => {
  const { open, keys, disputed, tell } = createOpen()
  const search = searchConflicts(open, '/data/main')
  const stop = search.begin()
  await vi.waitFor(() => expect(search.list.get().complete).toBe(true))
  expect(search.list.get().found).toEqual([])

  disputed.add('a250')
  tell()
  await vi.waitFor(() => expect(search.list.get().found.map(({ id }) => id)).toEqual(['a250']))

  // It stands among the oldest.
  keys.splice(3, 0, 'late')
  disputed.add('late')
  disputed.add('a4')
  tell()
  await vi.waitFor(() => expect(search.list.get().found).toHaveLength(3))
  stop()
})
