/** Sessions: their keys, their ends, and stores that cannot be opened, or have no server yet. */
import { expect, type Page } from '@playwright/test'
import { converge, ready, test, until, visit } from './world.js'

/** The session's key as it lies in IndexedDB: whether a script could read it, and its public half. */
const keyOf = (page: Page): Promise<{ extractable: boolean; exported: string; publicKey: string }> =>
  page.evaluate(async () => {
    const ask = <T>(request: IDBRequest<T>): Promise<T> =>
      new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result)
        request.onerror = () => reject(request.error)
      })
    const folders = JSON.parse(localStorage.getItem('ibex folders main') ?? '{"current":"main"}') as { current: string }
    const database = await ask(indexedDB.open(`ibex:${folders.current}`))
    const { publicKey, privateKey } = (await ask(
      database.transaction('values').objectStore('values').get('key'),
    )) as CryptoKeyPair
    database.close()
    return {
      extractable: privateKey.extractable,
      exported: await crypto.subtle.exportKey('pkcs8', privateKey).then(
        () => 'readable',
        ({ name }: DOMException) => name,
      ),
      publicKey: [...new Uint8Array(await crypto.subtle.exportKey('raw', publicKey))].join(),
    }
  })

/** What there is of stores on this device. */
const foldersOf = (page: Page): Promise<string[]> =>
  page.evaluate(async () => {
    const names = new Set((await indexedDB.databases()).map(({ name }) => name!.replace('ibex:', '')))
    const root = await navigator.storage.getDirectory()
    const ibex = await root.getDirectoryHandle('ibex').catch(() => undefined)
    if (ibex) for await (const name of (ibex as unknown as { keys(): AsyncIterable<string> }).keys()) names.add(name)
    return [...names].sort()
  })

test('the session key cannot be read by scripts, and is the same after the browser was restarted', async ({
  openProfile,
  site,
}) => {
  let profile = await openProfile()
  await visit(profile.page, site)
  await profile.page.evaluate(() => {
    app.issues.create({ title: 'mine' })
    return app.store.flush()
  })
  const key = await keyOf(profile.page)
  expect(key).toMatchObject({ extractable: false, exported: 'InvalidAccessError' })
  expect(await profile.page.evaluate(() => app.status().keyExtractable)).toBe(false)
  await profile.close()
  profile = await openProfile(profile.folder)
  await visit(profile.page, site)
  expect(await keyOf(profile.page)).toEqual(key)
  await profile.page.evaluate(() => {
    app.issues.create({ title: 'mine too' })
    return app.store.flush()
  })
  expect(await profile.page.evaluate(() => new Set(app.all().map(({ $createdBy }) => $createdBy)).size)).toBe(1)
})

test('signing out: a new key and an empty folder, in every tab; what the old session had not sent is sent, and unseen until then', async ({
  context,
  openProfile,
  page,
  serve,
  site,
}) => {
  const server = await serve()
  await visit(page, site, { server: server.url })
  const tab = await visit(await context.newPage(), site, { server: server.url })
  await page.evaluate(() => void app.issues.create({ title: 'sent' }))
  await converge(page, tab)
  const before = await keyOf(page)
  await server.stop()
  await page.evaluate(() => void app.issues.create({ title: 'unsent' }))
  await until(tab, () => app.titles().includes('unsent'))
  await tab.evaluate(() => void app.issues.create({ title: 'unsent in the other tab' }))
  await until(page, () => app.titles().length === 3)
  await page.evaluate(() => app.store.signOut())
  for (const each of [page, tab]) {
    await until(each, () => app.store.isReady() && app.titles().length === 0)
    await expect(each.locator('li')).toHaveCount(0)
    expect(await each.evaluate(() => app.status())).toMatchObject({ pending: 0, storageMode: 'opfs' })
  }
  const after = await keyOf(page)
  expect(after.extractable).toBe(false)
  expect(after.publicKey).not.toBe(before.publicKey)
  expect(await foldersOf(page)).toHaveLength(2)
  await page.evaluate(() => void app.issues.create({ title: 'of the new session' }))
  await until(tab, () => app.titles().length === 1)
  // Also after a start.
  await Promise.all([page.reload(), tab.reload()])
  await Promise.all([ready(page), ready(tab)])
  expect(await page.evaluate(() => app.titles())).toEqual(['of the new session'])

  await server.start()
  const other = await visit((await openProfile()).page, site, { server: server.url })
  const titles = ['of the new session', 'sent', 'unsent', 'unsent in the other tab']
  await until(other, () => app.titles().length === 4)
  const issues = await converge(page, tab, other)
  expect(issues.map(({ title }) => title).sort()).toEqual(titles)
  expect(new Set(issues.map(({ $createdBy }) => $createdBy)).size).toBe(2)
  // Nothing of the old session is left.
  await expect.poll(() => foldersOf(page)).toHaveLength(1)
  expect(await page.evaluate(() => JSON.parse(localStorage.getItem('ibex folders main')!).old)).toEqual([])
})

