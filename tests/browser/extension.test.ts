/// <reference types="chrome" />
/** The built extension in real Chromium: from the page's stores through every hop to a panel. */
import { expect, type Page } from '@playwright/test'
import { test } from './extension-world.js'
import { until } from './world.js'

const stores = (panel: Page): Promise<string[]> => panel.evaluate(() => probe.stores())

test('a store is seen, copied, and followed', async ({ browserWithExtension: { visit, probe: look } }) => {
  const page = await visit('stores=main')
  await page.evaluate(() => inspected.write('main', 'first', 'one'))
  const panel = await look(page)
  await expect.poll(() => stores(panel)).toEqual(['main connected'])
  await panel.evaluate(() => probe.copy('main'))
  expect(await panel.evaluate(() => probe.rows('main'))).toMatchObject([{ $id: 'one', text: 'first' }])
  await page.evaluate(() => inspected.write('main', 'second', 'two'))
  await expect.poll(() => panel.evaluate(() => probe.rows('main').length)).toBe(2)
  await expect.poll(() => panel.evaluate(() => probe.commits('main'))).toBe(2)
})

test('a store that is made after the panel came is seen, and one that is closed is not', async ({
  browserWithExtension: { visit, probe: look },
}) => {
  const page = await visit('stores=')
  const panel = await look(page)
  await page.evaluate(() => inspected.open('late'))
  await expect.poll(() => stores(panel)).toEqual(['late connected'])
  await page.evaluate(() => inspected.close('late'))
  await expect.poll(() => stores(panel)).toEqual([])
})

test('two stores in one page, and one in a frame; each is its own', async ({
  browserWithExtension: { visit, probe: look },
}) => {
  const page = await visit('stores=left,right&frame=inner')
  const panel = await look(page)
  await expect.poll(() => stores(panel)).toEqual(['inner connected', 'left connected', 'right connected'])
  expect((await panel.evaluate(() => probe.frames())).toSorted()).toEqual(['frame connected', 'top connected'])
  const frame = page.frames()[1]!
  await frame.evaluate(() => inspected.write('inner', 'of the frame'))
  await page.evaluate(() => inspected.write('left', 'of the left'))
  for (const name of ['left', 'right', 'inner']) await panel.evaluate((each) => probe.copy(each), name)
  const rows = (name: string): Promise<readonly object[]> => panel.evaluate((each) => probe.rows(each), name)
  await expect.poll(() => rows('inner')).toMatchObject([{ text: 'of the frame' }])
  await expect.poll(() => rows('left')).toMatchObject([{ text: 'of the left' }])
  expect(await rows('right')).toEqual([])
  await page.evaluate(() => document.querySelector('iframe')!.remove())
  await expect.poll(() => stores(panel), { timeout: 15_000 }).toEqual(['left connected', 'right connected'])
})

test('the service worker is killed, again and again, and everything goes on', async ({
  browserWithExtension: { visit, probe: look, killWorker },
}) => {
  const page = await visit('stores=main')
  const panel = await look(page)
  await expect.poll(() => stores(panel)).toEqual(['main connected'])
  await panel.evaluate(() => probe.copy('main'))
  const ids = await panel.evaluate(() => probe.ids())
  for (let round = 1; round <= 3; round++) {
    await killWorker()
    await page.evaluate((n) => inspected.write('main', `after kill ${n}`), round)
    await expect.poll(() => panel.evaluate(() => probe.rows('main').length)).toBe(round)
    await expect.poll(() => stores(panel)).toEqual(['main connected'])
  }
  // Not another store: the same, over another line.
  expect(await panel.evaluate(() => probe.ids())).toEqual(ids)
})

test('a reload is another page with another store; so is a navigation', async ({
  browserWithExtension: { visit, probe: look },
}) => {
  const page = await visit('stores=main')
  await page.evaluate(() => inspected.write('main', 'before'))
  const panel = await look(page)
  await expect.poll(() => stores(panel)).toEqual(['main connected'])
  const [before] = await panel.evaluate(() => probe.ids())
  await page.reload()
  await expect.poll(() => panel.evaluate(() => probe.ids()[0])).not.toBe(before)
  await expect.poll(() => stores(panel)).toEqual(['main connected'])
  await page.evaluate(() => inspected.write('main', 'after'))
  await panel.evaluate(() => probe.copy('main'))
  await expect.poll(() => panel.evaluate(() => probe.rows('main'))).toMatchObject([{ text: 'after' }])
  await visit('stores=other', page)
  await expect.poll(() => stores(panel)).toEqual(['other connected'])
  await page.goto('about:blank')
  await expect.poll(() => stores(panel), { timeout: 15_000 }).toEqual([])
})

test('bodies larger than a message of the extension come through whole', async ({
  browserWithExtension: { visit, probe: look },
}) => {
  const page = await visit('stores=main')
  const LENGTH = 200_000
  // As many as fill several messages of the protocol, each of which goes in pieces.
  await page.evaluate(async (length) => {
    for (let n = 0; n < 20; n++) await inspected.write('main', String.fromCharCode(97 + n).repeat(length))
  }, LENGTH)
  const panel = await look(page)
  await expect.poll(() => stores(panel)).toEqual(['main connected'])
  await panel.evaluate(() => probe.copy('main'))
  const texts = await panel.evaluate(() => probe.rows('main').map((row) => (row as { text: string }).text))
  expect(texts.map((text) => [text[0], text.length])).toEqual(
    Array.from({ length: 20 }, (_, n) => [String.fromCharCode(97 + n), LENGTH]),
  )
})

