/** The devtools inside the page of the demo, closed until somebody asks for them. */
import { expect, type Locator, type Page } from '@playwright/test'
import { runTests } from '../cli/copied-tests.js'
import { test } from './tracker-site.js'

test.describe.configure({ mode: 'default', timeout: 60_000 })

const dock = (page: Page): Locator => page.locator('ibex-devtools')
const timeline = (page: Page): Locator => dock(page).getByRole('grid', { name: 'Timeline' })

async function openDock(page: Page): Promise<Locator> {
  await page.getByRole('button', { name: 'Devtools' }).click()
  await timeline(page).waitFor()
  return dock(page)
}

/** Changes the title of the issue under the cursor. */
async function rename(page: Page, title: string): Promise<void> {
  await page.keyboard.press('e')
  await page.keyboard.press('Control+a')
  await page.keyboard.type(title)
  await page.keyboard.press('Enter')
}

test('nothing of it is loaded before it is asked for; then it shows what is done, as it is done', async ({ visit }) => {
  const page = await visit()
  await page.getByText('All saved').waitFor()
  const loaded = (): Promise<number> =>
    page.evaluate(() => performance.getEntriesByType('resource').filter(({ name }) => /\/dock-/.test(name)).length)
  expect(await loaded()).toBe(0)
  const devtools = await openDock(page)
  expect(await loaded()).toBe(1)
  await expect(devtools.getByText(/^Sample/).first()).toBeVisible()

  await page.getByRole('row').nth(1).hover()
  await rename(page, 'Seen in the devtools')
  await expect(timeline(page).getByRole('row').filter({ hasText: 'Seen in the devtools' }).first()).toBeVisible()
  await devtools.getByRole('tab', { name: 'Items' }).click()
  await devtools.getByLabel('Find an item').fill('Seen in the devtools')
  await expect(devtools.getByRole('row', { name: /Seen in the devtools/ })).toBeVisible()
})

test('an earlier moment is shown by keys, which the app does not hear; an action is reverted, and the page follows', async ({
  visit,
}) => {
  const page = await visit()
  await page.getByText('All saved').waitFor()
  const urgent = page.getByRole('row').getByLabel('Priority: Urgent')
  const before = await urgent.count()
  await page.getByRole('row').nth(1).hover()
  await page.keyboard.press('p')
  await page.keyboard.press('1')
  await expect(urgent).toHaveCount(before + 1)
  const devtools = await openDock(page)
  const moment = devtools.getByRole('slider', { name: 'Moment' })
  await expect(timeline(page).getByRole('row', { name: /priority/ })).toBeVisible()
  const all = Number(await moment.getAttribute('aria-valuenow'))
  await timeline(page).focus()
  await page.keyboard.press('ArrowLeft')
  await expect(moment).toHaveAttribute('aria-valuenow', String(all - 1))
  // In the app it makes a new issue.
  await page.keyboard.press('c')
  await expect(devtools.getByRole('tab', { name: 'Conflicts' })).toHaveAttribute('aria-selected', 'true')
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await page.keyboard.press('t')
  await timeline(page).focus()
  await page.keyboard.press('End')
  await expect(moment).toHaveAttribute('aria-valuetext', 'live')
  // What is reverted is what the details say, and after a quick change they follow a tenth of a second later.
  await expect(devtools.getByRole('article', { name: 'Action' })).toContainText('priority')
  await devtools.getByRole('button', { name: 'Revert' }).click()
  await expect(urgent).toHaveCount(before)
})

test('the app shows what the panel shows, writes nothing meanwhile, and is live again', async ({ visit }) => {
  const page = await visit()
  await page.getByText('All saved').waitFor()
  const urgent = page.getByRole('row').getByLabel('Priority: Urgent')
  const before = await urgent.count()
  await page.getByRole('row').nth(1).hover()
  await page.keyboard.press('p')
  await page.keyboard.press('1')
  await expect(urgent).toHaveCount(before + 1)
  const devtools = await openDock(page)
  await expect(timeline(page).getByRole('row', { name: /priority/ })).toBeVisible()
  await devtools.getByRole('button', { name: 'Drive the app' }).click()
  await timeline(page).focus()
  await page.keyboard.press('ArrowLeft')
  await expect(urgent).toHaveCount(before)
  await expect(page.locator('ibex-showing')).toBeAttached()
  await page.keyboard.press('End')
  await expect(urgent).toHaveCount(before + 1)
  await expect(page.locator('ibex-showing')).toHaveCount(0)
  await page.keyboard.press('Home')
  await expect(page.locator('ibex-showing')).toBeAttached()
  // Closing the panel ends it.
  await devtools.getByRole('button', { name: 'Close the devtools' }).click()
  await expect(urgent).toHaveCount(before + 1)
  await expect(page.locator('ibex-showing')).toHaveCount(0)
})

