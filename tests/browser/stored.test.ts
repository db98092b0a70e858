/** What a store keeps on the device: in OPFS, in IndexedDB, or nowhere; and what a damaged log loses. */
import { expect, type Page } from '@playwright/test'
import { converge, ready, test, until, visit } from './world.js'

const MODES = ['opfs', 'indexeddb'] as const
type Mode = (typeof MODES)[number]

/** Ends the app, so that nobody holds its files. */
async function leaveApp(page: Page, site: string): Promise<void> {
  await page.goto(`${site}/blank.html`)
}

/**
 * Damages what is stored of a log: flips a byte of the record that says `text`, or cuts the record off in the middle and
 * with it all that follows. The app must not run.
 */
async function damage(page: Page, mode: Mode, how: 'flip' | 'tear', text: string): Promise<void> {
  const found = await page.evaluate(
    async ([mode, how, text]) => {
      const wanted = [...new TextEncoder().encode(text)]
      const find = (bytes: Uint8Array): number => {
        for (let at = bytes.length - wanted.length; at >= 0; at--) {
          if (wanted.every((byte, i) => bytes[at + i] === byte)) return at
        }
        return -1
      }
      if (mode === 'opfs') {
        let found = 0
        const visit = async (folder: FileSystemDirectoryHandle): Promise<void> => {
          for await (const handle of (folder as unknown as { values(): AsyncIterable<FileSystemHandle> }).values()) {
            if (handle.kind === 'directory') {
              await visit(handle as FileSystemDirectoryHandle)
              continue
            }
            const file = handle as FileSystemFileHandle
            const bytes = new Uint8Array(await (await file.getFile()).arrayBuffer())
            const at = file.name.startsWith('segment') ? find(bytes) : -1
            if (at < 0) continue
            const out = await file.createWritable({ keepExistingData: true })
            if (how === 'tear') await out.truncate(at)
            else await out.write({ type: 'write', position: at, data: new Uint8Array([bytes[at]! ^ 4]) })
            await out.close()
            found++
          }
        }
        await visit(await navigator.storage.getDirectory())
        return found
      }
      const ask = <T>(request: IDBRequest<T>): Promise<T> =>
        new Promise((resolve, reject) => {
          request.onsuccess = () => resolve(request.result)
          request.onerror = () => reject(request.error)
        })
      const database = await ask(indexedDB.open('ibex:main'))
      const records = database.transaction('records', 'readwrite').objectStore('records')
      let found = 0
      for (const key of await ask(records.getAllKeys())) {
        const record = (await ask(records.get(key))) as { bytes: Uint8Array }
        const at = find(record.bytes)
        if (at < 0) continue
        if (how === 'tear') record.bytes = record.bytes.slice(0, at)
        else record.bytes[at]! ^= 4
        await ask(records.put(record, key))
        found++
      }
      database.close()
      return found
    },
    [mode, how, text] as const,
  )
  expect(found).toBe(1)
}

/** Writes issues, each in a record of its own. */
async function write(page: Page, ...titles: string[]): Promise<void> {
  for (const title of titles) {
    await page.evaluate((title) => {
      app.createCounted([title], 'counter')
      return app.store.flush()
    }, title)
  }
}

const titles = (page: Page): Promise<string[]> => page.evaluate(() => app.titles().slice().sort())
const problems = (page: Page): Promise<string[]> =>
  page.evaluate(() => app.status().problems.map(({ kind, message }) => `${kind}: ${message}`))

