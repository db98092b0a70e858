/** The command beside a running server, and on one. */
import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { rule } from '../../src/repository/rules.js'
import { createServer, type IbexServer, type ServerOptions } from '../../src/server/create-server.js'
import { type SocketClient, socketClient, until } from '../server/socket-client.js'
import { Task } from '../server/world.js'
import { Place } from './place.js'

let place: Place
const cleanups: (() => unknown)[] = []
beforeEach(async () => void (place = await Place.make()))
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
  await place.remove()
})

async function listen(options: Partial<ServerOptions> = {}): Promise<{ server: IbexServer; address: string }> {
  const server = createServer({ data: place.data, log: () => {}, ...options })
  cleanups.push(() => server.close())
  const { port } = await server.listen(0, '127.0.0.1')
  return { server, address: `ws://127.0.0.1:${port}/ibex` }
}

async function client(address: string, options: Parameters<typeof socketClient>[1] = {}): Promise<SocketClient> {
  const made = await socketClient(address, options)
  cleanups.push(() => made.store.close())
  return made
}

/** Every file of the data, but for what is appended. */
async function files(folder: string): Promise<Map<string, Buffer>> {
  const found = new Map<string, Buffer>()
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name)
    if (entry.isFile()) found.set(path, await readFile(path))
  }
  return found
}

describe('on the folder of a running server', () => {
  test('it reads what there is, writes nothing, and the server goes on', async () => {
    const { address } = await listen()
    const ada = await client(address)
    for (let i = 0; i < 5; i++) ada.tasks.create({ title: `Task ${i}` }, { id: `t${i}` })
    await ada.store.synced()
    const before = await files(place.data)
    for (const args of ['log', 'show @:', 'diff start @', 'blame t1', 'verify', 'export-log', 'bisect --expr true']) {
      expect((await place.ibex(args)).code).toBeLessThan(2)
    }
    expect(await files(place.data)).toEqual(before)
    expect((await place.ibex('show @: --json')).lines).toHaveLength(5)
    // While it looks, more is written.
    const looks = Array.from({ length: 6 }, () => place.ibex('log --oneline'))
    for (let i = 0; i < 50; i++) ada.tasks.update('t0', { title: `Title ${i}` })
    const ran = await Promise.all([...looks, ada.store.synced().then(() => place.ibex('show @:t0'))])
    expect(ran.map(({ code }) => code)).toEqual(ran.map(() => 0))
    expect(ran.at(-1)!.out).toContain('title: "Title 49"')
    const lin = await client(address)
    await until(() => lin.tasks.get('t0')?.title === 'Title 49', 'the server has all')
    lin.tasks.create({ title: 'Last' }, { id: 'last' })
    await lin.store.synced()
    expect((await place.ibex('log --oneline -n 1')).out).toContain('create task last')
  })

  test('it does not write there', async () => {
    const { server, address } = await listen()
    const ada = await client(address)
    ada.tasks.create({ title: 'One' }, { id: 'one' })
    await ada.store.synced()
    const { code, notes } = await place.ibex('revert @')
    expect(notes).toMatch(/storage-fenced: A server has .*data open \(process \d+/)
    expect(code).toBe(2)
    await ada.store.close()
    await server.close()
    expect((await place.ibex('revert @')).code).toBe(0)
  })
})

describe('on a running server', () => {
  const users = {
    schemas: [Task],
    authenticate: ({ token }: { token: string | undefined }) => token ?? undefined,
    rules: [
      rule('/data/main', {
        read: ({ session }) => session.user !== 'stranger',
        write: ({ session }) => session.user !== 'guest' || 'Guests only look.',
      }),
    ],
  }

  test('it sees what a replica sees, by an address in any form', async () => {
    const { address } = await listen()
    const ada = await client(address)
    ada.tasks.create({ title: 'One' }, { id: 'one' })
    await ada.store.synced()
    const { host } = new URL(address)
    for (const server of [address, host, `http://${host}`, `http://${host}/ibex`]) {
      const { code, out } = await place.ibex(['show', '@:', '--server', server])
      expect({ code, out }).toEqual({ code: 0, out: 'task one\n  title: "One"' })
    }
    expect((await place.ibex(['verify', '--server', address])).out).toMatch(/^good \d+ commits? verified/)
  })

  test('it is who the token says, and may what that user may', async () => {
    const { address } = await listen({ config: users })
    const ada = await client(address, { token: 'ada' })
    ada.store.transact(() => ada.tasks.create({ title: 'One' }, { id: 'one' }), { label: 'Add one' })
    await ada.store.synced()
    const on = (args: string, token?: string): ReturnType<Place['ibex']> =>
      place.ibex(`${args} --server ${address}${token === undefined ? '' : ` --token ${token}`}`)
    expect((await on('log', 'guest')).out).toContain('Author: ada')
    expect((await place.ibex(`log --server ${address}`, { env: { IBEX_TOKEN: 'guest' } })).out).toContain('Author: ada')
    expect(await on('log')).toMatchObject({ code: 2, notes: expect.stringContaining('sign-in: ') })
    expect(await on('log', 'stranger')).toMatchObject({ code: 2, notes: expect.stringContaining('forbidden: ') })
    expect(await on('log --in /data/other', 'ada')).toMatchObject({
      code: 2,
      notes: expect.stringContaining('forbidden: '),
    })
    expect(await on('revert @', 'guest')).toMatchObject({ code: 2, notes: 'forbidden: Guests only look.' })
    expect(ada.tasks.get('one')).toBeDefined()
    // It is there, and has no effect: what is newest is still Ada's.
    expect((await on('log --oneline', 'lin')).lines).toEqual([
      expect.stringMatching(/^[0-9a-f]{8} \(void\) Revert "Add one"$/),
      expect.stringMatching(/^[0-9a-f]{8} Add one create task one$/),
    ])

    const reverted = await on('revert @', 'lin')
    expect(reverted.notes).toBe('')
    expect(reverted).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^[0-9a-f]{8} Revert "Add one" delete task one$/),
    })
    await until(() => !ada.tasks.get('one'), 'Ada sees it')
    expect((await on('log -n 1', 'ada')).out).toContain('Author: lin')
    expect((await on('revert --to @~1', 'lin')).code).toBe(0)
    await until(() => ada.tasks.get('one'), 'Ada sees it')
  })

  test('where none is, it says so', async () => {
    expect(await place.ibex('log --server ws://127.0.0.1:9/ibex')).toMatchObject({
      code: 2,
      notes: expect.stringMatching(/^unreachable: No server answers at ws:\/\/127\.0\.0\.1:9\/ibex: .*ECONNREFUSED/),
    })
    expect(await place.ibex(['log', '--server', 'ws://['])).toMatchObject({
      code: 2,
      notes: expect.stringContaining('is no address'),
    })
  })
})

