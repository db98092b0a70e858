/** The panel itself, as a page of the built extension. */
import { expect, type Locator, type Page } from '@playwright/test'
import { test } from './extension-world.js'
import { until } from './world.js'

const timeline = (panel: Page): Locator => panel.getByRole('grid', { name: 'Timeline' })
const moment = (panel: Page): Locator => panel.getByRole('slider', { name: 'Moment' })

const PAGE = '/tests/browser/pages/inspected.html'

async function visit(page: Page, query: string): Promise<Page> {
  await page.goto(`${PAGE}?${query}`)
  await until(page, () => document.title === 'ready')
  return page
}

test('two stores in one page: each is chosen by its name', async ({ browserWithExtension: { context, open } }) => {
  const page = await visit(await context.newPage(), 'stores=left,right')
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
  browserWithExtension: { context, open },
}) => {
  test.skip(
    process.env['IBEX_LARGE'] === undefined,
    'It takes minutes: IBEX_LARGE=1 npm run test:browser -- -- extension-panel',
  )
  test.setTimeout(180_000)
  const page = await visit(await context.newPage(), 'stores=large')
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
