/** The demo's story of an issue, and its film: told from the actions of a store. */
import { expect, test } from 'vitest'
import type { Collection, History, Store } from 'ibex-state'
import { createTestStore, settle } from 'ibex-state/testing'
import { Issue, Label } from '../../examples/tracker/src/data/issue.js'
import { rhythmOf } from '../../examples/tracker/src/film/rhythm.js'
import { isOneGo, type StoryLine, storyOf } from '../../examples/tracker/src/history/story.js'

const START = { title: 'Goats', author: 'mara', opened: new Date(0) }

async function open(): Promise<{ store: Store; issues: Collection<typeof Issue>; history: History; id: string }> {
  const store = createTestStore({ schemas: [Issue, Label] })
  const issues = store.collection(Issue)
  const { $id: id } = issues.create(START)
  await settle()
  return { store, issues, history: await store.history(), id }
}

const story = (history: History, id: string): readonly StoryLine[] =>
  storyOf(history.timeline({ schema: Issue, item: id, limit: 1000 }).get(), id)

const words = (lines: readonly StoryLine[]): string[] =>
  lines.map(({ entries, changes }) =>
    [
      entries.length,
      ...changes.map(({ did, field, from, to }) => `${did} ${field} ${String(from)}→${String(to)}`),
    ].join(' '),
  )

test('letters typed in one go are one line, from what was there to what there is; it keeps its key as it grows', async () => {
  const { issues, history, id } = await open()
  for (const title of ['Goats ', 'Goats a', 'Goats al', 'Goats all']) issues.update(id, { title })
  const [line] = story(history, id)
  issues.update(id, { title: 'Goats all over' })
  await settle()
  expect(words(story(history, id)).slice(0, 1)).toEqual(['5 set title Goats→Goats all over'])
  expect(story(history, id)[0]!.key).toBe(line!.key)
  // After a while it is another go.
  await settle(120_000)
  issues.update(id, { title: 'Goats everywhere' })
  expect(words(story(history, id)).slice(0, 2)).toEqual([
    '1 set title Goats all over→Goats everywhere',
    '5 set title Goats→Goats all over',
  ])
})

test('what is no letter is a line of its own, and what an issue was made with is one word', async () => {
  const { store, issues, history, id } = await open()
  issues.update(id, { title: 'Sheep' })
  issues.update(id, { description: 'Woolly' })
  issues.update(id, { status: 'doing' })
  issues.update(id, { status: 'done' })
  store.transact(() => issues.update(id, { title: 'Goats' }), { label: 'Restore the title' })
  store.transact(() => {
    issues.update(id, { priority: 0 })
    issues.update(id, { assignee: 'lin' })
  })
  const lines = words(story(history, id))
  expect(lines.map((line) => line.split(' ').slice(0, 3).join(' '))).toEqual([
    '1 set priority',
    '1 set title',
    '1 set status',
    '1 set status',
    '1 set description',
    '1 set title',
    '1 create ',
  ])
  expect(lines[0]).toContain('set assignee undefined→lin')
})

test('undoing letters is one line too, and what was undone is not mixed with what stands', async () => {
  const { issues, history, id } = await open()
  for (const title of ['G', 'Ge', 'Gee']) issues.update(id, { title })
  const stack = history.undoStack()
  stack.undo()
  stack.undo()
  await settle()
  expect(words(story(history, id))).toEqual([
    '2 set title Gee→G',
    '2 set title G→Gee',
    '1 set title Goats→G',
    expect.stringMatching(/^1 create/),
  ])
})

test('actions of two issues, or of two people, are never one go', async () => {
  const { issues, history, id } = await open()
  const { $id: other } = issues.create(START)
  issues.update(id, { title: 'a' })
  issues.update(other, { title: 'b' })
  const [newer, older] = history.timeline().get()
  expect(isOneGo(newer!, older!)).toBe(false)
  expect(isOneGo({ ...newer!, items: older!.items }, older!)).toBe(true)
  expect(isOneGo({ ...newer!, items: older!.items, by: 'lin' }, older!)).toBe(false)
})

test('the film has a bar for each action, or for several, and never more than fit', async () => {
  const { issues, history, id } = await open()
  const [born, ...others] = rhythmOf(history.timeline())
  expect(others).toEqual([])
  await settle(2 * 86_400_000)
  issues.update(id, { title: 'Sheep' })
  await settle()
  const [first, second] = rhythmOf(history.timeline())
  expect(first).toEqual(born)
  expect(second).toMatchObject({ from: 1, isNewDay: true })
  // What made an issue wrote much, a letter little.
  expect(second!.height).toBeLessThan(born!.height)
  for (let i = 0; i < 500; i++) issues.update(id, { title: `${i}` })
  const starts = rhythmOf(history.timeline()).map(({ from }) => from)
  expect(starts.length).toBe(160)
  expect(new Set(starts).size).toBe(160)
  expect(starts.at(-1)).toBeLessThan(502)
})