describe('a folder with several repositories', () => {
  test('the one that is meant is named; which there are is told', async () => {
    const { server, address } = await listen()
    const ada = await client(address)
    ada.tasks.create({ title: 'Milk' }, { id: 'milk' })
    await ada.store.ready('/data/inbox')
    ada.store.collection(Task, { in: '/data/inbox' }).create({ title: 'Letter' }, { id: 'letter' })
    await ada.store.synced()
    await ada.store.close()
    await server.close()
    const quiet = await place.ibex('show @:')
    expect(quiet).toMatchObject({ code: 0, out: expect.stringContaining('task milk'), notes: '' })
    const told = await place.ibex('show @: --color never', { terminal: true })
    expect(told.notes).toBe('This is /data/main. There are also\n  --in /data/inbox')
    expect((await place.ibex('show @: --in /data/inbox')).out).toContain('task letter')
    expect((await place.ibex('show @: --in /data/none')).notes).toContain('--in /data/inbox\n  --in /data/main')
  })
})

test('damage is told, and an altered byte is named', async () => {
  const { server, address } = await listen()
  const ada = await client(address)
  for (let i = 0; i < 3; i++) {
    ada.tasks.create({ title: `A title that can be found ${i}` }, { id: `t${i}` })
    await ada.store.synced()
  }
  await ada.store.close()
  await server.close()
  const folder = join(place.data, 'log,data,main')
  const segment = join(
    folder,
    (await readdir(folder)).find((name) => name.startsWith('segment'))!,
  )
  const bytes = await readFile(segment)
  bytes[bytes.indexOf('can be found 1')]! ^= 1
  await writeFile(segment, bytes)
  expect(await place.ibex('verify')).toMatchObject({
    code: 1,
    out: expect.stringMatching(/^bad [0-9a-f]{64} storage-damaged: .*\n1 of 4 commits does not hold$/),
  })
  // Without what is kept besides the log, the record is missing altogether.
  for (const name of await readdir(folder)) if (name.startsWith('keyframe')) await rm(join(folder, name))
  const { code, lines, notes } = await place.ibex('verify --json')
  expect(code).toBe(1)
  expect(notes).toMatch(/are damaged: one record is missing here/)
  expect(JSON.parse(lines.at(-1)!)).toMatchObject({ ok: false, lost: true })
})
