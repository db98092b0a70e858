import { expect, test } from 'vitest'
import { titles, World } from './world.js'

test('a repository that nobody speaks of is closed, and opened again by whoever does', async () => {
  const world = await new World().start()
  const clients = []
  for (let i = 0; i < 5; i++) {
    const client = await world.client({ repository: `/data/r${i}` })
    client.tasks.create({ title: `in ${i}` })
    clients.push(client)
  }
  await world.settle(2000)
  expect(world.server.health().repositories).toBe(5)
  for (const { store } of clients.slice(1)) store.setOffline(true)
  await world.settle(200_000)
  expect(world.server.health()).toEqual({ ok: true, repositories: 1, connections: 1 })
  const other = await world.client({ repository: '/data/r3' })
  await world.settle(2000)
  expect(titles(other)).toEqual(['in 3'])
  clients[3]!.tasks.create({ title: 'later' })
  clients[3]!.store.setOffline(false)
  await world.settle(3000)
  expect(titles(other)).toEqual(['in 3', 'later'])
  expect(clients[3]!.store.status().pending).toBe(0)
})

test('who comes while a repository is being closed waits for it', async () => {
  const world = await new World().start()
  const client = await world.client()
  client.tasks.create({ title: 'one' })
  await world.settle(2000)
  client.store.setOffline(true)
  await world.settle(59_990)
  for (let i = 0; i < 30; i++) {
    client.store.setOffline(false)
    await world.settle(1)
    client.store.setOffline(true)
    await world.settle(1)
  }
  client.store.setOffline(false)
  client.tasks.create({ title: 'two' })
  await world.settle(5000)
  expect(client.store.status()).toMatchObject({ pending: 0, connection: 'online' })
  const other = await world.client()
  await world.settle(2000)
  expect(titles(other)).toEqual(['one', 'two'])
})
