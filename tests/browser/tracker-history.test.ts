/** What happened in the demo: told, undone, shown again. */
import { expect, type Locator, type Page } from '@playwright/test'
import { test } from './tracker-site.js'
import { command, count, create, row, saved } from './tracker-steps.js'

// In one worker, which builds the demo once.
test.describe.configure({ mode: 'default', timeout: 60_000 })

const panel = (page: Page): Locator => page.getByRole('complementary', { name: 'Issue' })
const title = (page: Page): Locator => panel(page).getByLabel('Title')
const story = (page: Page): Locator => panel(page).getByRole('listitem')
const slider = (page: Page): Locator => page.getByRole('slider', { name: 'Moment' })
const toast = (page: Page, text: string): Locator => page.getByRole('region', { name: 'News' }).getByText(text)

/** Picks a value of a field for the issue at the cursor. */
async function pick(page: Page, key: string, value: string): Promise<void> {
  await page.keyboard.press(key)
  await page.keyboard.type(value)
  await page.keyboard.press('Enter')
}

/** Writes into the open issue's title, and leaves it. */
async function rename(page: Page, text: string): Promise<void> {
  await title(page).fill(text)
  await page.keyboard.press('Enter')
}

test('two edit; one undoes and redoes, across a reload; what the other did stays', async ({ visit }) => {
  const [a, b] = await Promise.all([visit(), visit('lin')])
  await create(a, 'Count the goats')
  await expect(row(b, 'Count the goats')).toBeVisible()
  await pick(a, 's', 'progress')
  await a.keyboard.press('Enter')
  await title(a).press('End')
  await title(a).pressSequentially(' twice', { delay: 20 })
  await a.keyboard.press('Enter')
  await row(b, 'Count the goats twice').click()
  await pick(b, 'p', 'Urgent')
  await pick(b, 'a', 'Noor')
  await expect(row(a, 'Count the goats twice').getByLabel('Assigned to Noor Haddad')).toBeVisible()
  await saved(a)

  await a.reload()
  await expect(title(a)).toHaveValue('Count the goats twice')
  // Letters that were typed in one go are undone in one.
  await expect(story(a).first()).toContainText('Lin Park assigned Noor Haddad')
  await a.keyboard.press('Control+z')
  await expect(toast(a, 'Undone: Edit the title')).toBeVisible()
  await expect(title(a)).toHaveValue('Count the goats')
  await a.keyboard.press('Control+z')
  await expect(toast(a, 'Undone: Move the issue to In progress')).toBeVisible()
  for (const page of [a, b]) {
    const goats = row(page, 'Count the goats')
    await expect(goats.getByLabel('Status: Todo')).toBeVisible()
    await expect(goats.getByLabel('Priority: Urgent')).toBeVisible()
    await expect(goats.getByLabel('Assigned to Noor Haddad')).toBeVisible()
  }
  await saved(a)
  await a.reload()
  await expect(story(a).first()).toContainText('undid')
  await a.keyboard.press('Control+Shift+z')
  await expect(toast(a, 'Redone: Move the issue to In progress')).toBeVisible()
  await a.getByRole('button', { name: 'Undo', exact: true }).click()
  await expect(toast(a, 'Undone: Move the issue to In progress')).toBeVisible()
  await command(a, 'Redo')
  await command(a, 'Redo: Edit')
  for (const page of [a, b]) {
    await expect(row(page, 'Count the goats twice').getByLabel('Status: In progress')).toBeVisible()
    await expect(row(page, 'Count the goats twice').getByLabel('Priority: Urgent')).toBeVisible()
  }
})

