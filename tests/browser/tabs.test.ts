/** Several tabs of one profile: one owns storage and network, the others reach both through it. */
import { expect, type Page } from '@playwright/test'
import { crashTab } from './fixtures.js'
import { converge, ready, test, type TestServer, until, visit } from './world.js'

test('without a server: A types, B shows it, A closes, B reloads, all is there', async ({
  context,
  page,
  serve,
  site,
}) => {
  const { url } = await serve({ started: false })
  const a = await visit(page, site, { server: url })
  const b = await visit(await context.newPage(), site, { server: url })
  expect(await Promise.all([a, b].map((each) => each.evaluate(() => app.leads())))).toEqual([true, false])
  await a.click('text=Add')
  await b.waitForSelector('li')
  await a.click('li input')
  await a.keyboard.type(' in A', { delay: 5 })
  await expect(b.locator('li input')).toHaveValue('New in A')
  await b.click('li input')
  await b.keyboard.press('End')
  await b.keyboard.type(', then B')
  await expect(a.locator('li input')).toHaveValue('New in A, then B')
  await a.fill('li input', 'last word of A')
  await a.close()
  await expect(b.locator('li input')).toHaveValue('last word of A')
  await b.reload()
  await expect(b.locator('li input')).toHaveValue('last word of A')
  await until(b, () => app.leads())
})

/** Runs in every page that loads: an edit, and within 50 ms a reload, until there were so many. */
const editAndReload = (edits: number): void => {
  const step = async (): Promise<void> => {
    const done = Number(sessionStorage.getItem('edits'))
    if (done === edits) {
      console.info('all are done')
      return
    }
    app.createCounted([`edit ${done}`], 'counter')
    sessionStorage.setItem('edits', String(done + 1))
    setTimeout(() => location.reload(), (done * 7) % 50)
  }
  addEventListener('load', () => void app.store.ready().then(step))
}

/** Has the page make all edits; watches it from afar, because a look into every page that loads takes as long as the page. */
async function makeEdits(page: Page, edits: number): Promise<void> {
  await page.addInitScript(editAndReload, edits)
  const done = page.waitForEvent('console', { predicate: (message) => message.text() === 'all are done', timeout: 0 })
  await page.reload()
  await done
}

/** The app with an issue that counts, after which the server goes away. */
async function startCounting(page: Page, site: string, server: TestServer): Promise<Page> {
  await visit(page, site, { server: server.url })
  await page.evaluate(() => void app.issues.create({ title: 'counter' }, { id: 'counter' }))
  await converge(page)
  await server.stop()
  return page
}

async function expectEdits(page: Page, edits: number): Promise<void> {
  await until(page, (edits) => app.issues.get('counter')?.votes === edits && app.titles().length === edits + 1, edits)
  const titles = await page.evaluate(() => app.titles())
  expect(new Set(titles).size).toBe(edits + 1)
}

test('I-3: type and reload within 50 ms as the only tab: 100 of 100 edits survive, each once', async ({
  page,
  serve,
  site,
}) => {
  test.setTimeout(300_000)
  await startCounting(page, site, await serve())
  await makeEdits(page, 100)
  await expectEdits(page, 100)
  await page.evaluate(() => app.store.flush())
  await page.reload()
  await ready(page)
  await expectEdits(page, 100)
})

test('I-3: the same in a tab that follows another, thirty times', async ({ context, page, serve, site }) => {
  test.setTimeout(300_000)
  const server = await serve()
  const leader = await startCounting(page, site, server)
  const follower = await visit(await context.newPage(), site, { server: server.url })
  await makeEdits(follower, 30)
  expect(await leader.evaluate(() => app.leads())).toBe(true)
  await expectEdits(leader, 30)
  await expectEdits(follower, 30)
  // Pages that are gone are not talked to any more.
  await until(leader, () => app.status().peers === 1)
  await leader.close()
  await follower.reload()
  await ready(follower)
  await expectEdits(follower, 30)
})

test('the tab that owns storage and network is killed twelve times, in the middle of edits: one follows it, nothing is lost or doubled', async ({
  context,
  page,
  serve,
  site,
}) => {
  test.setTimeout(300_000)
  const server = await serve()
  const health = `${server.url.replace('ws', 'http').replace('/ibex', '')}/healthz`
  const enter = async (tab?: Page): Promise<Page> =>
    visit(tab ?? (await context.newPage()), site, { server: server.url })
  const tabs = [await enter(page), await enter(), await enter()]
  await page.evaluate(() => void app.issues.create({ title: 'counter' }, { id: 'counter' }))
  await converge(...tabs)
  const expected = new Set(['counter'])
  const closed = new Map<string, readonly string[]>()
  for (let round = 0; round < 12; round++) {
    const crashes = round % 2 === 0
    const leads = await Promise.all(tabs.map((tab) => tab.evaluate(() => app.leads())))
    expect(leads.filter(Boolean)).toHaveLength(1)
    // Now and then one that follows.
    const victim = tabs.splice(round % 5 === 4 ? leads.indexOf(false) : leads.indexOf(true), 1)[0]!
    const write = (tab: Page, titles: string[], durable: boolean): Promise<void> =>
      tab.evaluate(
        async ([titles, durable]) => {
          app.createCounted(titles, 'counter')
          if (durable) await app.store.flush()
        },
        [titles, durable] as const,
      )
    // The others write as long as it dies.
    let dead = false
    const writing = tabs.map(async (tab, n) => {
      for (let i = 0; !dead || i < 3; i++) {
        const title = `${round} other ${n} ${i}`
        await write(tab, [title], false)
        expected.add(title)
      }
    })
    const own = [0, 1, 2].map((i) => `${round} own ${i}`)
    const told = `told ${round}`
    if (!crashes) {
      closed.set(told, own)
      await victim.evaluate((told) => addEventListener('pagehide', () => localStorage.setItem(told, '')), told)
    }
    await write(victim, own, crashes)
    for (const title of own) expected.add(title)
    if (crashes) await crashTab(victim)
    await victim.close()
    dead = true
    await Promise.all(writing)
    tabs.push(await enter())
  }
  await Promise.all(tabs.map((tab) => tab.evaluate(() => app.store.flush())))
  const issues = await converge(...tabs)
  const titles = new Set(issues.map(({ title }) => title))
  // A page that does not get to hear within half a second that it closes is killed by the browser: it may lose its last
  // window.
  const heard = await tabs[0]!.evaluate(() => Object.keys(localStorage))
  const killed = [...closed].filter(([told]) => !heard.includes(told))
  expect(killed.length).toBeLessThan(closed.size / 2)
  for (const title of killed.flatMap(([, own]) => own)) if (!titles.has(title)) expected.delete(title)
  expect(titles).toEqual(expected)
  expect(issues).toHaveLength(expected.size)
  expect(issues.find(({ $id }) => $id === 'counter')!.votes).toBe(expected.size - 1)
  expect(await tabs[0]!.evaluate(() => app.status().problems)).toEqual([])
  expect(await (await fetch(health)).json()).toMatchObject({ ok: true, connections: 1 })
})
