/** Storage in real Chromium: both backends against the conformance suite, then reloads, tabs, crashes and kills. */
import { expect, type Page } from '@playwright/test'
import { crashTab, test } from './fixtures.js'
import type { Face } from './pages/storage.js'

// Browsers that start, crash and start again: a busy machine takes its time.
test.describe.configure({ timeout: 120_000 })

declare const face: Face

const MODES = ['opfs', 'indexeddb'] as const

async function visit(page: Page, site: string): Promise<Page> {
  await page.goto(`${site}/storage.html`)
  await page.waitForFunction(() => 'face' in globalThis)
  return page
}

for (const mode of MODES) {
  test(`storage conformance: ${mode}`, async ({ page, site }) => {
    await visit(page, site)
    const cases = await page.evaluate((mode) => face.cases(mode), mode)
    expect(cases.length).toBeGreaterThan(15)
    for (const name of cases) {
      await test.step(name, () => page.evaluate(([mode, name]) => face.run(mode, name), [mode, name] as const))
    }
  })

  test(`I-15: ${mode} holds what was flushed over a reload, a crashed tab and a killed browser`, async ({
    openProfile,
    site,
  }) => {
    let profile = await openProfile()
    let page = await visit(profile.page, site)
    const appendAll = async (words: string[]): Promise<string[]> => {
      await page.evaluate((mode) => face.openLog(mode), mode)
      for (const word of words) await page.evaluate((word) => face.append(word), word)
      return page.evaluate(() => face.texts())
    }
    expect(await appendAll(['one', 'two'])).toEqual(['one', 'two'])
    await page.reload()
    await page.waitForFunction(() => 'face' in globalThis)
    expect(await appendAll(['three'])).toEqual(['one', 'two', 'three'])
    const crashing = page
    page = await visit(await profile.context.newPage(), site)
    await crashTab(crashing)
    expect(await appendAll(['four'])).toEqual(['one', 'two', 'three', 'four'])
    await profile.kill()
    profile = await openProfile(profile.folder)
    page = await visit(profile.page, site)
    expect(await appendAll([])).toEqual(['one', 'two', 'three', 'four'])
    expect(await page.evaluate(() => face.damage())).toEqual([])
  })

  test(`I-15: ${mode}: a browser killed while it writes large records loses nothing that was acknowledged`, async ({
    openProfile,
    site,
  }) => {
    let profile = await openProfile()
    let expected = 0
    for (let round = 0; round < 3; round++) {
      const page = await visit(profile.page, site)
      await page.evaluate((mode) => face.openLog(mode), mode)
      const found = await page.evaluate(() => face.poured())
      expect(found.length).toBeGreaterThanOrEqual(expected)
      if (round === 2) break
      await page.evaluate(() => void face.pour(4 * 1024 * 1024))
      await page.waitForFunction(() => Number(document.title) >= 6)
      const acknowledged = Number(await page.title())
      expected = found.length + acknowledged
      await profile.kill()
      profile = await openProfile(profile.folder)
    }
  })
}

for (const mode of MODES) {
  test(`${mode}: the site's data is cleared under a running app: appends say so, and the log opens anew`, async ({
    context,
    page,
    site,
  }) => {
    await visit(page, site)
    await page.evaluate((mode) => face.openLog(mode), mode)
    await page.evaluate(() => face.append('cleared'))
    const session = await context.newCDPSession(page)
    await session.send('Storage.clearDataForOrigin', { origin: site, storageTypes: 'all' })
    for (let i = 0; i < 2; i++) {
      expect(await page.evaluate(() => face.codeOf(() => face.append('lost')))).toBe('storage-cleared')
    }
    await page.evaluate((mode) => face.openLog(mode), mode)
    await page.evaluate(() => face.append('new'))
    await page.evaluate(() => face.storage!.put('key', 1))
    await visit(page, site)
    await page.evaluate((mode) => face.openLog(mode), mode)
    expect(await page.evaluate(() => face.texts())).toEqual(['new'])
    expect(await page.evaluate(() => face.storage!.get('key'))).toBe(1)
  })
}

