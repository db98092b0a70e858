import { expect, test } from 'vitest'
import { requireItemId, requireRepositoryPath, type SessionId } from '../ids.js'
import type { Change } from '../item/change.js'
import { settledOrigin } from '../item/origin.js'
import { createSnapshotBuilder, snapshotOf } from '../item/snapshot.js'
import { applyChanges } from '../item/state.js'
import { defineSchema } from '../schema/schema.js'
import { RepositoryState } from './state.js'
import { storedSchemas } from './stored-schemas.js'

const origin = settledOrigin({ ms: 5, counter: 0 }, 'c0' as never, 's0' as SessionId)
const put = (field: string, value: string): Change => ({ action: 0, field, tag: 'put', value })

function write(state: RepositoryState, schema: string, id: string, version: number, ...changes: Change[]): void {
  const create: Change = { action: 0, field: '', tag: 'create', value: null }
  applyChanges(state.open(schema, requireItemId(id)), { version, changes: [create, ...changes] }, origin)
}

test('every field is shown as it is stored, by the schema’s latest version', () => {
  const state = new RepositoryState()
  write(state, 'task', 'a', 1, put('title', 'old'))
  write(
    state,
    'task',
    'b',
    2,
    put('name', 'new'),
    { action: 0, field: 'votes', tag: 'inc', value: 3 },
    { action: 0, field: 'tags', tag: 'add', value: 'x' },
    { action: 0, field: 'notes', tag: 'mapPut', value: ['k', { deep: [1] }] },
  )
  write(state, 'Known', 'k', 1)
  const [schema, ...others] = storedSchemas(state, [defineSchema('Known', {})])
  expect(others).toEqual([])
  expect(schema).toMatchObject({ name: 'task', version: 2, names: ['name', 'votes', 'tags', 'notes'] })
  const builder = createSnapshotBuilder(schema!, requireRepositoryPath('/data/main'), String)
  expect(snapshotOf(state.get('task', requireItemId('b'))!, builder)).toMatchObject({
    name: 'new',
    votes: 3,
    tags: ['x'],
    notes: { k: { deep: [1] } },
  })
  // Of an earlier version it shows what there is of this one.
  expect(snapshotOf(state.get('task', requireItemId('a'))!, builder)).toMatchObject({ $id: 'a', votes: 0, tags: [] })
})

test('what no schema could be called is shown all the same', () => {
  const state = new RepositoryState()
  write(state, '9 lives', 'a', 1, put('constructor', 'x'))
  const [schema] = storedSchemas(state)
  const builder = createSnapshotBuilder(schema!, requireRepositoryPath('/data/main'), String)
  expect(snapshotOf(state.get('9 lives', requireItemId('a'))!, builder)).toMatchObject({ constructor: 'x' })
})
