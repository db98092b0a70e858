import { expect, test } from 'vitest'
import { rule } from '../../src/repository/rules.js'
import { createMemoryStorage } from '../../src/storage/memory.js'
import { Task, titles, World } from './world.js'

const authenticate = ({ token }: { token: string | undefined }): string | null => token ?? null

test('what one client writes another sees, and both know when the server has it', async () => {
  const world = await new World().start()
  const [a, b] = [await world.client(), await world.client()]
  const task = a.tasks.create({ title: 'one' })
  expect(a.store.status().pending).toBe(1)
  await world.settle(100)
  expect(b.tasks.get(task.$id)?.title).toBe('one')
  expect(a.store.status().pending).toBe(0)
  b.tasks.update(task.$id, { done: true })
  a.tasks.update(task.$id, (t) => t.votes.increment(2))
  b.tasks.update(task.$id, (t) => t.votes.increment())
  await world.settle(2000)
  expect(a.tasks.get(task.$id)).toEqual(b.tasks.get(task.$id))
  expect(a.tasks.get(task.$id)).toMatchObject({ done: true, votes: 3 })
  expect(world.server.health()).toEqual({ ok: true, repositories: 1, connections: 2 })
})

test('rules decide by user and item what may be written, and the author is told', async () => {
  const config = {
    schemas: [Task],
    authenticate,
    rules: [
      rule('/data/main', {
        write({ session, before, after, operation }) {
          if (operation === 'create') return after!['owner'] === session.user || 'Create your own tasks only.'
          return before?.['owner'] === session.user
        },
      }),
    ],
  }
  const world = await new World().start(config)
  const [ann, bob] = [await world.client({ token: 'ann' }), await world.client({ token: 'bob' })]
  const task = ann.tasks.create({ title: 'mine', owner: 'ann' })
  await world.settle()
  expect(bob.tasks.get(task.$id)?.title).toBe('mine')
  const write = bob.tasks.update(task.$id, { title: 'yours' })
  expect(bob.tasks.get(task.$id)?.title).toBe('yours')
  let answer: unknown
  write.wait('server').catch((error: unknown) => (answer = error))
  await world.settle()
  expect(answer).toMatchObject({ code: 'forbidden' })
  expect(bob.tasks.get(task.$id)?.title).toBe('mine')
  expect(ann.tasks.get(task.$id)?.title).toBe('mine')
  expect(bob.rejections).toHaveLength(1)
  expect(bob.rejections[0]).toMatchObject({ code: 'forbidden', repository: '/data/main' })
  bob.tasks.create({ title: 'for ann', owner: 'ann' })
  ann.tasks.update(task.$id, { done: true })
  await world.settle()
  expect(bob.rejections).toHaveLength(2)
  expect(titles(ann)).toEqual(['mine'])
  expect(titles(bob)).toEqual(['mine'])
  expect(bob.tasks.get(task.$id)?.done).toBe(true)
  expect(world.said.join('\n')).toContain('Create your own tasks only.')
})

test('a rule that throws forbids, and the server goes on', async () => {
  const rules = [
    rule('/data/main', {
      write({ after }) {
        if (after?.['title'] === 'bang') throw new Error('bug in the rule')
        return true
      },
    }),
  ]
  const world = await new World().start({ schemas: [Task], rules })
  const a = await world.client()
  a.tasks.create({ title: 'bang' })
  await world.settle()
  a.tasks.create({ title: 'fine' })
  await world.settle()
  expect(a.rejections.map(({ code }) => code)).toEqual(['forbidden'])
  const b = await world.client()
  await world.settle()
  expect(titles(b)).toEqual(['fine'])
})

test('I-11: honest work that descends from a refused commit stays, and nothing is stuck', async () => {
  const rules = [rule('/data/main', { write: ({ after }) => after?.['title'] !== 'evil' })]
  const world = await new World().start({ schemas: [Task], rules })
  const [a, b, c] = [await world.client(), await world.client(), await world.client()]
  a.tasks.create({ title: 'evil' })
  await world.settle(100)
  b.tasks.create({ title: 'honest' })
  await world.settle(100)
  // By the same author, made before the refusal could arrive.
  a.store.setOffline(true)
  a.tasks.create({ title: 'evil' })
  await world.settle(500)
  a.tasks.create({ title: 'good' })
  await world.settle(500)
  a.store.setOffline(false)
  await world.settle(2000)
  for (const client of [a, b, c]) expect(titles(client)).toEqual(['good', 'honest'])
  expect(a.rejections).toHaveLength(2)
  expect(b.rejections).toHaveLength(0)
  // What descends from a refused commit was sealed at once, so that everybody can tell.
  const { journal } = await world.server.repository('/data/main')
  expect(journal.fates.unsealedVoids.size).toBe(0)
  expect(journal.fates.lastSeal).toBeDefined()
  const late = await world.client()
  await world.settle(500)
  expect(titles(late)).toEqual(['good', 'honest'])
})

