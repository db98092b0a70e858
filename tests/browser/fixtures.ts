/**
 * Real Chromium for tests. Playwright's own contexts keep nothing on disk, so there are profiles with a folder: one for all
 * tests of a worker, where each is a site of its own, and `openProfile` for more of them, or for one again after `close` or
 * `kill`. Who only needs another person, whatever becomes of the disk, asks for a `guest`: a browser takes seconds to start.
 */
import { type BrowserContext, chromium, type LaunchOptions, type Page } from '@playwright/test'
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
  /** A tab of somebody else, whose storage is in memory and apart from everybody's. */
  guest: () => Promise<Page>
}

interface SharedFixtures {
  shared: Profile
}

export const test = base.extend<Fixtures, SharedFixtures>({
  shared: [
    async ({ launchOptions }, provide) => {
      const folder = mkdtempSync(join(tmpdir(), 'ibex-profile-'))
      const profile = await launch(folder, launchOptions)
      await provide(profile)
      await profile.close()
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
    },
    { scope: 'worker' },
  ],
  openProfile: async ({ launchOptions }, provide) => {
    const folders = new Set<string>()
    const opened: Profile[] = []
    await provide(async (folder = mkdtempSync(join(tmpdir(), 'ibex-profile-'))) => {
      folders.add(folder)
      const profile = await launch(folder, launchOptions)
      opened.push(profile)
      return profile
    })
    for (const profile of opened) await profile.close()
    for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  },
  guest: async ({ shared }, provide) => {
    const contexts: BrowserContext[] = []
    await provide(async () => {
      const context = await shared.context.browser()!.newContext()
      contexts.push(context)
      return context.newPage()
    })
    for (const context of contexts) await context.close()
  },
  context: async ({ shared }, provide) => {
    await provide(shared.context)
    // Without its last tab a browser may end.
    for (const page of shared.context.pages()) if (page !== shared.page) await page.close()
  },
  page: async ({ context }, provide) => provide(await context.newPage()),
})

async function launch(folder: string, launchOptions: LaunchOptions): Promise<Profile> {
  const context = await chromium.launchPersistentContext(folder, { ...launchOptions, headless: true })
  const ended = new Promise<void>((resolve) => context.once('close', () => resolve()))
  return {
    folder,
    context,
    page: context.pages()[0] ?? (await context.newPage()),
    close: () => context.close(),
    async kill() {
      process.kill(await browserProcess(context), 'SIGKILL')
      await ended
    },
  }
}

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
