/** Logs that lost a record in the middle: what descends from it is shown, the server makes it good, nothing counts twice. */
import { expect, test } from 'vitest'
import { createMemoryStorage } from '../../src/storage/memory.js'
import type { Storage } from '../../src/storage/port.js'
import { type Client, titles, World } from './world.js'

/** A copy of a storage in which the records that say `text` are missing. */
async function without(storage: Storage, text: string): Promise<Storage> {
  const copy = createMemoryStorage()
  for (const key of ['key', 'certificate', 'authority', 'resume', 'synced']) {
    const value = await storage.get(key)
    if (value !== undefined) await copy.put(key, value)
  }
  for (const name of await storage.list()) {
    const from = await storage.openLog(name)
    const to = await copy.openLog(name)
    const kept: Uint8Array[] = []
    await from.replay((payload) => {
      if (!new TextDecoder('latin1').decode(payload).includes(text)) kept.push(payload)
    })
    for (const payload of kept) await to.append(payload)
  }
  return copy
}

async function write(world: World, { tasks, store }: Client, ...names: string[]): Promise<void> {
  for (const name of names) {
    store.transact(() => {
      tasks.create({ title: name })
      tasks.update('counter', (draft) => draft.votes.increment())
    })
    await world.settle(400)
  }
}

test('I-15: a record that the server has is shown again, and so is what descends from it', async () => {
  const world = await new World().start()
  const first = await world.client()
  first.tasks.create({ title: 'counter' }, { id: 'counter' })
  await write(world, first, 'one', 'two', 'three')
  await first.store.close()
  world.away = true
  const client = await world.client({ storage: await without(first.storage, 'two') })
  expect(titles(client)).toEqual(['counter', 'one', 'three'])
  await write(world, client, 'four')
  world.away = false
  await world.settle(3000)
  await write(world, client, 'more')
  expect(titles(client)).toEqual(['counter', 'four', 'more', 'one', 'three', 'two'])
  expect(client.tasks.get('counter')!.votes).toBe(5)
  expect(client.store.status().pending).toBe(0)
  await client.store.close()
  const again = await world.client({ storage: client.storage })
  expect(titles(again)).toEqual(['counter', 'four', 'more', 'one', 'three', 'two'])
  expect(again.tasks.get('counter')!.votes).toBe(5)
  expect(again.store.status().pending).toBe(0)
})

test('I-15: a record that nobody else has is lost alone', async () => {
  const world = await new World().start()
  const first = await world.client()
  first.tasks.create({ title: 'counter' }, { id: 'counter' })
  await write(world, first, 'one')
  first.store.setOffline(true)
  await write(world, first, 'two', 'three', 'four')
  await first.store.close()
  const client = await world.client({ storage: await without(first.storage, 'two') })
  await write(world, client, 'five')
  const rest = ['counter', 'five', 'four', 'one', 'three']
  expect(titles(client)).toEqual(rest)
  expect(client.store.status()).toMatchObject({ pending: 0, connection: 'online' })
  const other = await world.client()
  expect(titles(other)).toEqual(rest)
  expect(other.tasks.get('counter')!.votes).toBe(4)
  await client.store.close()
  const again = await world.client({ storage: client.storage })
  await write(world, again, 'six')
  await write(world, other, 'seven')
  for (const each of [again, other]) {
    expect(titles(each)).toEqual([...rest, 'seven', 'six'].sort())
    expect(each.tasks.get('counter')!.votes).toBe(6)
    expect(each.store.status().pending).toBe(0)
  }
})
