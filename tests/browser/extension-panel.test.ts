/** The panel itself, as a page of the built extension, on the demo and on pages with much to look at. */
import { expect, type Locator, mergeTests, type Page } from '@playwright/test'
import { test as withExtension } from './extension-world.js'
import { test as withTracker } from './tracker-site.js'

const test = mergeTests(withTracker, withExtension)
test.use({ mode: 'development' })

const timeline = (panel: Page): Locator => panel.getByRole('grid', { name: 'Timeline' })
const moment = (panel: Page): Locator => panel.getByRole('slider', { name: 'Moment' })
const urgent = (page: Page): Locator => page.getByRole('row').getByLabel('Priority: Urgent')

/** Makes the issue under the cursor urgent, or of another priority. */
async function setPriority(page: Page, key: '1' | '3'): Promise<void> {
  await page.getByRole('row').nth(1).hover()
  await page.keyboard.press('p')
  await page.keyboard.press(key)
}

test('scrubbing shows the past in the tree, in the diff and in the page; a range is played; a revert reaches the page; the service worker may go', async ({
  address,
  browserWithExtension,
}) => {
  const { context, open, killWorker } = browserWithExtension
  const page = await context.newPage()
  await page.goto(`${address}?as=mara`)
  await page.getByText('All saved').waitFor()
  const title = await page.getByRole('row').nth(1).locator('.title').innerText()
  const before = await urgent(page).count()
  await setPriority(page, '1')
  await expect(urgent(page)).toHaveCount(before + 1)

  const panel = await open('panel.html', page)
  await expect(timeline(panel).getByRole('row', { name: /priority/ })).toBeVisible()
  await expect(panel.getByRole('article', { name: 'Action' })).toContainText('priority')
  const all = Number(await moment(panel).getAttribute('aria-valuenow'))

  // The page shows what the panel shows.
  await panel.getByRole('button', { name: 'Drive the app' }).click()
  await timeline(panel).focus()
  await panel.keyboard.press('ArrowLeft')
  await expect(moment(panel)).toHaveAttribute('aria-valuenow', String(all - 1))
  await expect(urgent(page)).toHaveCount(before)
  await expect(panel.getByRole('article', { name: 'Action' })).not.toContainText('priority')

  // The range of the last action, played.
  await panel.keyboard.press('[')
  await panel.keyboard.press('End')
  await expect(moment(panel)).toHaveAttribute('aria-valuetext', 'live')
  await panel.keyboard.press(']')
  await panel.keyboard.press('ArrowLeft')
  await expect(moment(panel)).toHaveAttribute('aria-valuenow', String(all - 1))
  await expect(urgent(page)).toHaveCount(before)
  await panel.keyboard.press(' ')
  await expect(urgent(page)).toHaveCount(before + 1)
  await expect(panel.getByRole('button', { name: 'Play', exact: true })).toBeVisible()
  await panel.keyboard.press('x')
  await panel.keyboard.press('End')
  // What is asked for while the worker is gone is done when there is another.
  await killWorker()
  await panel.keyboard.press('ArrowLeft')
  await expect(urgent(page)).toHaveCount(before)
  await panel.keyboard.press('End')
  await expect(urgent(page)).toHaveCount(before + 1)
  await panel.getByRole('button', { name: 'Drive the app' }).click()

  // Item by item, at that moment and at another.
  await panel.keyboard.press('i')
  await panel.getByLabel('Find an item').fill(title)
  await panel.getByRole('treegrid', { name: 'Items' }).getByRole('row', { name: title }).click()
  const priority = panel.getByRole('article').locator('dt', { hasText: 'priority' }).locator('+ dd')
  await expect(priority).toHaveText(/^0/)
  await moment(panel).focus()
  await panel.keyboard.press('ArrowLeft')
  await expect(priority).toHaveText(/^[1-4]/)
  await panel.keyboard.press('End')
  await expect(priority).toHaveText(/^0/)
  await panel.keyboard.press('t')

  await killWorker()
  await setPriority(page, '3')
  await expect(urgent(page)).toHaveCount(before)
  await expect(moment(panel)).toHaveAttribute('aria-valuenow', String(all + 1), { timeout: 20_000 })
  await timeline(panel).focus()
  await panel.keyboard.press('End')
  await panel.getByRole('button', { name: 'Revert' }).click()
  await expect(urgent(page)).toHaveCount(before + 1)
})

test('two stores in one page: each is chosen by its name', async ({ browserWithExtension: { visit, open } }) => {
  const page = await visit('stores=left,right')
  await page.evaluate(() => inspected.write('left', 'of the left', 'l'))
  await page.evaluate(() => inspected.write('right', 'of the right', 'r'))
  const panel = await open('panel.html', page)
  for (const name of ['right', 'left']) {
    await panel.getByRole('combobox', { name: 'Store' }).selectOption({ label: name })
    await expect(panel.getByRole('article', { name: 'Action' })).toContainText(`of the ${name}`)
    await expect(timeline(panel).getByRole('row', { name: 'Create note' })).toHaveCount(1)
  }
})

test('a history of 100 MB is copied, scrubbed through, and followed', async ({
  browserWithExtension: { visit, open },
}) => {
  test.setTimeout(180_000)
  const page = await visit('stores=large')
  await page.evaluate(() => inspected.fill('large', 1050, 100_000))
  const panel = await open('panel.html', page)
  await expect(moment(panel)).toHaveAttribute('aria-valuenow', '1050', { timeout: 120_000 })
  await timeline(panel).focus()
  await panel.keyboard.press('Home')
  await expect(panel.getByText('Before the first action.')).toBeVisible()
  await panel.keyboard.press('Shift+ArrowRight')
  await expect(moment(panel)).toHaveAttribute('aria-valuenow', '10')
  await expect(panel.getByRole('article', { name: 'Action' })).toContainText('note 9')
  await panel.keyboard.press('End')
  await page.evaluate(() => inspected.write('large', 'one more'))
  await expect(moment(panel)).toHaveAttribute('aria-valuenow', '1051')
  await expect(panel.getByRole('article', { name: 'Action' })).toContainText('one more')
})
