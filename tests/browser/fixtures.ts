/**
 * Real Chromium for tests. Playwright's own contexts keep nothing on disk, so there are profiles with a folder: one for all
 * tests of a worker, where each is a site of its own, and `openProfile` for more of them, or for one again after `close` or
 * `kill`. Who only needs another person, whatever becomes of the disk, asks for a `guest`: a browser takes seconds to start.
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
  /** A tab of somebody else, whose storage is in memory and apart from everybody's. */
  guest: () => Promise<Page>
}

interface SharedFixtures {
  /** Whose tabs `context` and `page` are. */
  shared: Profile
}

export const test = base.extend<Fixtures, SharedFixtures>({
  shared: [({ launchOptions }, provide) => withProfile(launchOptions, provide), { scope: 'worker' }],
  openProfile: async ({ launchOptions }, provide) => {
    const folders = new Set<string>()
    const opened: Profile[] = []
    await provide(async (folder = createFolder()) => {
      folders.add(folder)
      const profile = await launch(folder, launchOptions)
      opened.push(profile)
      return profile
    })
    for (const profile of opened) await profile.close()
    for (const folder of folders) removeFolder(folder)
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
    await closeTabs(shared)
  },
  page: async ({ context }, provide) => provide(await context.newPage()),
})

const createFolder = (): string => mkdtempSync(join(tmpdir(), 'ibex-profile-'))
const removeFolder = (folder: string): void => rmSync(folder, { recursive: true, force: true, maxRetries: 5 })

type ProfileOptions = NonNullable<Parameters<typeof chromium.launchPersistentContext>[1]>

/** Gives `use` a new profile, which ends with it. */
export async function withProfile(options: ProfileOptions, use: (profile: Profile) => Promise<void>): Promise<void> {
  const folder = createFolder()
  const profile = await launch(folder, options)
  await use(profile)
  await profile.close()
  removeFolder(folder)
}

/** Closes what was opened in a profile; its first tab stays, because without its last one a browser may end. */
export async function closeTabs({ context, page }: Profile): Promise<void> {
  for (const each of context.pages()) if (each !== page) await each.close()
}

async function launch(folder: string, options: ProfileOptions): Promise<Profile> {
  const context = await chromium.launchPersistentContext(folder, { ...options, headless: true })
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