test('the slider shows the board as it was; nothing can be written there, and live edits keep arriving', async ({
  visit,
}) => {
  const [a, b] = await Promise.all([visit(), visit('lin')])
  await create(a, 'Milk the goats')
  // So that it is in sight wherever it goes.
  await pick(a, 'p', 'Urgent')
  await pick(a, 's', 'progress')
  await pick(a, 's', 'done')
  await saved(a)
  await a.keyboard.press('b')
  const column = (name: string): Locator => a.getByRole('region', { name })
  const card = (name: string): Locator => column(name).getByRole('article', { name: 'Milk the goats' })
  await expect(card('Done')).toBeVisible()

  await a.getByRole('button', { name: 'Time travel', exact: true }).click()
  await expect(slider(a)).toBeFocused()
  await a.keyboard.press('ArrowLeft')
  await expect(card('In progress')).toBeVisible()
  await expect(card('Done')).toHaveCount(0)
  await expect(a.getByText('Writes are off')).toBeVisible()
  await a.keyboard.press('ArrowLeft')
  await expect(card('Todo')).toBeVisible()

  // By mouse to where there was nothing yet.
  const box = (await slider(a).boundingBox())!
  await a.mouse.move(box.x + box.width / 2, box.y + box.height / 2)
  await a.mouse.down()
  await a.mouse.move(box.x + 1, box.y + box.height / 2, { steps: 8 })
  await expect(count(a)).toHaveText('0')
  await a.mouse.up()
  await a.keyboard.press('c')
  await expect(toast(a, 'nothing can be changed')).toBeVisible()
  await expect(a.getByRole('dialog')).toHaveCount(0)

  await command(b, 'Milk the goats')
  await expect(title(b)).toHaveValue('Milk the goats')
  await pick(b, 'a', 'Noor')
  await create(b, 'Shear the goats')
  await expect(a.getByRole('button', { name: 'Back to live 2 new' })).toBeVisible()
  await expect(count(a)).toHaveText('0')

  // It plays up to the present, and is live there.
  for (let i = 0; i < 4; i++) await a.getByRole('button', { name: 'Speed' }).click()
  await a.getByRole('button', { name: 'Play', exact: true }).click()
  await expect(a.getByText('Live', { exact: true })).toBeVisible({ timeout: 20_000 })
  await expect(card('Done').getByLabel('Assigned to Noor Haddad')).toBeVisible()
  await expect(count(a)).toHaveText('62')

  await slider(a).press('Home')
  await expect(count(a)).toHaveText('0')
  await a.keyboard.press('Escape')
  await expect(count(a)).toHaveText('62')
  await expect(a.getByText('Writes are off')).toHaveCount(0)
  await a.keyboard.press('Escape')
  await expect(slider(a)).toHaveCount(0)
})

test('an issue tells its story: who set what, how it was, and back', async ({ visit }) => {
  const [a, b] = await Promise.all([visit(), visit('lin')])
  await create(a, 'Name the goats')
  await row(b, 'Name the goats').click()
  await rename(b, 'Name all the goats')
  await pick(b, 's', 'review')
  await row(a, 'Name all the goats').click()
  await expect(story(a)).toContainText([
    'Lin Park moved this from Todo to In review',
    'Lin Park renamed this Name all the goats',
    'Mara Voss opened this',
  ])

  await panel(a).getByLabel('Status').hover()
  await expect(panel(a).getByText('Lin Park set the status')).toBeVisible()
  await title(a).hover()
  await expect(panel(a).getByText('Lin Park set the title')).toBeVisible()
  await panel(a).getByRole('button', { name: 'Restore Name the goats' }).click()
  for (const page of [a, b]) await expect(title(page)).toHaveValue('Name the goats')

  // To look at, then to have.
  await panel(a).getByRole('button', { name: 'Mara Voss opened this' }).click()
  await expect(panel(a).getByText('As Mara Voss left it')).toBeVisible()
  await expect(panel(a).getByLabel('Status')).toHaveText('Todo')
  await expect(title(a)).not.toBeEditable()
  await expect(title(b)).toHaveValue('Name the goats')
  await a.keyboard.press('Escape')
  await expect(panel(a).getByLabel('Status')).toHaveText('In review')
  await story(a).last().hover()
  await story(a).last().getByRole('button', { name: 'Restore this' }).click()
  for (const page of [a, b]) await expect(panel(page).getByLabel('Status')).toHaveText('Todo')
})

test('where two wrote at once one sees both values, and takes one', async ({ visit }) => {
  const [a, b] = await Promise.all([visit(), visit('lin')])
  await create(a, 'Goat')
  await row(b, 'Goat').click()
  await row(a, 'Goat').click()
  for (const page of [a, b]) await page.getByRole('switch', { name: 'Network' }).click()
  await rename(a, 'Mountain goat')
  await rename(b, 'Domestic goat')
  for (const page of [a, b]) await page.getByRole('switch', { name: 'Network' }).click()
  const hint = (page: Page): Locator => page.getByRole('region', { name: 'Written twice at once' })
  for (const page of [a, b]) await expect(hint(page)).toContainText('goat')
  const shown = await title(a).inputValue()
  await expect(title(b)).toHaveValue(shown)
  const lost = shown === 'Mountain goat' ? 'Domestic goat' : 'Mountain goat'
  await expect(hint(a)).toContainText(lost)
  await hint(a).getByRole('button', { name: 'Take this one' }).click()
  for (const page of [a, b]) {
    await expect(title(page)).toHaveValue(lost)
    await expect(hint(page)).toHaveCount(0)
  }
})
