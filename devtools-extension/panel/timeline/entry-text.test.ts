import { expect, test } from 'vitest'
import { summaryOf } from './entry-text.js'

const item = (did: 'create' | 'update' | 'delete' | 'restore', fields: string[] = [], id = 'x') => ({
  schema: 'task',
  id,
  did,
  fields,
})

test('actions in a few words', () => {
  const text = (...items: ReturnType<typeof item>[]): string =>
    summaryOf({ kind: 'action', known: 'whole', items, standing: 'accepted' })
  expect(text(item('update', ['title', 'tags']))).toBe('title, tags')
  expect(text(item('create', ['title']))).toBe('Create task')
  expect(text(item('delete'), item('delete', [], 'y'))).toBe('Delete 2 items')
  expect(text(item('update', ['state']), item('update', ['state'], 'y'))).toBe('state of 2 items')
  expect(text(item('create'), item('update', ['owner'], 'y'))).toBe('owner of 2 items')
  expect(text(item('delete'), item('create', [], 'y'))).toBe('Change 2 items')
  expect(summaryOf({ kind: 'action', known: 'whole', items: [], standing: 'void' })).toBe('Refused')
  expect(text()).toBe('Erased, or not to be read here')
  expect(summaryOf({ kind: 'seal', known: 'whole', items: [], standing: 'accepted' })).toBe('Seal')
  expect(summaryOf({ kind: 'action', known: 'index', items: [], standing: 'accepted' })).toBe('On its way …')
})
