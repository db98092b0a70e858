/** A device that is new to a repository with a long past: usable at once, offline too, and whole in the end. */
import { expect, type Page } from '@playwright/test'
import { writeLongPast } from './long-past.js'
import { test, until, visit } from './world.js'

const ITEMS = 50
const COMMITS = 5200

/** What the page shows: all items, with every vote that was ever counted, and what it wrote itself. */
async function expectEverything(page: Page, own: readonly string[]): Promise<void> {
  const shown = await page.evaluate(() => ({
    titles: app.titles(),
    votes: app.all().reduce((sum, { votes }) => sum + votes, 0),
    storage: app.status().storageMode,
  }))
  expect(shown.titles).toHaveLength(ITEMS + own.length)
  for (const title of [`title ${COMMITS - 1}`, ...own]) expect(shown.titles).toContain(title)
  expect(shown.votes).toBe(COMMITS - ITEMS)
  expect(shown.storage).toBe('opfs')
}

test('a new device begins from a keyframe, works offline over a reload, and has the whole past when it was verified', async ({
  page,
  serve,
  site,
}) => {
  const server = await serve({ prepare: (data) => writeLongPast(data, { items: ITEMS, commits: COMMITS }) })

  // Usable at once: of the past there is next to nothing.
  await visit(page, site, { server: server.url, history: 'on-demand' })
  await expectEverything(page, [])
  const young = await page.evaluate(() => app.status().history)
  expect(young).toMatchObject({ state: 'partial', firstBad: undefined })
  expect(young.total).toBeGreaterThan(COMMITS)
  expect(young.here).toBeLessThan(100)
  // And it can be looked through: the first commits are shown, and fill in.
  const looked = await page.evaluate(async (commits) => {
    const history = await app.store.history()
    const timeline = history.timeline()
    const come = (test: () => boolean): Promise<void> =>
      new Promise((resolve) => {
        const stop = timeline.subscribe(() => test() && resolve(stop()))
        if (test()) resolve(stop())
      })
    await come(() => timeline.count >= commits)
    const [outlined] = timeline.slice(0, 1)
    await come(() => timeline.slice(0, 1)[0]!.known === 'content')
    const [first] = timeline.slice(0, 1)
    history.close()
    return { outlined, first, complete: history.complete, begin: history.begin }
  }, COMMITS)
  expect(looked).toMatchObject({
    outlined: { known: 'index', items: [], outline: { items: 1 } },
    first: { known: 'content', items: [{ schema: 'issue', id: 'i0', did: 'create', fields: ['title'] }] },
    complete: false,
  })
  expect(looked.begin).not.toBe('start')
  expect((await page.evaluate(() => app.status().history)).here).toBe(young.here)

  // Offline it shows everything, over a reload, and takes what is written.
  await visit(page, site, { server: server.url, offline: 'yes', history: 'on-demand' })
  await expectEverything(page, [])
  await page.evaluate(async () => {
    app.issues.create({ title: 'written offline' })
    await app.store.flush()
  })
  await page.reload()
  await until(page, () => 'app' in globalThis && app.store.isReady())
  await expectEverything(page, ['written offline'])
  expect(await page.evaluate(() => app.status())).toMatchObject({ connection: 'offline', pending: 1 })
  const offline = await page.evaluate(async () => {
    const history = await app.store.history()
    const early = await history.load().catch(({ code }: { code: string }) => code)
    const items = history.checkout(history.begin).collection(app.schema).query().count
    return { early, items }
  })
  expect(offline).toEqual({ early: 'unreachable', items: ITEMS })

  // Online the rest comes by itself, and is checked to the last signature.
  await visit(page, site, { server: server.url })
  await until(page, () => app.status().pending === 0 && app.status().history.state === 'complete')
  await expectEverything(page, ['written offline'])
  const { here, verified, total, firstBad } = await page.evaluate(() => app.status().history)
  expect({ here, verified, firstBad }).toEqual({ here: total, verified: total, firstBad: undefined })
  expect(await page.evaluate(() => app.status().problems)).toEqual([])
  const history = await page.evaluate(async () => {
    const history = await app.store.history()
    const timeline = history.timeline()
    const [first] = timeline.slice(0, 1)
    const past = history.checkout(first!.moment!)
    const { ok, commits } = await history.verify()
    return {
      count: timeline.count,
      begin: history.begin,
      first: { known: first!.known, changes: first!.changes().map(({ field, did, to }) => ({ field, did, to })) },
      titles: past
        .collection(app.schema)
        .query()
        .get()
        .map(({ title }) => title),
      ok,
      commits,
    }
  })
  expect(history).toEqual({
    count: COMMITS + 1,
    begin: 'start',
    first: {
      known: 'whole',
      changes: [
        { field: '', did: 'create', to: 'present' },
        { field: 'title', did: 'set', to: 'made 0' },
      ],
    },
    titles: ['made 0'],
    ok: true,
    commits: total,
  })
})
