import { expect, test } from 'vitest'
import { seededRandom, VirtualTime } from '../testing/virtual-time.js'
import { createMemoryPair } from '../transport/memory.js'
import { Network } from './network.js'

test('until it is told to start, a network connects for no reason', async () => {
  const time = new VirtualTime()
  const surroundings = { clock: time, scheduler: time, random: seededRandom(1) }
  let connections = 0
  const network = new Network({
    surroundings,
    connect: () => {
      connections++
      return createMemoryPair(surroundings)[0]
    },
    serve: () => {},
    absent: () => {},
  })
  network.setOffline(true)
  network.setOffline(false)
  network.hurry()
  network.refused()
  await time.pass(60_000)
  expect(connections).toBe(0)
  network.start()
  expect(connections).toBe(1)
  network.close()
})
