import { expect, test } from 'vitest'
import { onDemand } from '../../src/on-demand.js'

test('a part is loaded once, when it is asked for', async () => {
  let loads = 0
  const part = onDemand(async () => ++loads)
  expect(loads).toBe(0)
  expect(await Promise.all([part(), part()])).toEqual([1, 1])
  expect(await part()).toBe(1)
})

test('what could not be loaded is said to be unreachable, and is tried again', async () => {
  let online = false
  const part = onDemand(async () => {
    if (!online) throw new TypeError('Failed to fetch')
    return 'here'
  })
  await expect(part()).rejects.toMatchObject({ code: 'unreachable', cause: new TypeError('Failed to fetch') })
  online = true
  expect(await part()).toBe('here')
})