test('two panels at one tab, and two tabs, are kept apart', async ({
  browserWithExtension: { visit, probe: look },
}) => {
  const one = await visit('stores=one')
  const two = await visit('stores=two')
  const [first, again, other] = [await look(one), await look(one), await look(two)]
  await expect.poll(() => stores(first)).toEqual(['one connected'])
  await expect.poll(() => stores(again)).toEqual(['one connected'])
  await expect.poll(() => stores(other)).toEqual(['two connected'])
  await first.close()
  await one.evaluate(() => inspected.write('one', 'x'))
  await expect.poll(() => again.evaluate(() => probe.commits('one'))).toBe(1)
})

test('what a panel has done is done in the page', async ({ browserWithExtension: { visit, probe: look } }) => {
  const page = await visit('stores=main')
  await page.evaluate(() => inspected.write('main', 'x', 'one'))
  const panel = await look(page)
  await expect.poll(() => stores(panel)).toEqual(['main connected'])
  await panel.evaluate(() =>
    probe.command('main', 'edit', { repository: '/data/main', schema: 'note', item: 'one', patch: { text: 'y' } }),
  )
  await panel.evaluate(() => probe.copy('main'))
  await expect.poll(() => panel.evaluate(() => probe.rows('main'))).toMatchObject([{ text: 'y' }])
})

test('without access the extension looks into nothing, says so, and asks for it', async ({ launch }) => {
  const { context, id, visit, worker } = await launch({ access: false })
  const page = await visit('stores=main')
  await page.bringToFront()
  // It is not told the addresses of tabs either.
  const tabs = await (await worker()).evaluate(async () => chrome.tabs.query({ active: true, lastFocusedWindow: true }))
  expect(tabs).toHaveLength(1)
  expect(tabs[0]).not.toHaveProperty('url')
  const panel = await context.newPage()
  await panel.goto(`chrome-extension://${id}/probe.html?tab=${tabs[0]!.id}`)
  await expect.poll(() => panel.evaluate(() => probe.access())).toBe(false)
  expect(await stores(panel)).toEqual([])
  const registered = await (await worker()).evaluate(async () => chrome.scripting.getRegisteredContentScripts())
  expect(registered).toEqual([])
  await panel.goto(`chrome-extension://${id}/panel.html?tab=${tabs[0]!.id}`)
  await expect(panel.getByText('Ibex may not look into this page.')).toBeVisible()
  await expect(panel.getByRole('button', { name: 'Allow it on this site' })).toBeVisible()

  // Where a panel cannot ask for it, a page does, for that site.
  const { origin } = new URL(page.url())
  const grant = await context.newPage()
  await grant.goto(`chrome-extension://${id}/grant.html`)
  await expect(grant.getByText('There is no site to be looked into.')).toBeVisible()
  await expect(grant.getByRole('button')).toHaveCount(0)
  await grant.goto(`chrome-extension://${id}/grant.html?origin=${encodeURIComponent(origin)}`)
  await expect(grant.getByText(`The Ibex panel wants to look into ${origin}.`)).toBeVisible()
  // Nobody is there to answer the browser's own question: the test does.
  const asked = await grant.evaluateHandle(() => {
    const answers = [false, true]
    const seen: string[] = []
    chrome.permissions.request = ({ origins = [] }: chrome.permissions.Permissions) => {
      seen.push(...origins)
      return Promise.resolve(answers.shift()!)
    }
    return seen
  })
  await grant.getByRole('button', { name: 'Allow it' }).click()
  await expect(grant.getByText('Not allowed.')).toBeVisible()
  await grant.getByRole('button', { name: 'Allow it' }).click()
  await expect(grant.getByText('Allowed. You can close this page.')).toBeVisible()
  await expect(grant.getByRole('button')).toHaveCount(0)
  const { protocol, hostname } = new URL(origin)
  expect(await asked.jsonValue()).toEqual([`${protocol}//${hostname}/*`, `${protocol}//${hostname}/*`])
})

test('in a private window, once the user lets it in there', async ({ launch, site }) => {
  const { context, id, worker } = await launch()
  const settings = await context.newPage()
  await settings.goto('chrome://extensions/')
  // As the switches of that page do. The extension begins anew.
  const again = context.waitForEvent('serviceworker')
  await settings.evaluate(async (extensionId) => {
    const { developerPrivate } = chrome as unknown as {
      developerPrivate: {
        updateProfileConfiguration(what: object): Promise<void>
        updateExtensionConfiguration(what: object): Promise<void>
      }
    }
    await developerPrivate.updateProfileConfiguration({ inDeveloperMode: true })
    await developerPrivate.updateExtensionConfiguration({ extensionId, incognitoAccess: true })
  }, id)
  await again
  const opened = context.waitForEvent('page')
  const tab = await (
    await worker()
  ).evaluate(async (url) => {
    const made = await chrome.windows.create({ incognito: true, url })
    return { id: made?.tabs?.[0]?.id, isPrivate: made?.incognito }
  }, `${site}/inspected.html?stores=main`)
  expect(tab).toMatchObject({ isPrivate: true })
  const page = await opened
  await until(page, () => document.title === 'ready')
  await page.evaluate(() => inspected.write('main', 'in private', 'one'))
  const panel = await context.newPage()
  await panel.goto(`chrome-extension://${id}/probe.html?tab=${tab.id}`)
  await expect.poll(() => stores(panel)).toEqual(['main connected'])
  await panel.evaluate(() => probe.copy('main'))
  expect(await panel.evaluate(() => probe.rows('main'))).toMatchObject([{ text: 'in private' }])
})