test('a refusal that was spoken while its author was away reaches it before any acknowledgement', async () => {
  const rules = [rule('/data/main', { write: ({ after }) => after?.['title'] !== 'evil' })]
  const world = await new World().start({ schemas: [Task], rules })
  const a = await world.client()
  a.tasks.create({ title: 'first' })
  await world.settle()
  // What the server answers is lost, and then the line.
  const line = a.lines.at(-1)!
  line[0].onMessage(() => {})
  a.tasks.create({ title: 'evil' })
  await world.settle(400)
  a.tasks.create({ title: 'good' })
  await world.settle(400)
  expect(a.rejections).toHaveLength(0)
  line.sever()
  await world.settle(5000)
  expect(a.rejections).toHaveLength(1)
  expect(titles(a)).toEqual(['first', 'good'])
  expect(a.store.status().pending).toBe(0)
})

test('everything is there after a restart, what was refused stays refused', async () => {
  const config = {
    schemas: [Task],
    rules: [rule('/data/main', { write: ({ after }) => after?.['title'] !== 'evil' })],
  }
  const world = await new World().start(config)
  const a = await world.client()
  a.tasks.create({ title: 'one' })
  await world.settle()
  a.tasks.create({ title: 'evil' })
  await world.settle()
  a.tasks.create({ title: 'two' })
  await world.settle()
  await world.restart({ schemas: [Task] }, [a])
  await world.settle(3000)
  const b = await world.client()
  await world.settle()
  expect(titles(a)).toEqual(['one', 'two'])
  expect(titles(b)).toEqual(['one', 'two'])
})

test('a wiped server is filled again by a client, what was refused stays refused', async () => {
  let config = {
    schemas: [Task],
    rules: [rule('/data/main', { write: ({ after }) => after?.['title'] !== 'evil' })],
  }
  const world = await new World().start(config)
  const [a, b] = [await world.client(), await world.client()]
  for (let i = 0; i < 5; i++) {
    a.tasks.create({ title: `a${i}` })
    if (i === 2) b.tasks.create({ title: 'evil' })
    else b.tasks.create({ title: `b${i}` })
    await world.settle(400)
  }
  await world.settle(40_000)
  const before = titles(a)
  expect(before).toHaveLength(9)
  // The rules have changed meanwhile: what a seal covers is accepted all the same (I-10).
  config = { schemas: [Task], rules: [rule('/data/main', { write: () => false })] }
  world.storage = createMemoryStorage()
  b.store.setOffline(true)
  await world.restart(config, [a, b])
  await world.settle(60_000)
  const late = await world.client()
  await world.settle(2000)
  expect(titles(late)).toEqual(before)
  expect(titles(a)).toEqual(before)
  expect(a.rejections).toHaveLength(0)
  b.store.setOffline(false)
  await world.settle(5000)
  expect(titles(b)).toEqual(before)
})

test('I-10: what a seal covers is accepted by a wiped server, however much it is', async () => {
  const world = await new World().start()
  const a = await world.client()
  // Some megabytes: more than one answer holds, with seals in between.
  for (let i = 0; i < 100; i++) {
    const noise = Array.from({ length: 25 }, () => Math.random().toString(36).repeat(100)).join('')
    a.tasks.create({ title: `${i} ${noise}` })
    await world.settle(400)
  }
  await world.settle(40_000)
  world.storage = createMemoryStorage()
  await world.restart({ schemas: [Task], rules: [rule('/data/main', { write: () => false })] }, [a])
  await world.settle(60_000)
  const late = await world.client()
  await world.settle(5000)
  expect(titles(late)).toHaveLength(100)
  expect(a.rejections).toHaveLength(0)
})