for (const mode of MODES) {
  test(`${mode} holds everything over reloads and a killed browser`, async ({ openProfile, site }) => {
    let profile = await openProfile()
    const { page } = profile
    await visit(page, site, { storage: mode })
    expect(await page.evaluate(() => app.status())).toMatchObject({
      storageMode: mode,
      connection: 'local',
      problems: [],
    })
    await page.evaluate(() => void app.issues.create({ title: 'counter' }, { id: 'counter' }))
    await write(page, 'one', 'two')
    const state = await page.evaluate(() => app.state())
    for (let i = 0; i < 2; i++) {
      await page.reload()
      await ready(page)
      expect(await page.evaluate(() => app.state())).toBe(state)
    }
    await profile.kill()
    profile = await openProfile(profile.folder)
    await visit(profile.page, site, { storage: mode })
    expect(await profile.page.evaluate(() => app.state())).toBe(state)
    expect(await problems(profile.page)).toEqual([])
  })

  test(`I-15: ${mode}: a torn tail and a flipped byte lose at most that record, are reported, and are made good by the server`, async ({
    openProfile,
    page,
    serve,
    site,
  }) => {
    const server = await serve()
    const alone = { storage: mode, server: server.url, offline: 'yes' } as const
    const visitAlone = (): Promise<Page> => visit(page, site, alone)
    await visit(page, site, { storage: mode, server: server.url })
    await page.evaluate(() => void app.issues.create({ title: 'counter' }, { id: 'counter' }))
    await write(page, 'one', 'two', 'three')
    await converge(page)

    // Of what the server has.
    await leaveApp(page, site)
    await damage(page, mode, 'flip', 'two')
    await visitAlone()
    expect(await titles(page)).toEqual(['counter', 'one', 'three'])
    expect(await problems(page)).toEqual([expect.stringMatching(/^damage: .*one record/)])
    await write(page, 'four')
    await page.evaluate(() => app.store.setOffline(false))
    await until(page, () => app.titles().includes('two'))
    await write(page, 'more')
    const all = ['counter', 'four', 'more', 'one', 'three', 'two']
    for (let i = 0; i < 2; i++) {
      const issues = await converge(page)
      expect(issues.map(({ title }) => title).sort()).toEqual(all)
      expect(issues.find(({ $id }) => $id === 'counter')!.votes).toBe(5)
      await visit(page, site, { storage: mode, server: server.url })
    }

    // Of what nobody else has: in the middle, then at the end.
    await visitAlone()
    await write(page, 'five', 'six', 'seven')
    await leaveApp(page, site)
    await damage(page, mode, 'flip', 'five')
    await visitAlone()
    const rest = [...all, 'six', 'seven'].sort()
    expect(await titles(page)).toEqual(rest)
    await leaveApp(page, site)
    await damage(page, mode, 'tear', 'seven')
    await visitAlone()
    rest.splice(rest.indexOf('seven'), 1)
    expect(await titles(page)).toEqual(rest)
    expect((await problems(page)).length).toBeGreaterThan(0)
    await write(page, 'eight')
    rest.unshift('eight')
    rest.sort()
    await page.evaluate(() => app.store.setOffline(false))
    const other = await visit((await openProfile()).page, site, { server: server.url })
    const issues = await converge(page, other)
    expect(issues.map(({ title }) => title).sort()).toEqual(rest)
    expect(issues.find(({ $id }) => $id === 'counter')!.votes).toBe(rest.length - 1)
    // It goes on as if nothing had been.
    await visit(page, site, { storage: mode, server: server.url })
    await write(page, 'nine')
    await write(other, 'ten')
    expect(await converge(page, other)).toHaveLength(rest.length + 2)
    expect(await page.evaluate(() => app.get('counter').votes)).toBe(rest.length + 1)
  })
}

test('without OPFS and IndexedDB the app works in memory, and says so', async ({ page, serve, site }) => {
  const server = await serve()
  await page.addInitScript(() => {
    // As where the user has forbidden that sites keep anything.
    const forbidden = (): never => {
      throw new DOMException('Access is denied for this document.', 'SecurityError')
    }
    Object.defineProperty(globalThis, 'indexedDB', { get: forbidden })
    Object.defineProperty(globalThis, 'localStorage', { get: forbidden })
    StorageManager.prototype.getDirectory = () => Promise.reject(new DOMException('denied', 'SecurityError'))
  })
  await visit(page, site, { server: server.url })
  expect(await page.evaluate(() => app.status().storageMode)).toBe('memory')
  await page.click('text=Add')
  await page.fill('li input', 'in memory')
  await converge(page)
  await page.reload()
  await ready(page)
  // What it shows now is the server's.
  await expect(page.locator('li input')).toHaveValue('in memory')
  await visit(page, site)
  await until(page, () => app.titles().length === 0)
  await page.evaluate(() => app.store.flush())
})