test('reset() empties the store, in every tab', async ({ context, page, site }) => {
  await visit(page, site)
  const tab = await visit(await context.newPage(), site)
  await page.evaluate(() => void app.issues.create({ title: 'gone' }))
  await until(tab, () => app.titles().length === 1)
  const before = await keyOf(page)
  await tab.evaluate(() => app.store.reset())
  for (const each of [page, tab]) await until(each, () => app.store.isReady() && app.titles().length === 0)
  await page.evaluate(() => void app.issues.create({ title: 'new' }))
  await until(tab, () => app.titles().join() === 'new')
  await page.reload()
  await ready(page)
  expect(await page.evaluate(() => app.titles())).toEqual(['new'])
  expect((await keyOf(page)).publicKey).not.toBe(before.publicKey)
  await expect.poll(() => foldersOf(page)).toHaveLength(1)
})

test('schemas that do not fit what is stored: the app is told which field, and reset() gets out of it', async ({
  page,
  site,
}) => {
  await visit(page, site)
  await page.evaluate(() => {
    app.issues.create({ title: 'old' })
    return app.store.flush()
  })
  await page.goto(`${site}/app.html?schema=changed`)
  await expect(page.getByRole('alert')).toContainText('schema-changed')
  await expect(page.getByRole('alert')).toContainText('issue.done')
  expect(await page.evaluate(() => app.status().error?.code)).toBe('schema-changed')
  expect(await page.evaluate(() => app.store.ready().catch((error: { code: string }) => error.code))).toBe(
    'schema-changed',
  )
  // The old build still works.
  await visit(page, site)
  expect(await page.evaluate(() => app.titles())).toEqual(['old'])
  await page.goto(`${site}/app.html?schema=changed`)
  await page.getByRole('button', { name: 'Reset' }).click()
  await page.click('text=Add')
  await expect(page.locator('li input')).toHaveValue('New')
  await page.evaluate(() => app.store.flush())
  await page.reload()
  await expect(page.locator('li input')).toHaveValue('New')
  await expect.poll(() => foldersOf(page)).toHaveLength(1)
})

test('without a server at first the app works, says so once, and connects when there is one', async ({
  openProfile,
  page,
  serve,
  site,
}) => {
  const server = await serve({ started: false })
  const said: string[] = []
  page.on('console', (message) => message.text().startsWith('Ibex') && said.push(message.text()))
  await visit(page, site, { server: server.url })
  await page.click('text=Add')
  await page.fill('li input', 'alone')
  await until(page, () => app.status().connection === 'offline')
  // It tries again by itself, and says nothing of that.
  for (let i = 0; i < 2; i++) await page.waitForEvent('websocket')
  await until(page, () => app.status().connection === 'offline')
  expect(said).toEqual([expect.stringContaining(server.url)])
  await server.start()
  const other = await visit((await openProfile()).page, site, { server: server.url })
  await until(other, () => app.titles().join() === 'alone')
  await converge(page, other)
  expect(said).toHaveLength(1)
})
