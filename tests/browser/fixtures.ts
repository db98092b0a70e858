/**
 * Real Chromium for tests. Playwright's own contexts keep nothing on disk, so every test gets a profile of its own, in a
 * folder that goes when the test ends; `openProfile` opens more of them, or one again after `close` or `kill`.
 */
import { type BrowserContext, chromium, type Page } from '@playwright/test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test as base } from './site.js'

/** A running browser with a profile on disk: one person at one device. */
export interface Profile {
  readonly folder: string
  readonly context: BrowserContext
  /** The tab that it opened with. */
  readonly page: Page
  /** Ends the browser as a person does. */
  close(): Promise<void>
  /** Ends it with SIGKILL, in the middle of whatever it was doing. */
  kill(): Promise<void>
}

interface Fixtures {
  /** Opens a new profile, or one again whose browser has ended: `openProfile(profile.folder)`. */
  openProfile: (folder?: string) => Promise<Profile>
  profile: Profile
}

export const test = base.extend<Fixtures>({
  openProfile: async ({ launchOptions, baseURL }, provide) => {
    const folders = new Set<string>()
    const open = new Set<Profile>()
    await provide(async (folder = mkdtempSync(join(tmpdir(), 'ibex-profile-'))) => {
      folders.add(folder)
      const context = await chromium.launchPersistentContext(folder, {
        ...launchOptions,
        ...(baseURL === undefined ? {} : { baseURL }),
        headless: true,
      })
      const ended = new Promise<void>((resolve) => context.once('close', () => resolve()))
      const profile: Profile = {
        folder,
        context,
        page: context.pages()[0] ?? (await context.newPage()),
        close: async () => {
          open.delete(profile)
          await context.close()
        },
        kill: async () => {
          open.delete(profile)
          process.kill(await browserProcess(context), 'SIGKILL')
          await ended
        },
      }
      open.add(profile)
      return profile
    })
    for (const profile of open) await profile.close()
    for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  },
  profile: async ({ openProfile }, provide) => provide(await openProfile()),
  context: async ({ profile }, provide) => provide(profile.context),
  page: async ({ profile }, provide) => provide(profile.page),
})

/** The id of the browser's main process. */
async function browserProcess(context: BrowserContext): Promise<number> {
  const session = await context.browser()?.newBrowserCDPSession()
  const found = (await session?.send('SystemInfo.getProcessInfo'))?.processInfo.find(({ type }) => type === 'browser')
  if (!found) throw new Error('The browser does not tell its process.')
  return found.id
}

/** Ends a tab as a crash does; its page is gone when this resolves. */
export async function crashTab(page: Page): Promise<void> {
  const crashed = page.waitForEvent('crash')
  const session = await page.context().newCDPSession(page)
  // The answer never comes: who would send it is gone.
  void session.send('Page.crash').catch(() => {})
  await crashed
}

/** Lets `navigator.storage.persist()` be true on the pages of `origin`. */
export async function grantDurableStorage(context: BrowserContext, origin: string): Promise<void> {
  const session = await context.browser()?.newBrowserCDPSession()
  await session?.send('Browser.grantPermissions', { origin, permissions: ['durableStorage'] })
}
