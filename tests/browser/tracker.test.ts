/** The demo as people use it: by keys and mouse, two at a time. */
import { expect, type Locator, type Page } from '@playwright/test'
import { test } from './tracker-site.js'
import { command, count, create, row, saved } from './tracker-steps.js'

// In one worker, which builds the demo once.
test.describe.configure({ mode: 'default', timeout: 60_000 })

/** Drags until the target says that it would take what is dragged. */
async function drag(page: Page, from: Locator, to: Locator): Promise<void> {
  await from.hover()
  await page.mouse.down()
  const box = (await to.boundingBox())!
  let wiggle = 0
  await expect(async () => {
    await page.mouse.move(box.x + box.width / 2 + (wiggle++ % 2) * 8, box.y + box.height / 2, { steps: 4 })
    await expect(to.getByText('Ordered by')).toBeVisible({ timeout: 250 })
  }).toPass()
  await page.mouse.up()
}

test('two who open an empty project at once find the same sixty issues', async ({ visit }) => {
  const [a, b] = await Promise.all([visit(), visit('lin')])
  for (const page of [a, b]) {
    await expect(count(page)).toHaveText('60')
    await saved(page)
  }
  const titles = (page: Page): Promise<string[]> => page.locator('.row .title').allInnerTexts()
  await expect.poll(() => titles(b)).toEqual(await titles(a))
})

test('a second person is one key away, and sees what the first does', async ({ visit }) => {
  const page = await visit()
  await saved(page)
  const [other] = await Promise.all([page.waitForEvent('popup'), page.keyboard.press('Shift+N')])
  await saved(other)
  expect(new URL(other.url()).searchParams.get('as')).toBe('lin')
  await create(page, 'seen by the other')
  await expect(row(other, 'seen by the other')).toBeVisible()
  await other.close()
})

test('two type into one title: no letter is lost, and no caret moves', async ({ visit }) => {
  const [a, b] = await Promise.all([visit(), visit('lin')])
  await create(a, 'middle')
  await a.getByRole('button', { name: 'Open', exact: true }).click()
  await row(b, 'middle').click()
  const [left, right] = [a, b].map((page) => page.getByRole('complementary').getByLabel('Title')) as [Locator, Locator]
  await left.click()
  await a.keyboard.press('Control+Home')
  await right.click()
  await b.keyboard.press('Control+End')
  await Promise.all([
    left.pressSequentially('to the left of the ', { delay: 45 }),
    right.pressSequentially(' and so on to the right', { delay: 60 }),
  ])
  const text = 'to the left of the middle and so on to the right'
  for (const field of [left, right]) await expect(field).toHaveValue(text)
  const caret = (field: Locator): Promise<number> =>
    field.evaluate((element) => (element as HTMLTextAreaElement).selectionStart)
  expect(await caret(left)).toBe('to the left of the '.length)
  expect(await caret(right)).toBe(text.length)
})

test('keys make, change, delete and bring back issues; a reload shows the same', async ({ visit }) => {
  const page = await visit()
  await create(page, 'Feed the goats')
  await expect(row(page, 'Feed the goats')).toBeVisible()

  await page.keyboard.press('e')
  await page.keyboard.press('Control+a')
  await page.keyboard.type('Feed all the goats')
  await page.keyboard.press('Enter')
  const goats = row(page, 'Feed all the goats')
  await expect(goats).toBeVisible()

  await page.keyboard.press('s')
  await page.keyboard.type('progress')
  await page.keyboard.press('Enter')
  await expect(goats.getByLabel('Status: In progress')).toBeVisible()
  await page.keyboard.press('p')
  await page.keyboard.press('1')
  await expect(goats.getByLabel('Priority: Urgent')).toBeVisible()
  await page.keyboard.press('a')
  await page.keyboard.type('Tom')
  await page.keyboard.press('Enter')
  await expect(goats.getByLabel('Assigned to Tomás Rey')).toBeVisible()
  await page.keyboard.press('l')
  await page.keyboard.type('animals')
  await page.keyboard.press('Enter')
  await page.keyboard.press('Escape')
  await expect(goats.getByText('animals')).toBeVisible()
  await page.keyboard.press('v')
  await expect(goats.getByRole('button', { name: '1 vote' })).toHaveAttribute('aria-pressed', 'true')

  await page.keyboard.press('#')
  await expect(goats).toHaveCount(0)
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(goats.getByText('animals')).toBeVisible()

  await saved(page)
  await page.reload()
  await expect(goats.getByRole('button', { name: '1 vote' })).toHaveAttribute('aria-pressed', 'true')
})

test('many are selected and changed at once', async ({ visit }) => {
  const page = await visit('mara', '&status=review')
  const before = Number(await count(page).innerText())
  await page.keyboard.press('j')
  await page.keyboard.press('x')
  await page.keyboard.press('Shift+ArrowDown')
  await expect(page.getByText('2 selected')).toBeVisible()
  await page.keyboard.press('s')
  await page.keyboard.type('done')
  await page.keyboard.press('Enter')
  await expect(count(page)).toHaveText(String(before - 2))
  await page.keyboard.press('Control+a')
  await expect(page.getByText(`${before - 2} selected`)).toBeVisible()
})

