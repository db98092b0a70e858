import { expect, test } from 'vitest'
import { rule } from '../../src/repository/rules.js'
import { RawClient } from './raw-client.js'
import { Task, World } from './world.js'

test('what is written under a version that the server does not have is refused: nobody could check it', async () => {
  const world = await new World().start({ schemas: [Task] })
  const client = await RawClient.connect(world)
  await client.push([await client.commit('one'), await client.commit('two', { version: 2 })])
  expect(client.refusals()).toEqual(['invalid'])
})

test('a rule that answers nothing forbids', async () => {
  const forgetful = (() => {}) as never
  const world = await new World().start({
    schemas: [Task],
    rules: [rule('/data/main', { write: forgetful })],
  })
  const client = await RawClient.connect(world)
  await client.push([await client.commit('one')])
  expect(client.refusals()).toEqual(['forbidden'])
})

test('nobody can spoil an item before it is made', async () => {
  const world = await new World().start({ schemas: [Task] })
  const honest = await RawClient.connect(world)
  const spoiler = await RawClient.connect(world)
  const spoiled = [{ action: 0, field: 'done', tag: 'put' as const, value: 'not a boolean' }]
  await spoiler.push([await spoiler.commit('', { id: 'settings', changes: spoiled })])
  expect(spoiler.refusals()).toEqual(['invalid'])
  const early = [{ action: 0, field: 'done', tag: 'put' as const, value: true }]
  await spoiler.push([await spoiler.commit('', { id: 'settings', changes: early })])
  await honest.push([await honest.commit('mine', { id: 'settings' })])
  expect(honest.refusals()).toEqual([])
})
