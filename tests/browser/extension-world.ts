/// <reference types="chrome" />
/** Real Chromium with the extension, as it is built; beside its own pages one for tests, a panel without a face. */
import { type BrowserContext, chromium, type LaunchOptions, type Page, type Worker } from '@playwright/test'
import { build as bundle } from 'esbuild'
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildExtension } from '../../scripts/extension.mjs'
import { closeTabs, type Profile, withProfile } from './fixtures.js'
import { test as base } from './site.js'
import { until } from './world.js'

/** A browser with the extension. */
export interface ExtensionBrowser {
  readonly context: BrowserContext
  readonly id: string
  /** The service worker as it runs now. */
  worker(): Promise<Worker>
  /** Opens a page with stores, as its query names them, in a new tab or in the one that is given. */
  visit(query: string, page?: Page): Promise<Page>
  /** A panel without a face, at a page. */
  probe(page: Page): Promise<Page>
  /** Opens a page of the extension, for a page. */
  open(file: string, page: Page): Promise<Page>
  /** Ends the service worker as the browser does when it was idle. */
  killWorker(): Promise<void>
}

interface Fixtures {
  launch: (options?: { readonly args?: readonly string[]; readonly access?: boolean }) => Promise<ExtensionBrowser>
  /** One for all tests of a worker; the tabs of each are closed after it. */
  browserWithExtension: ExtensionBrowser
}

interface WorkerFixtures {
  profileWithExtension: Profile
  /** Folders of the extension as it is loaded unpacked, by browser. */
  extension: { readonly chromium: string; readonly firefox: string; readonly withoutAccess: string }
}

/** Only an extension may open its own pages in Firefox: it does when a page comes whose address names one. */
const OPEN_OWN_PAGE = `chrome.tabs.onUpdated.addListener((id, { status }, { url }) => {
  const [, name] = /#(probe|panel)$/.exec(url ?? '') ?? []
  if (status === 'complete' && name) chrome.tabs.create({ url: chrome.runtime.getURL(name + '.html?tab=' + id) })
})`

/** The extension as built, with a page for tests, and given access: nobody is there to answer the browser's question. */
export async function buildForTests(outDir: string, access: boolean): Promise<void> {
  await buildExtension({ outDir })
  for (const browser of ['chromium', 'firefox']) {
    const folder = join(outDir, browser)
    await bundle({
      entryPoints: [join(import.meta.dirname, 'pages/panel-probe.ts')],
      outfile: join(folder, 'probe.js'),
      bundle: true,
      format: 'esm',
      define: { 'process.env.NODE_ENV': '"production"' },
      logLevel: 'error',
    })
    writeFileSync(join(folder, 'probe.html'), '<!doctype html><script type="module" src="probe.js"></script>')
    if (browser === 'firefox') appendFileSync(join(folder, 'service-worker.js'), OPEN_OWN_PAGE)
    const file = join(folder, 'manifest.json')
    const manifest = JSON.parse(readFileSync(file, 'utf8')) as { optional_host_permissions: string[] }
    if (access)
      writeFileSync(file, JSON.stringify({ ...manifest, host_permissions: manifest.optional_host_permissions }))
  }
}

export const test = base.extend<Fixtures, WorkerFixtures>({
  extension: [
    // Playwright reads here which fixtures it needs.
    // oxlint-disable-next-line no-empty-pattern
    async ({}, provide) => {
      const folder = mkdtempSync(join(tmpdir(), 'ibex-extension-'))
      await buildForTests(join(folder, 'given'), true)
      await buildForTests(join(folder, 'asking'), false)
      await provide({
        chromium: join(folder, 'given/chromium'),
        firefox: join(folder, 'given/firefox'),
        withoutAccess: join(folder, 'asking/chromium'),
      })
      rmSync(folder, { recursive: true, force: true })
    },
    { scope: 'worker', timeout: 90_000 },
  ],
  profileWithExtension: [
    ({ extension, launchOptions }, provide) => withProfile(optionsFor(extension.chromium, launchOptions), provide),
    { scope: 'worker' },
  ],
  launch: async ({ extension, launchOptions, site }, provide) => {
    const opened: { context: BrowserContext; folder: string }[] = []
    await provide(async ({ args = [], access = true } = {}) => {
      const folder = mkdtempSync(join(tmpdir(), 'ibex-profile-'))
      const path = access ? extension.chromium : extension.withoutAccess
      const context = await chromium.launchPersistentContext(folder, {
        ...optionsFor(path, launchOptions, args),
        headless: true,
      })
      opened.push({ context, folder })
      return withExtension(context, site)
    })
    for (const { context, folder } of opened) {
      await context.close()
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
    }
  },
  browserWithExtension: async ({ profileWithExtension, site }, provide) => {
    await provide(await withExtension(profileWithExtension.context, site))
    await closeTabs(profileWithExtension)
  },
})

/** How a browser is launched with the extension in a folder. */
const optionsFor = (extension: string, launchOptions: LaunchOptions, args: readonly string[] = []) => ({
  ...launchOptions,
  viewport: null,
  args: [
    ...(launchOptions.args ?? []),
    `--disable-extensions-except=${extension}`,
    `--load-extension=${extension}`,
    '--window-size=1400,900',
    ...args,
  ],
})

async function withExtension(context: BrowserContext, site: string): Promise<ExtensionBrowser> {
  const worker = async (): Promise<Worker> =>
    context.serviceWorkers()[0] ?? (await context.waitForEvent('serviceworker'))
  const id = new URL((await worker()).url()).host

  const open = async (file: string, page: Page): Promise<Page> => {
    const url = page.url()
    const tab = await (
      await worker()
    ).evaluate(async (wanted) => (await chrome.tabs.query({})).find((each) => each.url === wanted)?.id, url)
    const opened = await context.newPage()
    await opened.goto(`chrome-extension://${id}/${file}?tab=${tab}`)
    return opened
  }

  return {
    context,
    id,
    worker,
    open,
    async visit(query, page) {
      const tab = page ?? (await context.newPage())
      await tab.goto(`${site}/inspected.html?${query}`)
      await until(tab, () => document.title === 'ready')
      return tab
    },
    probe: (page) => open('probe.html', page),
    async killWorker() {
      const page = await context.newPage()
      await page.goto(`chrome-extension://${id}/grant.html`)
      const session = await context.newCDPSession(page)
      await session.send('ServiceWorker.enable')
      await session.send('ServiceWorker.stopAllWorkers')
      await page.close()
    },
  }
}