test('the address holds filters, search and layout; cards are dragged between columns', async ({ visit }) => {
  const page = await visit()
  await page.getByRole('link', { name: 'Active' }).click()
  await expect(page).toHaveURL(/status=todo,doing,review/)
  await page.keyboard.press('/')
  await page.keyboard.type('RECONNECT')
  await expect(page).toHaveURL(/q=RECONNECT/)
  await expect(page.locator('.row .title').first()).toContainText(/reconnect/i)
  await page.keyboard.press('Escape')
  await page.keyboard.press('b')
  await expect(page).toHaveURL(/view=board/)

  const [todo, doing] = ['Todo', 'In progress'].map((name) => page.getByRole('region', { name })) as [Locator, Locator]
  const card = todo.getByRole('article').first()
  const title = await card.locator('.title').innerText()
  await drag(page, card, doing)
  await expect(doing.getByRole('article', { name: title })).toBeVisible()
  await expect(todo.getByRole('article', { name: title })).toHaveCount(0)

  // By keys the same.
  await doing.getByRole('article', { name: title }).hover()
  await page.keyboard.press('Alt+ArrowLeft')
  await expect(todo.getByRole('article', { name: title })).toBeVisible()
  await page.goBack()
  await expect(page.getByRole('grid', { name: 'Issues' })).toBeVisible()
})

test('what is done offline waits, and arrives', async ({ visit }) => {
  const [a, b] = await Promise.all([visit(), visit('lin')])
  await a.getByRole('switch', { name: 'Network' }).click()
  await expect(a.getByText('Offline', { exact: true })).toBeVisible()
  await create(a, 'Made far from everything')
  await expect(a.getByText(/\d+ to send/)).toBeVisible()
  await create(b, 'Made at home')
  await expect(row(b, 'Made far')).toHaveCount(0)
  await expect(row(a, 'Made at home')).toHaveCount(0)
  await a.getByRole('switch', { name: 'Network' }).click()
  for (const page of [a, b]) {
    await expect(row(page, 'Made far')).toBeVisible()
    await expect(row(page, 'Made at home')).toBeVisible()
    await saved(page)
  }
})

test('what the rules refuse is taken back, said, and can be tried again', async ({ visit }) => {
  const page = await visit()
  await create(page, 'Short')
  await saved(page)
  await page.keyboard.press('e')
  await page
    .getByRole('row')
    .getByRole('textbox')
    .fill(`Long ${'x'.repeat(300)}`)
  const refusal = page.getByRole('alert')
  await expect(refusal).toContainText('at most 200 characters')
  // What was typed stays while one types.
  await expect(page.getByRole('row').getByRole('textbox')).toHaveValue(/^Long/)
  await page.keyboard.press('Enter')
  await expect(row(page, 'Short')).toBeVisible()
  await refusal.getByRole('button', { name: 'Retry' }).click()
  await expect(refusal).toContainText('at most 200 characters')
  await refusal.getByRole('button', { name: 'Discard' }).click()
  await expect(refusal).toHaveCount(0)
  await expect(row(page, 'Short')).toBeVisible()
})

test('ten thousand issues: few rows in the document, and typing touches its own row only', async ({ visit }) => {
  const page = await visit('mara', '&server=off')
  await command(page, 'Add 10,000')
  await expect(count(page)).toHaveText('10,060', { timeout: 60_000 })
  await page.keyboard.press('End')
  await expect(page.locator('[data-cursor]')).toBeInViewport()
  expect(await page.getByRole('row').count()).toBeLessThan(100)
  await page.keyboard.press('Home')
  await page.keyboard.press('e')
  const field = page.getByRole('row').getByRole('textbox')
  await page.keyboard.press('Control+a')
  const rows = await field.evaluate(async (element) => {
    const input = element as HTMLInputElement
    const changed = new Set<Element>()
    const note = (records: readonly MutationRecord[]): void => {
      for (const { target } of records) {
        const row = (target instanceof Element ? target : target.parentElement)?.closest('[role=row]')
        if (row) changed.add(row)
      }
    }
    const observer = new MutationObserver(note)
    observer.observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true })
    for (const letter of 'typed among ten thousand') {
      // As the browser does it, in one go: nothing else happens meanwhile.
      input.setRangeText(letter, input.selectionStart!, input.selectionEnd!, 'end')
      input.dispatchEvent(new InputEvent('input', { bubbles: true }))
      await new Promise(requestAnimationFrame)
    }
    note(observer.takeRecords())
    observer.disconnect()
    return changed.size
  })
  await expect(page.getByRole('row').getByRole('textbox')).toHaveValue('typed among ten thousand')
  // How long it takes is for benchmarks to say; here, that it costs no more than what was changed.
  expect(rows).toBeLessThanOrEqual(1)
})