test('what one has just done is copied as a test, which passes as it is pasted; without the newer clipboard too', async ({
  visit,
}) => {
  const page = await visit()
  await page.getByText('All saved').waitFor()
  await page.getByRole('row').nth(1).hover()
  await rename(page, 'Copied as a test')
  const devtools = await openDock(page)
  await expect(timeline(page).getByRole('row').filter({ hasText: 'Copied as a test' }).first()).toBeVisible()
  // As in a page that has no TLS.
  await page.evaluate(() => Object.defineProperty(navigator, 'clipboard', { value: undefined }))
  await timeline(page).focus()
  await page.keyboard.press('y')
  await expect(devtools.getByText(/^Copied/)).toBeVisible()
  await expect(timeline(page)).toBeFocused()
  const pasted = page.locator('textarea#pasted')
  await page.evaluate(() => {
    const area = document.createElement('textarea')
    area.id = 'pasted'
    document.body.append(area)
  })
  await pasted.focus()
  await page.keyboard.press('Control+v')
  const code = await pasted.inputValue()
  expect(code).toContain('title: "Copied as a test"')
  expect(await runTests({ 'renamed.test.ts': code })).toMatchObject({ passed: ['renamed.test.ts'] })
})

test('it is resized by keys, turned to the side, put into a window of its own, and closed', async ({ visit }) => {
  const page = await visit()
  const devtools = await openDock(page)
  const height = async (): Promise<number> => (await devtools.boundingBox())!.height
  const before = await height()
  await devtools.getByRole('separator', { name: 'Size of the devtools' }).press('ArrowUp')
  expect(await height()).toBeGreaterThan(before)

  await devtools.getByRole('button', { name: 'Move it to the other side' }).click()
  expect((await devtools.boundingBox())!.height).toBe(page.viewportSize()!.height)

  const [popup] = await Promise.all([
    page.waitForEvent('popup'),
    devtools.getByRole('button', { name: 'In a window of its own' }).click(),
  ])
  await expect(popup.getByRole('grid', { name: 'Timeline' })).toBeVisible()
  await expect(devtools).toHaveCount(0)
  await popup.keyboard.press('g')
  await expect(popup.getByRole('grid', { name: 'Graph' })).toBeVisible()
  await popup.close()

  await page.keyboard.press('Alt+Shift+I')
  await expect(timeline(page)).toBeVisible()
  await page.keyboard.press('Alt+Shift+I')
  await expect(devtools).toHaveCount(0)
})

test('by a pointer: it is resized, a range is drawn and zoomed into, and a moment stays while the app goes on', async ({
  visit,
}) => {
  const page = await visit()
  await page.getByText('All saved').waitFor()
  const devtools = await openDock(page)
  const { mouse } = page
  const height = async (): Promise<number> => (await devtools.boundingBox())!.height
  const before = await height()
  const edge = (await devtools.getByRole('separator', { name: 'Size of the devtools' }).boundingBox())!
  await mouse.move(edge.x + edge.width / 2, edge.y + 4)
  await mouse.down()
  await mouse.move(edge.x + edge.width / 2, edge.y - 60, { steps: 3 })
  await mouse.up()
  expect(await height()).toBeCloseTo(before + 64, -1)

  const moment = devtools.getByRole('slider', { name: 'Moment' })
  const strip = (await moment.boundingBox())!
  const at = (part: number): [number, number] => [strip.x + strip.width * part, strip.y + strip.height - 6]
  await mouse.move(...at(0.2))
  await mouse.down()
  await mouse.move(...at(0.6), { steps: 3 })
  await mouse.up()
  const range = devtools.locator('.overview-range')
  const width = async (): Promise<number> => (await range.boundingBox())!.width
  expect(await width()).toBeCloseTo(strip.width * 0.4, -1)
  // An edge is taken hold of.
  await mouse.move(...at(0.6))
  await mouse.down()
  await mouse.move(...at(0.5), { steps: 3 })
  await mouse.up()
  expect(await width()).toBeCloseTo(strip.width * 0.3, -1)
  await mouse.move(...at(0.35))
  await mouse.wheel(0, -200)
  await expect(devtools.getByTitle('Show all of it (0)')).toBeVisible()
  expect(await width()).toBeGreaterThan(strip.width * 0.35)
  // Two double clicks: the first takes the range away, the second shows all.
  await mouse.dblclick(...at(0.35))
  await expect(range).toHaveCount(0)
  await mouse.dblclick(...at(0.35))
  await expect(devtools.getByTitle('Show all of it (0)')).toHaveCount(0)

  await mouse.click(strip.x + strip.width * 0.5, strip.y + 4)
  await expect(moment).not.toHaveAttribute('aria-valuetext', 'live')
  const [now, of, text] = await Promise.all(
    ['aria-valuenow', 'aria-valuemax', 'aria-valuetext'].map((name) => moment.getAttribute(name)),
  )
  // Keys are the app's again.
  await dock(page).evaluate((host: HTMLElement) => host.blur())
  await page.getByRole('row').nth(1).hover()
  await rename(page, 'Meanwhile')
  await expect.poll(async () => Number(await moment.getAttribute('aria-valuemax'))).toBeGreaterThan(Number(of))
  await expect(moment).toHaveAttribute('aria-valuenow', now!)
  await expect(moment).toHaveAttribute('aria-valuetext', text!)
})

