/** What was written without a network, and what a server or a tab that ends keeps. */
import { expect } from '@playwright/test'
import { converge, expectSameCommits, ready, test, until, visit } from './world.js'

test('fifty items edited offline, over a reload, arrive once; the server restarts and has all', async ({
  openProfile,
  serve,
  site,
}) => {
  const server = await serve()
  const away = await openProfile()
  const a = await visit(away.page, site, { server: server.url })
  const b = await visit((await openProfile()).page, site, { server: server.url })
  await a.evaluate(() => {
    app.issues.create({ title: 'counter' }, { id: 'counter' })
    app.issues.createMany(Array.from({ length: 25 }, (_, i) => ({ title: `old ${i}` })))
  })
  await converge(a, b)

  await visit(a, site, { server: server.url, offline: 'yes' })
  const edit = (from: number, to: number): Promise<void> =>
    a.evaluate(
      ([from, to]) => {
        for (const { $id, title } of app.all()) {
          const number = /^old (\d+)$/.exec(title)?.[1]
          if (number === undefined || Number(number) < from || Number(number) >= to) continue
          app.issues.update($id, (draft) => {
            draft.body = `edited ${number}`
            draft.tags.add('offline')
            draft.votes.increment(2)
          })
        }
        app.createCounted(
          Array.from({ length: to - from }, (_, i) => `new ${from + i}`),
          'counter',
        )
      },
      [from, to] as const,
    )
  await edit(0, 12)
  await a.reload()
  await ready(a)
  await edit(12, 25)
  await b.evaluate(() => app.createCounted(['meanwhile'], 'counter'))
  expect(await b.evaluate(() => app.titles().length)).toBe(27)
  await a.reload()
  await ready(a)
  expect(await a.evaluate(() => app.status())).toMatchObject({ connection: 'offline', pending: 50 })
  await a.evaluate(() => app.store.setOffline(false))

  const check = (issues: Awaited<ReturnType<typeof converge>>): void => {
    expect(issues).toHaveLength(52)
    expect(new Set(issues.map(({ title }) => title)).size).toBe(52)
    expect(issues.find(({ $id }) => $id === 'counter')!.votes).toBe(26)
    for (const { title, body, tags, votes } of issues) {
      const number = /^old (\d+)$/.exec(title)?.[1]
      if (number !== undefined)
        expect({ body, tags, votes }).toEqual({ body: `edited ${number}`, tags: ['offline'], votes: 2 })
    }
  }
  check(await converge(a, b))
  await expectSameCommits(a, b)

  await server.stop()
  await server.start()
  // One who has nothing but what the server has.
  const c = await visit((await openProfile()).page, site, { server: server.url })
  check(await converge(c))
  check(await converge(a, b, c))
  await expectSameCommits(a, b, c)
})

test('kill -9 of the server in the middle of writes: nothing that it acknowledged is lost', async ({
  context,
  page,
  serve,
  site,
}) => {
  const server = await serve()
  await visit(page, site, { server: server.url })
  await page.evaluate(() => void app.issues.create({ title: 'counter' }, { id: 'counter' }))
  await converge(page)
  for (let cycle = 0; cycle < 3; cycle++) {
    await page.evaluate((cycle) => {
      const acknowledged: string[] = []
      Object.assign(globalThis, { acknowledged, writing: true })
      const write = (n: number): void => {
        if (!(globalThis as unknown as { writing: boolean }).writing) return
        const title = `${cycle} ${n}`
        app.createCounted([title], 'counter')
        const written = app.issues.update('counter', { body: title })
        written.wait('server').then(
          () => acknowledged.push(title),
          () => {},
        )
        setTimeout(write, 1, n + 1)
      }
      write(0)
    }, cycle)
    await until(page, () => (globalThis as unknown as { acknowledged: string[] }).acknowledged.length >= 100)
    await server.kill()
    const acknowledged = await page.evaluate(() => {
      Object.assign(globalThis, { writing: false })
      app.store.setOffline(true)
      return (globalThis as unknown as { acknowledged: string[] }).acknowledged
    })
    await server.start()
    // A tab that keeps nothing and shares nothing has what the server has, and nothing else.
    const reader = await visit(await context.newPage(), site, { server: server.url, storage: 'memory' })
    await until(reader, () => app.status().complete)
    const titles = new Set(await reader.evaluate(() => app.titles()))
    expect(acknowledged.filter((title) => !titles.has(title))).toEqual([])
    await page.evaluate(() => app.store.setOffline(false))
    const issues = await converge(page, reader)
    expect(issues.find(({ $id }) => $id === 'counter')!.votes).toBe(issues.length - 1)
    await reader.close()
  }
})

test('a thousand items written as fast as possible are there after the tab is closed and opened', async ({
  context,
  page,
  site,
}) => {
  await visit(page, site)
  await page.evaluate(async () => {
    for (let i = 0; i < 1000; i++) app.issues.create({ title: `flushed ${i}`, tags: ['a', 'b'] })
    await app.store.flush()
  })
  await page.close()
  const second = await visit(await context.newPage(), site)
  expect(await second.evaluate(() => new Set(app.titles()).size)).toBe(1000)
  // The same in a tab that does not wait for anything (I-3).
  await second.evaluate(() => {
    for (let i = 0; i < 1000; i++) app.issues.create({ title: `left ${i}`, tags: ['a', 'b'] })
    location.replace('blank.html')
  })
  await second.waitForURL(/blank/)
  const third = await visit(await context.newPage(), site)
  await until(third, () => app.titles().length >= 2000)
  expect(await third.evaluate(() => new Set(app.titles()).size)).toBe(2000)
  expect(await third.evaluate(() => app.titles().length)).toBe(2000)
})
