/** Taking back, on the folder of a stopped server. */
import { readdir, rename, rm } from 'node:fs/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createServer } from '../../src/server/create-server.js'
import { socketClient, until } from '../server/socket-client.js'
import { Place, USERS, writeHistory } from './place.js'

let place: Place
beforeEach(async () => {
  place = await Place.make()
  const world = await place.serve(USERS)
  const { ada, lin } = await writeHistory(world)
  await ada.store.close()
  await lin.store.close()
  await place.save(world)
})
afterEach(() => place.remove())

const shown = async (what: string): Promise<string> => (await place.ibex(`show ${what}`)).out

test('actions are taken back, and what others did since stays', async () => {
  const { code, out, notes } = await place.ibex('revert @~2')
  expect({ code, out, notes }).toEqual({
    code: 0,
    out: expect.stringMatching(/^[0-9a-f]{8} Revert "Rename milk" task milk: title$/),
    notes: '',
  })
  expect(await shown('@:milk')).toBe('task milk\n  title: "Buy milk"\n  votes: 2\n  tags: ["urgent"]')
  expect((await place.ibex('log --oneline -n 2')).lines).toEqual([
    expect.stringContaining('Revert "Rename milk"'),
    expect.stringContaining('delete task bread'),
  ])
  expect((await place.ibex('revert start..@~1 --label Everything')).out).toContain('Everything')
  expect(await shown('@:milk')).toBe('')
  expect(await place.ibex('revert @~1 --label Again')).toMatchObject({ code: 0 })
  expect((await place.ibex('verify')).code).toBe(0)
})

test('everything, or some of it, is made to look as it did then', async () => {
  expect((await place.ibex('revert --to @~3 --item bread')).code).toBe(0)
  expect(await shown('@:bread')).toContain('Buy bread')
  expect(await shown('@:milk')).toContain('Buy oat milk')
  expect((await place.ibex('revert --to @~4')).out).toContain('Revert to @~4')
  expect(await shown('@:milk')).toContain('title: "Buy milk"')
  expect(await place.ibex('revert --to @')).toMatchObject({
    code: 0,
    out: 'Nothing is different: there is nothing to take back.',
  })
  // Nothing is wrong with anything.
  expect((await place.ibex('revert --last-valid')).out).toMatch(/^Nothing is different/)
})

test('the server has it when it runs again, as its own authority’s word', async () => {
  await place.ibex('revert @')
  expect((await readdir(place.folder)).sort()).toEqual(['data', 'data.authority'])
  expect(await readdir(place.data)).not.toContain('server.json')
  const server = createServer({ data: place.data, config: USERS, log: () => {} })
  try {
    const { port } = await server.listen(0, '127.0.0.1')
    const client = await socketClient(`ws://127.0.0.1:${port}/ibex`, { token: 'eve' })
    await until(() => client.tasks.get('bread'), 'the task is back')
    client.tasks.update('bread', { title: 'Cake' })
    await client.store.synced()
    await client.store.close()
  } finally {
    await server.close()
  }
  expect((await place.ibex('verify')).out).toMatch(/^good/)
})

test('without the key of its authority nothing is written', async () => {
  await rename(`${place.data}.authority`, `${place.data}.elsewhere`)
  expect(await place.ibex('revert @')).toMatchObject({
    code: 2,
    notes: expect.stringMatching(/no authority key in .*--authority/),
  })
  expect(await readdir(place.folder)).not.toContain('data.authority')
  expect((await place.ibex('revert @ --authority data.elsewhere')).code).toBe(0)
  const other = await Place.make()
  await (await other.serve()).server.close()
  expect(await place.ibex(`revert @ --authority ${other.data}.authority`)).toMatchObject({
    code: 2,
    notes: expect.stringContaining('wrong-authority: '),
  })
  await other.remove()
  await rm(place.data, { recursive: true })
  expect(await place.ibex('revert @')).toMatchObject({ code: 2, notes: expect.stringContaining('There is no data') })
  expect(await readdir(place.folder)).not.toContain('data')
})
