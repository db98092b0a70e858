/** A recording in the panel. */
import { expect, test } from 'vitest'
import { inspectReplay } from '../../src/inspect/inspected-replay.js'
import type { ReplayPorts } from '../../src/store/open-replay.js'
import { createTestStore, settle } from '../../src/testing/test-store.js'
import { testCrypto } from '../../src/testing/test-crypto.js'
import { seededRandom, VirtualTime } from '../../src/testing/virtual-time.js'
import { Task } from './looking.js'

const time = new VirtualTime()
const ports: ReplayPorts = {
  crypto: testCrypto(seededRandom(1)),
  surroundings: { clock: time, scheduler: time, random: seededRandom(2) },
}

test('a recording is looked at like a store, and nothing can be done in it', async () => {
  const store = createTestStore({ schemas: [Task] })
  store.transact(() => void store.collection(Task).create({ title: 'first', tags: ['a'] }, { id: 'one' }), {
    label: 'Begin',
  })
  await settle()
  const file = await store.record({}, { title: 'One task' })
  const { store: seen, close } = await inspectReplay(file, 'task.ibexreplay', ports)
  expect(seen.name).toBe('One task')
  expect(seen.standing.get().state).toBe('recorded')
  expect(seen.about.get()).toMatchObject({ repository: '/data/main', drivable: false, schemas: [{ name: 'task' }] })
  expect(seen.repositories.get()).toMatchObject([{ path: '/data/main', commits: 1, pending: 0 }])
  const data = seen.data.get()!
  const history = await data.history()
  expect(history.timeline().get()).toMatchObject([{ label: 'Begin', items: [{ id: 'one', did: 'create' }] }])
  const [schema] = data.schemasIn()
  expect(data.collection(schema!).get('one')).toMatchObject({ title: 'first', tags: ['a'] })
  await expect(seen.command('revert', { repository: '/data/main', moment: 'start' })).rejects.toMatchObject({
    code: 'past-is-read-only',
  })
  history.close()
  close()
})

test('a recording without a title is called as its file; one that was changed does not open', async () => {
  const store = createTestStore({ schemas: [Task] })
  store.collection(Task).create({ title: 'first' }, { id: 'one' })
  await settle()
  const file = await store.record()
  const { store: seen, close } = await inspectReplay(file, 'task.ibexreplay', ports)
  expect(seen.name).toBe('task.ibexreplay')
  close()
  file[60]! ^= 1
  await expect(inspectReplay(file, 'x', ports)).rejects.toMatchObject({ code: 'bad-signature' })
})
