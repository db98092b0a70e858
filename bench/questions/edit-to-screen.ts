import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bench, openBrowser } from '../browser.js'
import { median } from '../measure.js'
import type { Question } from '../question.js'
import type { screen } from '../screens/main.js'

/** Milliseconds between two edits: each finds everybody at rest. */
const REST = 400

type Screen = { readonly shared: typeof screen }

export const question: Question = {
  name: 'edit-to-screen',
  title: 'From an edit to the other screen: isolated edits, two Chromium profiles, a server on the same machine',
  unit: 'ms',
  variants: [{ key: 'median', title: 'median', size: 1, target: 10 }],
  peers: ['ibex', 'yjs'],
  async run(peer, _variant, effort) {
    const folder = mkdtempSync(join(tmpdir(), 'ibex-bench-'))
    const closing: (() => Promise<unknown>)[] = [
      async () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }),
    ]
    try {
      const site = join(folder, 'site')
      await buildSite(peer, site)
      const { servers } = await import('../screen-servers.js')
      const server = await servers[peer]!(site, join(folder, 'data'))
      closing.push(server.close)
      const pages = []
      for (const name of ['first', 'second']) {
        const browser = await openBrowser(join(folder, name))
        closing.push(browser.close)
        await browser.page.goto(`${server.url}#${name}`)
        await browser.page.waitForFunction(() => 'shared' in globalThis)
        await browser.page.evaluate(() => (globalThis as unknown as Screen).shared.ready)
        pages.push(browser.page)
      }
      const [first, second] = pages as [(typeof pages)[0], (typeof pages)[0]]
      const times: number[] = []
      const edits = effort.measure < 200 ? 20 : 200
      for (let i = -10; i < edits; i++) {
        const title = `title ${i}`
        const shown = second.evaluate((title) => (globalThis as unknown as Screen).shared.shows(title), title)
        await new Promise((resolve) => setTimeout(resolve, REST))
        const edited = await first.evaluate((title) => (globalThis as unknown as Screen).shared.set(title), title)
        const took = (await shown) - edited
        if (i >= 0) times.push(took)
      }
      times.sort((a, b) => a - b)
      return { value: median(times), more: { '99th percentile': times[Math.ceil(times.length * 0.99) - 1]!, edits } }
    } finally {
      for (const close of closing.reverse()) await close()
    }
  },
}

/** The page as an app's build makes it, with its workers. */
async function buildSite(peer: string, site: string): Promise<void> {
  const { build } = await import('vite')
  const root = join(bench, 'screens')
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    worker: { format: 'es' },
    resolve: {
      alias: [
        { find: './opener.js', replacement: join(root, `${peer}.ts`) },
        { find: /^ibex-state$/, replacement: join(bench, '../src/index.ts') },
      ],
    },
    build: { outDir: site, emptyOutDir: true, target: 'es2022' },
  })
}