/** Presses Tab until it leaves the dock; what it did not come to, of what can be used there. */
async function unreached(page: Page): Promise<string[]> {
  const resizer = dock(page).getByRole('separator', { name: 'Size of the devtools' })
  await dock(page).evaluate((host) => {
    const reached = new Set<EventTarget>()
    Object.assign(globalThis, { reached })
    host.shadowRoot!.addEventListener('focusin', ({ target }) => reached.add(target!))
  })
  await resizer.focus()
  const isInside = (): Promise<boolean> => dock(page).evaluate((host) => host.shadowRoot!.activeElement !== null)
  // To ask after each takes longer than to press it. What is pressed once it has left is pressed in the app.
  for (let i = 0; i < 30 && (await isInside()); i++) for (let n = 0; n < 10; n++) await page.keyboard.press('Tab')
  return dock(page).evaluate((host) => {
    const { reached } = globalThis as unknown as { reached: Set<Element> }
    const usable = 'a[href], button, input, select, textarea, summary, [role=slider], [role=separator], [role=grid]'
    return Array.from(host.shadowRoot!.querySelectorAll(usable))
      .filter((each) => each.checkVisibility() && !each.matches(':disabled'))
      .filter((each) => !reached.has(each) && !each.closest('[role=tablist]'))
      .map((each) => each.outerHTML.slice(0, 120))
  })
}

test('without a pointer: opened, used to its last button in every view, and left where one was', async ({ visit }) => {
  const page = await visit()
  await page.getByText('All saved').waitFor()
  const opener = page.getByRole('button', { name: 'Devtools' })
  await opener.focus()
  await page.keyboard.press('Tab')
  await page.keyboard.press('Shift+Tab')
  await page.keyboard.press('Enter')
  const devtools = dock(page)
  await timeline(page).waitFor()
  // It was given the focus, and down leads into its list.
  await page.keyboard.press('ArrowDown')
  await expect(timeline(page)).toBeFocused()
  await page.keyboard.press('?')
  await expect(devtools.getByRole('dialog', { name: 'All keys' })).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(devtools.getByRole('dialog')).toHaveCount(0)
  await expect(timeline(page)).toBeFocused()

  for (const [key, view] of Object.entries({
    t: 'Timeline',
    g: 'Graph',
    i: 'Items',
    c: 'Conflicts',
    q: 'Queries',
    s: 'Sync',
    r: 'Rejected',
    o: 'Storage',
    b: 'Bisect',
  })) {
    await devtools.getByRole('slider', { name: 'Moment' }).focus()
    await page.keyboard.press(key)
    const tab = devtools.getByRole('tab', { name: view })
    await expect(tab).toHaveAttribute('aria-selected', 'true')
    expect(await unreached(page), view).toEqual([])
  }

  const speed = devtools.getByRole('combobox', { name: 'Speed' })
  await speed.focus()
  const before = await speed.inputValue()
  await page.keyboard.press('ArrowDown')
  await expect(speed).not.toHaveValue(before)

  await devtools.getByRole('separator', { name: 'Size of the devtools' }).focus()
  const height = async (): Promise<number> => (await devtools.boundingBox())!.height
  const first = await height()
  await page.keyboard.press('End')
  expect(await height()).toBeGreaterThan(first)
  await page.keyboard.press('Home')
  expect(await height()).toBeLessThan(first)
  await page.keyboard.press('Enter')
  expect(await height()).toBe(first)

  const turn = devtools.getByRole('button', { name: 'Move it to the other side' })
  await turn.focus()
  await page.keyboard.press('Enter')
  expect((await devtools.boundingBox())!.height).toBe(page.viewportSize()!.height)
  await expect(turn).toBeFocused()
  await page.keyboard.press('Enter')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Tab')
  await expect(devtools.getByRole('button', { name: 'Close the devtools' })).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(devtools).toHaveCount(0)
  await expect(opener).toBeFocused()

  // The key that opens it takes one there and back.
  await page.keyboard.press('Alt+Shift+I')
  await timeline(page).waitFor()
  await page.keyboard.press('g')
  await expect(devtools.getByRole('grid', { name: 'Graph' })).toBeVisible()
  await page.keyboard.press('Alt+Shift+I')
  await expect(devtools).toHaveCount(0)
  await expect(opener).toBeFocused()
})
