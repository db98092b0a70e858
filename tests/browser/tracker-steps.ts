/** What people do in the demo, again and again. */
import { expect, type Locator, type Page } from '@playwright/test'

export const count = (page: Page): Locator => page.locator('.header .count')
export const row = (page: Page, title: string): Locator => page.getByRole('row').filter({ hasText: title })
export const saved = (page: Page): Promise<void> => expect(page.getByText('All saved')).toBeVisible()

/** Chooses from the command menu. */
export async function command(page: Page, title: string): Promise<void> {
  await page.keyboard.press('Control+k')
  await page.getByPlaceholder('Type a command').fill(title)
  await expect(page.getByRole('option', { selected: true })).toContainText(title)
  await page.keyboard.press('Enter')
}

export async function create(page: Page, title: string): Promise<void> {
  await page.keyboard.press('c')
  await page.getByRole('dialog').getByLabel('Title').fill(title)
  await page.keyboard.press('Control+Enter')
  await expect(page.getByRole('dialog')).toHaveCount(0)
}