for (const mode of MODES) {
  test(`I-15: ${mode}: a full disk is said to be full, loses nothing, and takes writes again`, async ({
    context,
    page,
    site,
  }) => {
    await visit(page, site)
    const session = await context.newCDPSession(page)
    // Before the first use: Chromium remembers for half a minute how much room there is.
    const { usage } = await session.send('Storage.getUsageAndQuota', { origin: site })
    await session.send('Storage.overrideQuotaForOrigin', { origin: site, quotaSize: usage + 3_000_000 })
    await page.evaluate((mode) => face.openLog(mode), mode)
    const codes = await page.evaluate(() => face.pourUntilRefused(500_000))
    expect(codes).toEqual(['storage-full', 'storage-full', 'storage-full'])
    const written = await page.evaluate(() => face.poured())
    expect(written.length).toBeGreaterThan(1)
    expect(written).toEqual(written.map((_, i) => i))
    await session.send('Storage.overrideQuotaForOrigin', { origin: site })
    await page.evaluate(() => face.append('after'))
    await visit(page, site)
    await page.evaluate((mode) => face.openLog(mode), mode)
    const texts = await page.evaluate(() => face.texts())
    expect([texts.length, texts.at(-1)]).toEqual([written.length + 1, 'after'])
    expect(await page.evaluate(() => face.damage())).toEqual([])
  })
}

test('OPFS: tabs that start a store at the same time all get it', async ({ page, site }) => {
  await visit(page, site)
  expect(await page.evaluate(() => face.race(4))).toEqual(['opfs'])
})

test('I-15: OPFS: a tab has the log as soon as the tab that held it goes', async ({ context, page, site }) => {
  await visit(page, site)
  await page.evaluate(() => face.openLog('opfs'))
  await page.evaluate(() => face.append('of the first tab'))
  const second = await visit(await context.newPage(), site)
  const waiting = second.evaluate(() => face.openLog('opfs'))
  await page.close()
  await waiting
  await second.evaluate(() => face.append('of the second tab'))
  expect(await second.evaluate(() => face.texts())).toEqual(['of the first tab', 'of the second tab'])
})

test('I-15: OPFS: a torn tail and a flipped byte lose at most that record, and are reported', async ({
  page,
  site,
}) => {
  const reload = async (): Promise<string[]> => {
    await visit(page, site)
    await page.evaluate(() => face.openLog('opfs'))
    return page.evaluate(() => face.texts())
  }
  await reload()
  for (const word of ['one', 'two', 'three', 'four']) await page.evaluate((word) => face.append(word), word)
  await visit(page, site)
  await page.evaluate(() => face.cut(2))
  expect(await reload()).toEqual(['one', 'two', 'three'])
  expect(await page.evaluate(() => face.damage())).toMatchObject([{ kind: 'torn' }])
  await page.evaluate(() => face.append('five'))
  expect(await reload()).toEqual(['one', 'two', 'three', 'five'])
  expect(await page.evaluate(() => face.damage())).toEqual([])
  await page.evaluate(() => face.append('six'))
  await visit(page, site)
  // Of the newest segment: header, then the frame of "five".
  await page.evaluate(() => face.flip(48 + 21))
  expect(await reload()).toEqual(['one', 'two', 'three', 'six'])
  expect(await page.evaluate(() => face.damage())).toMatchObject([{ kind: 'gap', records: 1 }])
})

test('what a browser lacks is made up for, and what was written meanwhile is not forgotten', async ({ page, site }) => {
  await visit(page, site)
  const auto = async (missing: Parameters<Face['auto']>[0]): Promise<string> => {
    await page.reload()
    await page.waitForFunction(() => 'face' in globalThis)
    return page.evaluate((missing) => face.auto(missing), missing)
  }
  expect(await auto({})).toBe('opfs')
  await page.evaluate(() => face.append('in OPFS'))
  expect(await auto({ opfs: 'worker fails' })).toBe('indexeddb')
  await page.evaluate(() => face.append('in IndexedDB'))
  expect(await auto({ opfs: 'worker refused', indexedDB: true })).toBe('memory')
  expect(await auto({ opfs: 'no worker' })).toBe('indexeddb')
  await page.evaluate(() => face.append('again in IndexedDB'))
  expect(await page.evaluate(() => face.texts())).toEqual(['in IndexedDB', 'again in IndexedDB'])
  for (let i = 0; i < 2; i++) {
    expect(await auto({})).toBe('opfs')
    expect(await page.evaluate(() => face.texts())).toEqual(['in OPFS', 'in IndexedDB', 'again in IndexedDB'])
  }
  expect(await auto({ indexedDB: true })).toBe('opfs')
  expect(await page.evaluate(() => face.texts())).toEqual(['in OPFS', 'in IndexedDB', 'again in IndexedDB'])
})
