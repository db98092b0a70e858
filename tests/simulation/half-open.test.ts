import { expect, test } from 'vitest'
import { titles, World } from '../server/world.js'

test('I-12: a connection that died without a word is found out by its silence, and made anew', async () => {
  const world = await new World().start()
  const [a, b] = [await world.client(), await world.client()]
  a.lines.at(-1)!.setFaults({ loss: 1 })
  a.tasks.create({ title: 'into the void' })
  b.tasks.create({ title: 'not heard' })
  await world.settle(30_000)
  expect(titles(b)).toEqual(['not heard'])
  expect(a.lines).toHaveLength(1)
  await world.settle(60_000)
  expect(a.lines).toHaveLength(2)
  for (const client of [a, b]) expect(titles(client)).toEqual(['into the void', 'not heard'])
  expect(a.store.status().connection).toBe('online')
})

test('a connection on which nothing is to be said stays', async () => {
  const world = await new World().start()
  const a = await world.client()
  await world.settle(600_000)
  expect(a.lines).toHaveLength(1)
})
