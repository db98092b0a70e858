import { expect } from '@playwright/test'
import { crashTab, test } from './fixtures.js'

/** Appends `text` to a file of the origin's private file system, and returns all that is in it. */
const append = async (text: string): Promise<string> => {
  const handle = await (await navigator.storage.getDirectory()).getFileHandle('notes', { create: true })
  const size = (await handle.getFile()).size
  const stream = await handle.createWritable({ keepExistingData: true })
  await stream.write({ type: 'write', position: size, data: text })
  await stream.close()
  return (await handle.getFile()).text()
}

test('a profile keeps its files when its browser is killed, and no other profile sees them', async ({
  openProfile,
  site,
}) => {
  const first = await openProfile()
  await first.page.goto(`${site}/blank.html`)
  expect(await first.page.evaluate(() => [isSecureContext, 'locks' in navigator])).toEqual([true, true])
  expect(await first.page.evaluate(append, 'one ')).toBe('one ')

  const second = await openProfile()
  await second.page.goto(`${site}/blank.html`)
  expect(await second.page.evaluate(append, 'other')).toBe('other')

  await first.kill()
  const again = await openProfile(first.folder)
  await again.page.goto(`${site}/blank.html`)
  expect(await again.page.evaluate(append, 'two')).toBe('one two')
})

test('a tab that crashes leaves the others of its profile alone', async ({ context, page, site }) => {
  const other = await context.newPage()
  await other.goto(`${site}/blank.html`)
  await page.goto(`${site}/blank.html`)
  await crashTab(page)
  expect(await other.evaluate(() => document.title)).toBe('blank')
})
